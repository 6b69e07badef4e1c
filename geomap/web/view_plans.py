"""Kept placements: what staff send, parsed at the edge and solved here, and what they see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from geomap.catalog.catalog import Catalog
from geomap.coverage.edits import plain_text, require_object
from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.words import Label, UnitStatus
from geomap.placement.placement_json import placement_to_json
from geomap.store import placement_scenarios as kept
from geomap.store.placement_scenarios import PlacePart, SavedPlacement, Solved, UnitState
from geomap.web.bodies import take_version
from geomap.web.context import AppContext
from geomap.web.placement_task import Task
from geomap.web.view_placements import prepare_task, solve_task

if TYPE_CHECKING:
    from geomap.web.staff import Staff
    from geomap.web.stream import Steps

    Work = Callable[[Steps], dict[str, Any]]

NAME_MOST, NOTE_MOST = 80, 2_000
CHANGES = ("name", "note", "request", "solve")
STATE_LABELS = {
    kept.DRAFT: Label("草案", "Draft"),
    kept.ADOPTED: Label("已采纳", "Adopted"),
    kept.RELEASED: Label("已撤销", "Released"),
}
_STATUSES = tuple(UnitStatus)
_LEAST_NEEDED = ("alternatives", "criteria")
"""What an answer that is too large to keep is kept without, in this order."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request whose input was checked: the data that it rests on, and the work to be done."""

    catalog: Catalog
    request: dict[str, Any]
    work: Work


def ask(context: AppContext, body: object, language: str, staff: Staff) -> Question:
    """Return the question of a placement's JSON object.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        A value cannot be used; no such project of the record; no network where one is needed.
    """
    task: Task = prepare_task(context, body, language, staff)

    def work(steps: Steps) -> dict[str, Any]:
        from geomap.web.placement_answer import answer_of

        return answer_of(solve_task(context, task, steps))

    return Question(task.catalog, placement_to_json(task.request), work)


def save_work(context: AppContext, body: object, language: str, staff: Staff) -> Work:
    """Return the work that solves a request and keeps it.

    Placements that a client sends would be refused as unknown fields: nothing but the
    request is taken from it.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        See :func:`ask`; fields of the request are named ``request.…``.
    """
    given = require_object(body, "body", ("name", "note", "request"))
    name, note = _name(given.get("name")), _note(given.get("note"))
    question = _ask(context, given.get("request"), language, staff)

    def work(steps: Steps) -> dict[str, Any]:
        solved = _solve(context, question, steps)
        saved = kept.add_placement(context.store, name, note, solved, by=staff.name)
        return placement_json(context, saved, language, whole=True)

    return work


def change_work(
    context: AppContext, scenario_id: str, body: object, language: str, staff: Staff
) -> Work:
    """Return the work that renames a kept placement, or solves it anew.

    Raises
    ------
    InputError, NotFoundError, NotReadyError, ConflictError
        See :func:`ask`; no such placement; it was changed meanwhile, or is adopted.
    """
    given, version = take_version(body, CHANGES)
    name = _name(given["name"]) if "name" in given else None
    note = _note(given["note"]) if "note" in given else None
    question = None
    if given.get("solve") not in (None, True, False):
        raise InputError(
            Label("solve 要 true 或 false", "solve is true or false"),
            fix=Label("重算写 true", "Say true to solve it anew"),
            field="solve",
        )
    if "request" in given or given.get("solve"):
        kept.require_solvable(context.store, scenario_id, version)
        stored = {} if "request" in given else kept.read_texts(context.store, scenario_id)[0]
        question = _ask(context, given.get("request", stored), language, staff)

    def work(steps: Steps) -> dict[str, Any]:
        solved = _solve(context, question, steps) if question else None
        saved = kept.change_placement(
            context.store, scenario_id, version=version, by=staff.name, name=name, note=note,
            solved=solved,
        )  # fmt: skip
        return placement_json(context, saved, language, whole=solved is not None)

    return work


def placement_json(
    context: AppContext, saved: SavedPlacement, language: str, *, whole: bool = False
) -> dict[str, Any]:
    """Return a kept placement; `whole` adds request and answer."""
    label = STATE_LABELS[saved.state]
    told: dict[str, Any] = {
        "id": saved.id,
        "name": saved.name,
        "note": saved.note,
        "mode": saved.mode,
        "state": saved.state,
        "state_label": label.en if language == "en" else label.zh,
        "figures": saved.summary,
        "catalog_version": saved.solved_seq,
        "solved_at": _moment(saved.solved_at),
        "created_at": _moment(saved.created_at),
        "created_by": saved.created_by,
        "updated_at": _moment(saved.updated_at),
        "updated_by": saved.updated_by,
        "adopted_at": _moment(saved.adopted_at) if saved.adopted_at else None,
        "adopted_by": saved.adopted_by or None,
        "released_at": _moment(saved.released_at) if saved.released_at else None,
        "released_by": saved.released_by or None,
        "version": saved.version,
    }
    if whole:
        request, result = kept.read_texts(context.store, saved.id)
        told |= {"request": request, "answer": result}
    return told


def _moment(value: Any) -> str:
    return str(value.isoformat(timespec="seconds"))


def _name(value: object) -> str:
    name = plain_text(value, "name", NAME_MOST)
    if not name:
        raise InputError(
            Label("方案要有名称", "A scenario needs a name"),
            fix=Label(f"写 1–{NAME_MOST} 字的名称", f"Give a name of 1 to {NAME_MOST} characters"),
            field="name",
        )
    return name


def _note(value: object) -> str:
    return plain_text(value, "note", NOTE_MOST, lines=True)


def _ask(context: AppContext, body: object, language: str, staff: Staff) -> Question:
    with _in_request():
        return ask(context, body, language, staff)


@contextmanager
def _in_request() -> Iterator[None]:
    """Name the fields of a request as those of the body that holds it."""
    try:
        yield
    except (InputError, NotFoundError) as error:
        path = error.field if error.field and error.field != "body" else ""
        error.field = f"request.{path}" if path else "request"
        raise


def _solve(context: AppContext, question: Question, steps: Steps) -> Solved:
    with _in_request():
        answer = question.work(steps)
    parts = parts_of(answer["placements"])
    units = question.catalog.units
    rows = {part.unit_id: units.id.find(part.unit_id) for part in parts}
    return Solved(
        mode=answer["mode"],
        request=question.request,
        summary=_figures(answer),
        result=_small_enough(answer),
        parts=parts,
        units={
            unit_id: UnitState(int(units.version[row]), str(_STATUSES[units.status[row]]))
            for unit_id, row in rows.items()
        },
        seq=question.catalog.version,
        stamp=question.catalog.stamp,
        at=context.now(),
    )


def parts_of(placements: Iterable[Mapping[str, Any]]) -> tuple[PlacePart, ...]:
    """Return what projects are given of units by the placements of an answer."""
    return tuple(
        PlacePart(
            project_id=str(placed["project_id"]),
            project_name=str(placed["name"]),
            unit_id=str(unit["id"]),
            area_m2=float(unit["area_m2"]),
            desks=int(unit["desks"]),
            whole=bool(unit["whole"]),
        )
        for placed in placements
        for unit in placed["units"]
    )


def _figures(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list shows of an answer: plain values, no names."""
    figures = {key: value for key, value in answer["objective"].items() if key != "baseline"}
    figures |= {"unplaced": len(answer["unplaced"]), "demo": bool(answer["demo"])}
    found: dict[str, Any] = orjson.loads(orjson.dumps(figures, option=orjson.OPT_SERIALIZE_NUMPY))
    return found


def _small_enough(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as plain JSON, without what is needed least where it is too large."""
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    result: dict[str, Any] = orjson.loads(orjson.dumps(answer, option=options))
    for name in _LEAST_NEEDED:
        if kept.size_of(result) <= kept.MOST_RESULT_BYTES:
            break
        for placed in result["placements"]:
            placed[name] = []
    return result
