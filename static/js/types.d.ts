/* Shapes of what the server says (the HTTP contract), shared by all modules. */
type Dict<T> = { [key: string]: T };
/** MapLibre's own objects: its types are not shipped with the vendored modules. */
type Any = any;
type LonLat = [number, number];

interface BootCounty { adcode: string; name: string; short: string; bounds: number[]; label: LonLat }
interface BootLayer { id: string; title: string; geometry: string; minzoom: number; maxzoom: number; legend?: Any; style?: Any; tiles: string }
interface BootIndustry { id: string; name: string; parent: string }
interface BootProfile { id: string; name: string; version?: string; minutes?: number[] | number; speed_kmh?: number }
/* Groups of `labels`, members in the order of geomap/domain/words.py: unit_kind, unit_status, stage, level,
   precision, amenity_category, service, platform, permitted_use, indicator. `today` is the day in the city. */
interface Boot {
  lang: "zh" | "en"; version: string; demo: boolean;
  region: { name: string; bounds: number[]; center: LonLat };
  approval_number: string; attribution: string;
  layers: BootLayer[];
  labels: Dict<Dict<string>>;
  /* Usual weight of each criterion of a match. */
  weights: Dict<number>;
  counties: BootCounty[];
  reporting_units: { id: string; name: string }[];
  industries: BootIndustry[];
  profiles: BootProfile[];
  /* Whether mails are sent from here. */
  mail: boolean;
  texts?: string; today?: string;
}

interface Requires { [key: string]: number | boolean | string | undefined }
interface Demand {
  stage?: string; industry?: string; headcount?: number;
  area_m2?: { min?: number; max?: number };
  rent_cny_m2_month_max?: number; budget_cny_month_max?: number;
  unit_kinds?: string[]; counties?: string[]; move_in?: string;
  requires?: Requires; services?: string[]; platforms?: string[]; amenities?: string[];
  near?: { lon: number; lat: number; minutes: number }; within?: { type: "Polygon"; coordinates: number[][][] };
  combine_adjacent?: boolean; weights?: Dict<number>;
}
interface State {
  task: "find" | "coverage" | "place" | "plan";
  demand: Demand;
  site: string; unit: string; point: LonLat | null;
  zoom: number | null; center: LonLat | null;
  profile: string; missing: string; year: string; indicator: string; reporting_unit: string; layers: string;
  /* The sentence that was said. */
  said: string;
  /* The token of a saved search that a link opens. */
  saved: string;
  /* Units side by side, joined by commas. */
  compare: string;
  /* 看配套: which part of the panel, how scores are grouped, the chosen county, the filter of the gaps. */
  view: string; by: string; county: string; gap_county: string; gap_sort: string; gap_q: string;
  /* A repair as category:k:weight:mode:counties; edits of a draft; the token of a saved scenario. */
  repair: string; edits: string; scenario: string;
  /* 落项目: which part, the allocation shown and the one beside it, the chosen project, and how the table is filtered. */
  desk: string; allocation: string; against: string; project: string; step: string; place_q: string; place_sort: string; place_county: string;
  /* 台账, 对接会, 清单: what is open, and how each is filtered. */
  meeting: string; ledger_state: string; ledger_only: string; ledger_q: string; ledger_county: string; ledger_owner: string; ledger_sort: string;
  entry: string; entry_kind: string; entry_q: string; entry_county: string; entry_industry: string; entry_stage: string; entry_sort: string;
}

interface Criterion { name: string; label: string; weight: number; fit: number; points: number; reason: string }
interface CandidateUnit {
  id: string; building: string; floor: number | null; room: string; kind: string; area_m2: number;
  rent_cny_m2_month: number | null; month_cny: number | null; status: string; free_from: string | null;
  verified_at: string | null; desks: number | null; demo: boolean;
}
interface CandidateSite { id: string; name: string; lon: number | null; lat: number | null; adcode: string; county: string; level: string | null; operator: string }
interface Candidate {
  unit_id: string; unit_ids: string[]; site_id: string; score: number; criteria: Criterion[];
  /* Several adjacent units taken together, and how fresh the listing is. */
  combined: { units: number; area_m2: number; rent_cny_m2_month: number | null; month_cny: number | null } | null;
  freshness: { state: string; label: string; verified_at: string | null; due: string | null };
  unit: CandidateUnit; site: CandidateSite }
interface Relaxation { rule: string; label: string; opens: number; patch: Dict<Any> }
interface MatchSite { id: string; name: string; lon: number | null; lat: number | null; adcode: string; units: number; vacant_m2: number; score: number; rank: number }
interface Histogram { edges: number[]; counts: number[] }
interface Facets { unit_kinds: Dict<number>; counties: Dict<number>; rent: Histogram; area: Histogram }
interface MatchAnswer {
  total: number; sites_total: number; next: Any; candidates: Candidate[];
  rejected: Dict<number>; rejected_labels: Dict<string>; relaxations: Relaxation[];
  sites: MatchSite[]; facets?: Facets;
}

interface SiteUnit {
  id: string; room: string; kind: string; area_m2: number; status: string; rent_cny_m2_month: number | null;
  free_from: string | null; verified_at: string | null; [key: string]: Any;
}
interface SiteFloor { floor: number | null; units: SiteUnit[] }
interface SiteBuilding { name: string; vacant: number; floors: SiteFloor[] }
interface SiteDetail {
  id: string; name: string; lon: number | null; lat: number | null; adcode: string; county: string;
  reporting_unit: string; reporting_unit_name: string; county_mismatch: boolean; level: string | null;
  stages: string[]; industries: { id: string; name: string }[]; operator: string; area_m2: number | null;
  vacant_m2: number; vacant_count: number; rent: { min: number | null; max: number | null } | null;
  services: string[]; platforms: string[]; state_owned: boolean | null; opened_on: string | null; address: string;
  source: string; source_date: string | null; precision: string; note: string; reference: boolean; demo: boolean;
  verified_at: string | null; buildings: SiteBuilding[];
  coverage: { profile: string; categories: Dict<Any>; total: number; missing: string[] } | null;
  history: { month: string; vacant_m2: number; leased_m2: number; tenants: number }[];
}
interface RingPlace { id: string; name: string; walk_m: number; walk_min: number; lon?: number; lat?: number }
interface RingCategory { count: number; nearest: RingPlace | null; items: RingPlace[] }
interface Ring {
  type: "Feature"; geometry: Any;
  properties: { minutes: number; speed_kmh: number; snapped_m: number | null; area_m2: number; network: string; truncated?: boolean; amenities: Dict<RingCategory> };
}
interface SearchItem { type: string; id: string; name: string; detail: string; lon: number | null; lat: number | null; bounds?: number[] }
/* by=county: score is the mean of its sites, sites how many have a ring, passed how many meet the profile.
   by=site: score of the site, with its place. total is the number of categories that the profile names.
   categories: of a site {count, nearest_m}, of a county {missing: sites that lack it, count, nearest_m}. */
interface CoverageItem {
  id: string; name: string; adcode?: string; score: number | null; total: number; categories: Dict<Any>;
  sites?: number; passed?: number; lon?: number | null; lat?: number | null;
}
/* histogram[i]: sites that meet i requirements, i = 0…12; missing: sites that lack a category, most first. */
interface Freshness { version: string; count: number; sources: { name: string; count: number; from: string | null; to: string | null; demo: boolean }[] }
interface CoverageAnswer { profile: string; by: string; network: string | null; amenities: Freshness; items: CoverageItem[]; missing: { category: string; sites: number }[]; histogram: number[] }
/* Units of figures: 10k_m2 or count, as the annex prints them. GET /plan/progress without a year lists all years. */
interface ProgressItem {
  reporting_unit: string; reporting_unit_name: string; year: number; indicator: string; target: number | null;
  actual: number | null; share: number | null; unit: string; demo: boolean; note: string;
}
/* GET /plan/records?reporting_unit&year&indicator: the records that a figure counts. */
interface PlanRecord { id: string; name: string; value: number | null; date: string | null; demo: boolean }
/* GET /coverage/gaps: one row a site and unmet requirement; walk_m and over_m are null beyond a walk of 3 km. */
interface Gap {
  site_id: string; site: string; adcode: string | null; county: string | null; category: string; requirement: string; have: number; need: number;
  nearest_id: string | null; nearest: string | null; straight_m: number | null; walk_m: number | null; limit_m: number; over_m: number | null;
  score: number; total: number; demo: boolean;
}
interface GapsAnswer { items: Gap[]; total: number; next: string | null; sites: number; limit_m: number }
/* GET /coverage/compare: each profile on one place, and the circle of the same radius; shares are circle ÷ ring − 1. */
interface Verdict {
  profile: string; name: string; version: string; source: string; rule: string; minutes: number; speed_kmh: number; limit_m: number;
  passed: boolean; score: number; total: number; area_m2: number; truncated: boolean;
  requirements: { label: string; categories: string[]; need: number; have: number; met: boolean; circle_have: number; circle_met: boolean }[];
  circle: { radius_m: number; area_m2: number; passed: boolean; score: number; overstates_area: number; overstates_amenities: number | null };
}
interface CompareAnswer { site_id: string | null; lon: number; lat: number; network: string; amenities: Freshness; items: Verdict[] }
interface LackingTown { id: string; name: string; adcode: string; county: string; sites: number; lon: number | null; lat: number | null }
interface LackingAnswer {
  sites: number; towns: LackingTown[]; towns_without: number; sites_without_town: number;
  industries: { id: string; name: string; sites: number; without: string[] }[]; industries_without: number; sites_without_industry: number;
}
/* POST /coverage/whatif: today and with the edits. */
interface Pair<T> { before: T | null; after: T | null }
interface ToldEdit { edit: "drop_amenities" | "drop_sites" | "drop_streets" | "add_amenities"; index: number; ok: boolean; reason: string | null; id: string | null; name: string | null; lon: number | null; lat: number | null; length_m: number | null; geometry: Any }
interface ChangedSite { id: string; name: string; lon: number | null; lat: number | null; adcode: string | null; change: "changed" | "added" | "dropped" | "cut_off"; street_gone: boolean; score: Pair<number>; total: number; passed: Pair<boolean>; gained: string[]; lost: string[]; categories: { category: string; count: Pair<number>; nearest: Pair<{ id: string; name: string; walk_m: number }> }[] }
interface WhatIf {
  profile: string; demo: boolean; network: Pair<string>; unchanged: number; changed: ChangedSite[]; edits: ToldEdit[]; ring: { before: Ring; after: Ring | null; reason: string | null } | null;
  summary: { total: number; sites: Pair<number>; mean: Pair<number>; passed: Pair<number>; changed: number; worse: number; better: number; cut_off: number; counties: { adcode: string; name: string; sites: Pair<number>; mean: Pair<number>; passed: Pair<number> }[] };
}
/* POST /coverage/repair: where the next k facilities close most gaps. */
interface RepairPlace {
  rank: number; lon: number; lat: number; street: string; near: string; closes: { sites: number; weight: number };
  sites: { id: string; name: string; adcode: string; walk_m: number; walk_min: number; score_before: number; score_after: number; total: number }[];
}
interface RepairAnswer {
  profile: string; category: string; k: number; weight: string; mode: string; limit_m: number; bound: number; guarantee: number | null; gap: number | null; proven: boolean;
  gaps_before: { sites: number; weight: number }; gaps_after: { sites: number; weight: number }; places: RepairPlace[]; unreachable: string[]; unweighted?: number; candidates: number;
}
/* 落项目. A project is a demand with where it comes from; POST /placements answers where each one goes. */
type PlaceStep = "local" | "other_county" | "state_owned_park" | "custom_build";
interface PlaceProject extends Demand {
  id: string; name?: string; home_county: string; current_site?: string; priority?: number; growth_headcount?: number; chain_position?: string; demo?: boolean;
}
interface PlacePolicy {
  weights?: Dict<number>; margins?: Dict<number>; steps?: PlaceStep[]; time_limit_s?: number;
  pins?: { project_id: string; unit_ids: string[] }[]; forbids?: { project_id: string; unit_id?: string; site_id?: string }[]; reserved?: string[]; keep?: Dict<string[]>;
}
interface PlaceEnd { site_id?: string; name?: string; adcode?: string; lon: number | null; lat: number | null }
interface PlaceTried { step: PlaceStep; label: string; outcome: string; candidates: number; best_score: number | null; rejected: Dict<number>; rejected_labels: Dict<string>; reason: string; taken_by: string[] }
interface PlaceUnit { id: string; building: string; floor: number | null; room: string; kind: string; area_m2: number; desks: number | null; whole: boolean }
interface PlaceAlternative { unit_ids: string[]; site_id: string; site_name: string; adcode: string; step: PlaceStep; score: number; value: number; lon: number | null; lat: number | null; taken_by: string[] }
interface PlaceListing { id: string; name: string; adcode: string; lon: number | null; lat: number | null; idle_plant: boolean }
interface PlaceBuild { floor_area_m2: number; needs: string; listing: PlaceListing | null }
interface Placement {
  project_id: string; name: string; industry: string; area_m2: number | null; headcount: number | null; unit_ids: string[]; units: PlaceUnit[];
  site_id: string; site_name: string; adcode: string; step: PlaceStep; step_label: string; score: number | null; value: number; rank: number; pinned: boolean;
  criteria: Criterion[]; reason: string; tried: PlaceTried[]; from: PlaceEnd | null; to: PlaceEnd | null; distance_m: number | null; stays: boolean;
  alternatives: PlaceAlternative[]; build: PlaceBuild | null; demo: boolean;
}
interface Unplaced {
  project_id: string; name: string; reason: string; tried: PlaceTried[]; build: PlaceBuild | null; relaxations: Relaxation[]; from: PlaceEnd | null; home_county: string;
}
interface PlaceFigures { placed: number; projects: number; local: number; local_share: number | null; mean_score: number | null; area_m2: number; total: number; by_step: Dict<number> }
interface PlaceObjective extends PlaceFigures {
  bound: number | null; gap: number | null; proven: boolean; blocking_pairs: number; kept: number; moved: number; seconds: number; pairs: number; dropped: number; baseline: PlaceFigures;
}
interface PlaceWorst { project_id: string; name: string; score: number | null; best_score: number; regret: number }
interface PlaceFairness {
  by_county: { adcode: string; name: string; projects: number; placed: number; local: number; mean_score: number | null }[];
  by_size: { size: string; projects: number; placed: number; mean_score: number | null }[];
  worst: PlaceWorst | null; greedy: (PlaceWorst & Dict<Any>) | null;
}
interface PlaceAnswer { mode: "optimal" | "stable"; demo: boolean; policy: PlacePolicy; placements: Placement[]; unplaced: Unplaced[]; objective: PlaceObjective; fairness?: PlaceFairness; reports?: { fairness?: PlaceFairness } & Dict<Any> }
