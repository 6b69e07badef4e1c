/** Where the page starts: its texts and its map, then its parts. */
import { boot } from "./boot.js";
import { byId, h } from "./dom.js";
import { loadTexts, t } from "./i18n.js";
import { Page } from "./page.js";
import { startState, state } from "./state.js";
import { startMatch } from "./find/match.js";
import { MapView } from "./map/view.js";
import { bindKeys } from "./ui/dialog.js";
import { bindLinks } from "./ui/links.js";
import { fillFoot } from "./ui/print.js";

/** Without texts or a map the page says so instead of standing empty. @param {string} place @param {string} text */
function say(place, text) {
  byId(place).replaceChildren(h("p", { class: "failure", role: "alert", "data-testid": "page-failure" }, text));
}

/** The map of a link is made beside its drawer: the centre in the link is that of what is left. */
function openDrawer() {
  const open = Boolean(state.site || state.point || (state.county && state.task === "coverage"));
  byId("drawer").hidden = !open;
  document.body.classList.toggle("with-drawer", open);
}

async function start() {
  startState();
  document.body.dataset.task = state.task;
  openDrawer();
  startMatch();
  const view = new MapView();
  const started = view.begin("map", state.center, state.zoom);
  await loadTexts();
  const page = new Page(view);
  bindLinks();
  bindKeys({ search: () => page.toSearch(), escape: () => page.escape() });
  page.start();
  fillFoot();
  window.addEventListener("beforeprint", fillFoot);
  if (!(await started)) say("map", t("map.failed"));
}

start().catch((error) => {
  console.error(error);
  say("panel-body", `${boot.lang === "en" ? "The page could not start. Reload it." : "页面没有打开，请刷新。"}`);
});
