"""Placing projects: what is asked, gathered and solved; the answer is in `placement_answer`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.domain.demand import Near
from geomap.domain.entries import Audience
from geomap.domain.errors import NotFoundError
from geomap.domain.placement import Listing, PlacedDemand
from geomap.domain.words import Label
from geomap.placement.placement_json import parse_placement, parse_project
from geomap.store.read import read_table
from geomap.web.context import AppContext
from geomap.web.placement_answer import answer_of
from geomap.web.placement_task import Solved, Task
from geomap.web.view_match import prepared_of, walk_to_sites

if TYPE_CHECKING:
    from geomap.web.staff import Staff
    from geomap.web.stream import Steps

F4 = NDArray[np.float32]
WALKING = Label("步行到要靠近的地方", "Walking to the places to be near")
PLACING = Label("列出能去的地方，分配", "Listing places, allocating")
TELLING = Label("写理由", "Writing the reasons")
_COLUMNS = (
    "id", "name", "home_county", "current_site", "priority", "growth_headcount",
    "chain_position", "demand", "demo",
)  # fmt: skip
_WALKED, _PLACED = 0.1, 0.95
"""Shares of the work that are done after its stages."""


def placement_work(
    context: AppContext, body: object, language: str, staff: Staff | None = None
) -> Callable[[Steps], dict[str, Any]]:
    """Return the work that a request asks for, with its input checked.

    Parameters
    ----------
    context
        Where catalog, network and record come from.
    body
        The JSON object of a placement.
    language
        "zh" or "en", for labels and reasons.
    staff
        Who asks; None is the public, which may name demonstration projects alone.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        A value cannot be used; no such project of the record, or none for this reader; a
        project asks for a walk, and there is no network.
    """
    task = prepare_task(context, body, language, staff)

    def work(steps: Steps) -> dict[str, Any]:
        return answer_of(solve_task(context, task, steps))

    return work


def prepare_task(
    context: AppContext, body: object, language: str, staff: Staff | None = None
) -> Task:
    """Return a request with its data; see :func:`placement_work`."""
    request, catalog = parse_placement(body), context.catalog
    projects = (*request.projects, *recorded_projects(context, request.project_ids, staff))
    if any(project.demand.near is not None for project in projects):
        context.require_network()
    network = context.find_network()
    return Task(
        request=request,
        projects=projects,
        catalog=catalog,
        prepared=prepared_of(context, catalog),
        listings=listings_of(context, staff),
        date=context.today().isoformat(),
        network=network.version if network else None,
        language=language,
    )


def listings_of(context: AppContext, staff: Staff | None = None) -> tuple[Listing, ...]:
    """Return the land and idle plants on which may be built: those that this reader may see."""
    from geomap.store.entries import Reader, list_listings

    audience = Audience.PUBLIC if staff is None else Audience.STAFF
    return tuple(list_listings(context.store, Reader(audience, context.today())))


def recorded_projects(
    context: AppContext, ids: Sequence[str], staff: Staff | None
) -> tuple[PlacedDemand, ...]:
    """Return projects of the record by their ids.

    Raises
    ------
    NotFoundError
        There is no such project, or it is not for this reader, which is told the same.
    InputError
        What the record holds of it cannot be placed.
    """
    if not ids:
        return ()
    columns = read_table(context.store, "projects", _COLUMNS)
    rows = {name: row for row, name in enumerate(columns["id"])}
    found = []
    for at, name in enumerate(ids):
        row = rows.get(name)
        if row is None or (staff is None and not columns["demo"][row]):
            raise NotFoundError(
                Label(f"没有项目 {name}", f"There is no project {name}"),
                fix=Label(
                    "用列表里的编号；登记库里的真实项目要工作人员的密钥",
                    "Use an id of a list; real projects of the record need a key of staff",
                ),
                field=f"project_ids.{at}",
            )
        project = {column: columns[column][row] for column in _COLUMNS}
        found.append(parse_project(_as_json(project), f"project_ids.{at}"))
    return tuple(found)


def _as_json(project: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the record as the JSON object of a project."""
    given = project["demand"]
    demand = json.loads(given) if isinstance(given, str) else dict(given)
    own = {name: value for name, value in project.items() if name != "demand"}
    return demand | own | {"demo": bool(own["demo"])}


def solve_task(context: AppContext, task: Task, steps: Steps) -> Solved:
    """Return the placement of a task; the steps tell how far it is.

    Raises
    ------
    InputError
        The policy contradicts the data, as a pin of a unit that is let.
    """
    from geomap.placement.place import place

    started = time.perf_counter()
    walks = _walks(context, task, steps)
    placement = place(
        task.prepared,
        task.projects,
        task.request.policy,
        mode=task.request.mode,
        walks=walks,
        listings=task.listings,
        progress=steps.stage(PLACING, _WALKED, _PLACED),
    )
    steps.stage(TELLING, _PLACED, 1.0)(0, 1)
    return Solved(task, placement, time.perf_counter() - started)


def _walks(context: AppContext, task: Task, steps: Steps) -> dict[str, F4]:
    """Return the walk to every site from the place that each project wants to be near."""
    asking = [project for project in task.projects if project.demand.near is not None]
    progress = steps.stage(WALKING, 0.0, _WALKED)
    found: dict[str, F4] = {}
    known: dict[Near | None, F4 | None] = {}
    for done, project in enumerate(asking):
        progress(done, len(asking))
        near = project.demand.near
        if near not in known:
            known[near] = walk_to_sites(context, task.catalog, project.demand)
        walk_m = known[near]
        if walk_m is not None:
            found[project.id] = walk_m
    return found
