"""Adopting kept placements and giving them back; what of their places has been taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from geomap.domain.words import Label, UnitStatus, label
from geomap.store import ledger_adoption
from geomap.store.adopt import Hold, adopt_placement, list_holds
from geomap.store.ledger_adoption import Adopted
from geomap.store.ledger_write import Place
from geomap.store.placement_scenarios import ADOPTED, DRAFT, RELEASED, get_placement, read_texts
from geomap.store.release import KeptUnit, release_placement
from geomap.store.taken import TakenPlace, find_taken
from geomap.web.bodies import take_version
from geomap.web.context import AppContext
from geomap.web.view_plans import placement_json

if TYPE_CHECKING:
    from geomap.store.engine import Transaction
    from geomap.web.staff import Staff

WHY = {
    "taken": Label("已被占用", "Taken"),
    "changed": Label("已改动", "Changed"),
    "gone": Label("已删除", "Gone"),
    "held_anew": Label("已由另一个方案预留", "Held by another scenario"),
    "signed": Label("已签约或入驻", "Signed or moved in"),
}


def detail_json(context: AppContext, scenario_id: str, language: str) -> dict[str, Any]:
    """Return a kept placement with request and answer, what it holds, or what was taken.

    Raises
    ------
    NotFoundError
        There is no such placement.
    """
    saved = get_placement(context.store, scenario_id)
    told = placement_json(context, saved, language, whole=True)
    holds = list_holds(context.store, scenario_id) if saved.state == ADOPTED else []
    taken = find_taken(context.store, scenario_id) if saved.state == DRAFT else []
    return told | {
        "holds": holds_json(holds),
        "taken": [taken_json(place, language) for place in taken],
    }


def adopt(
    context: AppContext, scenario_id: str, body: object, language: str, staff: Staff
) -> dict[str, Any]:
    """Hold the units of a kept placement and bring its projects into the ledger.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        The body names no version; no such placement; see
        :func:`geomap.store.adopt.adopt_placement`.
    """
    _, version = take_version(body, ())
    _, result = read_texts(context.store, scenario_id)
    now, today = context.now(), context.today()

    def record(tx: Transaction, holds: tuple[Hold, ...]) -> None:
        rows = _adopted_rows(result["placements"], holds)
        ledger_adoption.record_adoption(
            tx, rows, staff.name, now, on=today, reference=scenario_id
        )  # fmt: skip

    saved, holds = adopt_placement(
        context.store, scenario_id, version=version, by=staff.name, also=record
    )
    return placement_json(context, saved, language) | {"holds": holds_json(holds)}


def release(
    context: AppContext, scenario_id: str, body: object, language: str, staff: Staff
) -> dict[str, Any]:
    """Give back what an adopted placement still holds.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        The body names no version; no such placement; it was changed, or is not adopted
        and holds nothing.
    """
    _, version = take_version(body, ())
    _, result = read_texts(context.store, scenario_id)
    projects = [str(placed["project_id"]) for placed in result["placements"]]
    if get_placement(context.store, scenario_id).state == RELEASED:
        # what the first release said of the others in the ledger is not said again
        projects = [hold.project_id for hold in list_holds(context.store, scenario_id)]
    now, today = context.now(), context.today()

    def record(tx: Transaction) -> None:
        ledger_adoption.record_release(
            tx, projects, staff.name, now, on=today, reference=scenario_id
        )  # fmt: skip

    done = release_placement(
        context.store, scenario_id, version=version, by=staff.name, also=record
    )
    return placement_json(context, done.saved, language) | {
        "freed": list(done.freed),
        "joined": list(done.joined),
        "apart": list(done.apart),
        "kept": [_kept_json(unit, language) for unit in done.kept],
    }


def _adopted_rows(placements: Iterable[Mapping[str, Any]], holds: Iterable[Hold]) -> list[Adopted]:
    """Return the projects of an answer with the units that are held for them."""
    units: dict[str, list[str]] = {}
    for hold in holds:
        units.setdefault(hold.project_id, []).append(hold.unit_id)
    return [
        Adopted(
            project_id=str(placed["project_id"]),
            name=str(placed["name"]),
            place=Place(
                site_id=str(placed["site_id"]),
                unit_ids=tuple(units.get(placed["project_id"], ())),
                place_adcode=str(placed["adcode"] or ""),
            ),
            industry=str(placed["industry"] or ""),
            home_county=str(placed["home_county"]),
            current_site=str(placed["from"]["site_id"]) if placed["from"] else "",
            demo=bool(placed["demo"]),
        )
        for placed in placements
    ]


def holds_json(holds: Iterable[Hold]) -> list[dict[str, Any]]:
    """Return which unit is held for which project."""
    return [
        {
            "unit_id": hold.unit_id,
            "part_of": None if hold.origin_id == hold.unit_id else hold.origin_id,
            "project_id": hold.project_id,
            "area_m2": hold.area_m2,
            "desks": hold.desks,
        }
        for hold in holds
    ]


def taken_json(place: TakenPlace, language: str) -> dict[str, Any]:
    """Return a place that can no longer be given."""
    return {"project_id": place.project_id, "name": place.project_name} | _why_json(place, language)


def _kept_json(unit: KeptUnit, language: str) -> dict[str, Any]:
    return {"project_id": unit.project_id} | _why_json(unit, language)


def _why_json(unit: TakenPlace | KeptUnit, language: str) -> dict[str, Any]:
    why = WHY[unit.why]
    status = label(UnitStatus(unit.status)) if unit.status else None
    return {
        "unit_id": unit.unit_id,
        "why": unit.why,
        "why_label": why.en if language == "en" else why.zh,
        "status": unit.status or None,
        "status_label": (status.en if language == "en" else status.zh) if status else None,
    }
