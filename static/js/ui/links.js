/** Links that carry the state: tasks, languages, and the phone's bar of tasks. */
import { byId, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { onChange, setState, state, toQuery } from "../state.js";

/** @type {{task: State["task"], icon: string}[]} */
const TASKS = [{ task: "find", icon: "search" }, { task: "coverage", icon: "ring" }, { task: "place", icon: "flow" }, { task: "plan", icon: "bars" }];

/** The plan has no chosen site: its map shows the whole city. @param {State["task"]} task @returns {Partial<State>} */
const stateOf = (task) => (task === "plan" || task === "place" ? { task, site: "", unit: "", point: null, zoom: null, center: null } : { task, zoom: null, center: null });

/** @param {State["task"]} task @returns {(event: MouseEvent) => void} */
const follow = (task) => (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (task !== state.task) setState(stateOf(task), { push: true, origin: "task" });
};

function sync() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-task]"))) {
    const task = /** @type {State["task"]} */ (link.dataset.task);
    link.href = `?${toQuery({ ...state, ...stateOf(task) })}`;
    if (task === state.task) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-lang]"))) {
    const query = new URLSearchParams(toQuery(state));
    query.set("lang", link.dataset.lang ?? "zh");
    link.href = `?${query.toString()}`;
  }
}

export function bindLinks() {
  byId("taskbar").append(...TASKS.map((item) => h("a", { class: "taskbar-item", href: `?task=${item.task}`, "data-task": item.task, "data-testid": `bar-${item.task}` }, icon(item.icon), h("span", {}, t(`task.${item.task}`)))));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-task]"))) {
    link.addEventListener("click", follow(/** @type {State["task"]} */ (link.dataset.task)));
  }
  onChange(sync);
  sync();
}
