"""Two kept placements side by side: who moves, gains and loses, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.store.placement_scenarios import SavedPlacement, get_placement, read_texts
from geomap.web.context import AppContext
from geomap.web.view_plans import placement_json

Change = Literal["same", "moved", "newly_placed", "lost_place", "unplaced", "only_a", "only_b"]
LEAST = 0.005
"""A score that changes by less is shown as the same."""
_PLACE = (
    "unit_ids", "site_id", "site_name", "adcode", "county_name", "step", "step_label", "score",
    "value", "rank", "area_m2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A project in both answers; a side is None where it has no place, or is not asked for.

    `gain` is its score in b less that in a, None where a side has none.
    """

    project_id: str
    name: str
    change: Change
    a: Mapping[str, Any] | None
    b: Mapping[str, Any] | None
    gain: float | None


def compare(context: AppContext, a: str, b: str, language: str) -> dict[str, Any]:
    """Return what differs between two kept placements, from `a` to `b`.

    Parameters
    ----------
    context
        Where the record is.
    a, b
        Ids of the placements.
    language
        "zh" or "en"; names and labels of places are those that were kept.

    Raises
    ------
    InputError, NotFoundError
        An id is missing; there is no such placement.
    """
    sides = {"a": _side(context, a, "a"), "b": _side(context, b, "b")}
    found = list_differences(sides["a"][1], sides["b"][1])
    told = {name: placement_json(context, saved, language) for name, (saved, _) in sides.items()}
    gained = [one for one in found if one.gain is not None and one.gain >= LEAST]
    lost = [one for one in found if one.gain is not None and one.gain <= -LEAST]
    groups = {
        "moved": _of(found, "moved"),
        "newly_placed": _of(found, "newly_placed"),
        "lost_place": _of(found, "lost_place"),
        "gained": sorted(gained, key=lambda one: -(one.gain or 0)),
        "lost": sorted(lost, key=lambda one: one.gain or 0),
        "only_a": _of(found, "only_a"),
        "only_b": _of(found, "only_b"),
    }
    return told | {
        "counts": {name: len(group) for name, group in groups.items()}
        | {"same": len(_of(found, "same")), "unplaced": len(_of(found, "unplaced"))},
        **{name: [_json(one) for one in group] for name, group in groups.items()},
    }


def _side(context: AppContext, scenario_id: str, field: str) -> tuple[SavedPlacement, Any]:
    if not scenario_id:
        raise InputError(
            Label("和哪个方案比较？", "Compare which scenarios?"),
            fix=Label("写 a 和 b 两个编号", "Give the ids of both, as a and b"),
            field=field,
        )
    saved = get_placement(context.store, scenario_id)
    return saved, read_texts(context.store, scenario_id)[1]


def list_differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Difference]:
    """Return every project of two answers, those of b first, in its order."""
    names = {
        str(one["project_id"]): str(one["name"])
        for answer in (b, a)
        for one in (*answer["placements"], *answer["unplaced"])
    }
    before, after = _placed(a), _placed(b)
    asked = [{str(one["project_id"]) for one in (*x["placements"], *x["unplaced"])} for x in (a, b)]
    return [
        Difference(
            project_id,
            name,
            _change(project_id, before, after, asked[0], asked[1]),
            before.get(project_id),
            after.get(project_id),
            _gain(before.get(project_id), after.get(project_id)),
        )
        for project_id, name in names.items()
    ]


def _placed(answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(one["project_id"]): one for one in answer["placements"]}


def _change(
    project_id: str,
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
    in_a: set[str],
    in_b: set[str],
) -> Change:
    if project_id not in in_b:
        return "only_a"
    if project_id not in in_a:
        return "only_b"
    a, b = before.get(project_id), after.get(project_id)
    if a is None:
        return "unplaced" if b is None else "newly_placed"
    if b is None:
        return "lost_place"
    return "same" if _key(a) == _key(b) else "moved"


def _key(placed: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes a place the same: its units, or where it is built."""
    listing = (placed.get("build") or {}).get("listing") or {}
    return (sorted(placed["unit_ids"]), listing.get("id", ""))


def _gain(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None) -> float | None:
    if a is None or b is None or a["score"] is None or b["score"] is None:
        return None
    return round(float(b["score"]) - float(a["score"]), 6)


def _of(found: Iterable[Difference], change: Change) -> list[Difference]:
    return [one for one in found if one.change == change]


def _json(one: Difference) -> dict[str, Any]:
    return {
        "project_id": one.project_id,
        "name": one.name,
        "change": one.change,
        "a": _place_json(one.a),
        "b": _place_json(one.b),
        "gain": one.gain,
    }


def _place_json(placed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if placed is None else {name: placed[name] for name in _PLACE}
