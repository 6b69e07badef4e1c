/** Amenity tiles drawn at run time: a square for facilities, a circle for small venues. */
import { familyOf, PATHS } from "../icons.js";
import { token } from "./theme.js";

const SIZE = 20;
const RATIO = 3;

/** @param {CanvasRenderingContext2D} pen @param {string} category */
function drawTile(pen, category) {
  const family = familyOf(category);
  pen.scale(RATIO, RATIO);
  pen.beginPath();
  if (family === "facility") pen.roundRect(1, 1, SIZE - 2, SIZE - 2, 5);
  else pen.arc(SIZE / 2, SIZE / 2, SIZE / 2 - 1, 0, Math.PI * 2);
  pen.fillStyle = token(`--${family}`);
  pen.fill();
  pen.lineWidth = 1.2;
  pen.strokeStyle = token("--surface");
  pen.stroke();
  pen.translate(4, 4);
  pen.scale((SIZE - 8) / 24, (SIZE - 8) / 24);
  pen.lineWidth = 2.6;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = token("--on-icon");
  pen.stroke(new Path2D(PATHS[category] ?? PATHS.pin));
}

/**
 * The picture of an amenity category for `map.addImage`.
 * @param {string} category
 * @returns {{data: ImageData, pixelRatio: number} | null}
 */
export function amenityImage(category) {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE * RATIO;
  canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  drawTile(pen, category);
  return { data: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: RATIO };
}
