/** The ledger as it was read: all lines, the counts, and the project that is open. */
import { boot } from "../boot.js";
import { state } from "../state.js";
import { ask, Loaded } from "./ask.js";

/** @typedef {{kind: string, kind_label: string, id: string, name: string}} Party */
/** @typedef {{project_id: string, name: string, industry: string, industry_name: string, home_county: string, home_county_name: string, current_site: string, current_site_name: string, state: string, state_label: string, state_on: string, lost_why: string, owner: string, holder: Party | null, next_step: string, due_on: string | null, overdue: boolean, site_id: string, site_name: string, unit_ids: string[], place_adcode: string, landed_county: string, landed_county_name: string, local: boolean | null, published: boolean, demo: boolean, updated_at: string, version: number}} Line */
/** @typedef {{id: string, kind: string, kind_label: string, at: string, on: string | null, by: string, from_state: string | null, to_state: string | null, note: string, from: Party | null, to: Party | null, source: string, source_label: string, reference: string, undoes: string, answers: string, before: Dict<any>, after: Dict<any>}} LedgerEvent */
/** @typedef {Line & {handover: LedgerEvent | null, events: LedgerEvent[]}} Detail */
/** @typedef {{key: string, label: string, count: number, project_ids: string[]}} Group */
/** @typedef {{target: number, done: number, moved_in: number, signed: number, elsewhere: number, unknown: number, share: number, records: Dict<string[]>, source: string, note: string}} Graduates */
/** @typedef {{total: number, by_state: Group[], by_owner: Group[], overdue: Group, graduates: Graduates}} Summary */

const PATH = "/api/v1/ledger";
/** Entries that are listed beside a project. */
const MOST_OFFERS = 5;
/** What of the plan's figure opens to its rows. */
export const FIGURES = ["done", "moved_in", "signed", "elsewhere", "unknown"];

export class LedgerData {
  /** @param {() => void} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {Loaded<{lines: Line[], summary: Summary}>} */
    this.all = new Loaded(tell);
    /** @type {Loaded<Detail>} */
    this.one = new Loaded(tell);
    /** Entries that suit the open project. @type {Loaded<import("./entries_data.js").Entry[]>} */
    this.offers = new Loaded(tell);
  }

  forget() {
    this.all.forget();
    this.one.forget();
    this.offers.forget();
  }

  reload() {
    this.all.load("all", async (signal) => {
      const [page, summary] = await Promise.all([ask(PATH, { query: { limit: 10_000 }, signal }), ask(`${PATH}/summary`, { signal })]);
      return { lines: page.items, summary };
    });
  }

  /** @param {string} id */
  open(id) {
    this.one.load(id, (signal) => ask(pathOf(id), { signal }));
  }

  /** @param {string} id */
  offer(id) {
    this.offers.load(id, async (signal) => (await ask("/api/v1/entries", { query: { for_project: id, limit: MOST_OFFERS }, signal })).items);
  }

  /** A line was changed: it is shown at once, the counts follow. @param {Detail} detail */
  took(detail) {
    this.one.latest.stop();
    Object.assign(this.one, { data: detail, key: detail.project_id, error: null, loading: false });
    if (this.all.data) {
      const { lines } = this.all.data;
      const known = lines.some((line) => line.project_id === detail.project_id);
      this.all.data.lines = known ? lines.map((line) => (line.project_id === detail.project_id ? detail : line)) : [detail, ...lines];
    }
    this.reload();
    this.tell();
  }
}

/** @param {string} id @param {string} [more] @returns {string} */
export const pathOf = (id, more = "") => `${PATH}/${encodeURIComponent(id)}${more}`;

/** Say what happened. @param {Detail} line @param {Dict<any>} body @returns {Promise<Detail>} */
export const sendEvent = (line, body) => ask(pathOf(line.project_id, "/events"), { method: "POST", body: { version: line.version, ...body } });

/** @param {Line} line @returns {string} where it goes, "" where that is open */
export const placeOf = (line) => line.site_name || line.site_id || line.landed_county_name;

/** @type {Dict<(line: Line) => string>} */
const KEYS = {
  name: (line) => line.name, home: (line) => line.home_county, owner: (line) => line.owner || "\uffff", due: (line) => line.due_on ?? "9999", place: (line) => placeOf(line) || "\uffff",
  state: (line) => String(["found", "screened", "recommended", "visited", "signed", "moved_in", "producing", "lost"].indexOf(line.state)),
};

/** The rows that the filters of the address leave, in their order. @param {Line[]} lines @param {Summary} summary @returns {Line[]} */
export function rowsOf(lines, summary) {
  const { ledger_state: wanted, ledger_only: only, ledger_county: adcode, ledger_owner: owner, ledger_sort: sort } = state;
  const said = state.ledger_q.trim().toLowerCase();
  const ids = !only ? null : new Set(only === "late" ? summary.overdue.project_ids : summary.graduates.records[only] ?? []);
  const found = lines.filter((line) => (!wanted || line.state === wanted) && (!ids || ids.has(line.project_id)) && (!adcode || line.home_county === adcode) && (!owner || line.owner === owner)
    && (!said || [line.name, line.project_id, line.industry_name, line.site_name, line.owner, line.next_step, line.holder?.name].join(" ").toLowerCase().includes(said)));
  const key = KEYS[sort.replace(/^-/, "")];
  if (!key) return found;
  const way = sort.startsWith("-") ? -1 : 1;
  const order = new Intl.Collator(boot.lang === "zh" ? "zh-CN" : "en");
  return [...found].sort((a, b) => way * order.compare(key(a), key(b)) || order.compare(a.name, b.name));
}

/** The last event that still stands and can be taken back here; null where the first one is left. @param {Detail} detail @returns {LedgerEvent | null} */
export function lastOf({ events }) {
  const gone = goneOf(events);
  const last = [...events].reverse().find((one) => one.kind !== "undo" && !gone.has(one.id));
  return !last || last.kind === "added" ? null : last;
}

/** @param {LedgerEvent[]} events @returns {Set<string>} those that were taken back */
export const goneOf = (events) => new Set(events.map((one) => one.undoes).filter(Boolean));
