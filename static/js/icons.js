/** Line icons on a 24 grid, used in the page as SVG and on the map as canvas paths. */
import { svg } from "./dom.js";
import { FACILITIES } from "./boot.js";

/** @type {Dict<string>} */
export const PATHS = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16.2 16.2 21 21",
  close: "M6 6l12 12M18 6 6 18",
  layers: "M12 4 3.500 8.500 12 13l8.500-4.500zM3.500 12.500 12 17l8.500-4.500M3.500 16.200 12 20.700l8.500-4.500",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  locate: "M12 6.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11M12 2.500v4M12 17.500v4M2.500 12h4M17.500 12h4",
  filter: "M4 7h16M7 12h10M10 17h4",
  chevron: "M7 10l5 5 5-5",
  link: "M10 14l4-4M8.500 11.500 6.300 13.700a3 3 0 0 0 4.200 4.200l2.200-2.200M15.500 12.500l2.200-2.200a3 3 0 0 0-4.200-4.200l-2.200 2.200",
  print: "M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z",
  star: "M12 4l2.400 5.200 5.600.700-4.100 3.900 1.100 5.600L12 16.600 7 19.400l1.100-5.600L4 9.900l5.600-.700z",
  code: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 14h2M14 18v2M18 17v3M20 20h-2",
  ring: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 10.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3",
  bars: "M5 20v-6M10 20V9M15 20v-9M20 20V5",
  flow: "M5.500 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.500 15c0-6 3.500-9 12-9M14 3l4 3-4 3",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  more: "M6 12h.1M12 12h.1M18 12h.1",
  upload: "M12 16V5M7.500 9.500 12 5l4.500 4.500M5 19h14",
  block: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M6.500 6.500l11 11",
  alert: "M12 4 2.800 19.500h18.400zM12 10v4.500M12 17h.1",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.500 11h13v9h-13z",
  pin: "M12 21s6.500-6.200 6.500-11a6.500 6.500 0 0 0-13 0C5.500 14.800 12 21 12 21M12 7.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400",
  youth_housing: "M4 6v12M4 15h16v3M20 15v-3a2 2 0 0 0-2-2h-7v5M7.500 9.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3",
  transit: "M6 5h12v11H6zM6 11h12M8 16v3M16 16v3M9 13.500h.1M15 13.500h.1",
  retail: "M6 9h12l-1 10H7zM9 9V7.500a3 3 0 0 1 6 0V9",
  education_health: "M10 4.500h4V10h5.500v4H14v5.500h-4V14H4.500v-4H10z",
  leisure: "M12 4a5 5 0 1 0 0 10 5 5 0 0 0 0-10M12 10v10M8.500 20h7",
  learning: "M3 9.500 12 5.500l9 4-9 4zM7 11.500V16c2.500 2 7.500 2 10 0v-4.500M21 9.500V15",
  bar: "M5 5h14l-7 7.500zM12 12.500V19M8.500 19.500h7",
  theatre: "M5 5c4 1.500 10 1.500 14 0v7c0 4-3.500 7-7 7s-7-3-7-7zM9 10.500h.1M15 10.500h.1M9 14.500c2 1.500 4 1.500 6 0",
  cafe: "M5 9h11v5a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10.500h1.500a2 2 0 0 1 0 4.500H16M9 4v2M12 4v2",
  bookshop: "M12 7C10 5.200 7 5 4.500 5.500v12C7 17 10 17.200 12 19c2-1.800 5-2 7.500-1.500v-12C17 5 14 5.200 12 7zM12 7v12",
  cinema: "M4.500 6h15v12h-15zM10 9.500v5l4.500-2.500z",
  practice_room: "M9 17.500V6.500l9-1.500v11M7 15.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4M16 14a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
};

/** An icon for the page. @param {string} name @param {string} [size] @returns {SVGElement} */
export function icon(name, size = "") {
  const path = svg("path", { d: PATHS[name] ?? PATHS.pin });
  return svg("svg", { class: `icon ${size}`.trim(), viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}

/** The tile of an amenity category: a square for facilities, a circle for small venues. @param {string} category */
export function familyOf(category) {
  return FACILITIES.includes(category) ? "facility" : "venue";
}
