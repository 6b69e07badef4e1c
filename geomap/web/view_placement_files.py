"""A placement as a file: solved anew from its request, so that nothing foreign is written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.catalog.catalog import Catalog
from geomap.web.context import AppContext
from geomap.web.view_placements import prepare_task, solve_task

if TYPE_CHECKING:
    from geomap.web.staff import Staff
    from geomap.web.stream import Steps

KINDS = ("xlsx", "csv", "html")
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


def placement_file(
    context: AppContext,
    body: object,
    kind: str,
    language: str,
    steps: Steps,
    staff: Staff | None = None,
) -> tuple[bytes, str]:
    """Return a request's placement as a file of a kind, and the day it is of.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        As `placement_work`; or Leaflet has not been fetched for a map.
    """
    from geomap.web.placement_answer import answer_of

    task = prepare_task(context, body, language, staff)
    answer = answer_of(solve_task(context, task, steps))
    return write_file(answer, task.catalog, kind, language), task.date


def write_file(answer: Mapping[str, Any], catalog: Catalog, kind: str, language: str) -> bytes:
    """Return an answer as the bytes of a file; `kind` is one of `KINDS`."""
    # Writers and folium are heavy: only who asks for a file loads them.
    if kind == "html":
        from layers.flow_map import render_flows

        return render_flows(answer, catalog, language).encode()
    from layers.placement_sheets import csv_text, write_workbook

    if kind == "csv":
        return csv_text(answer, language).encode("utf-8-sig")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "placement.xlsx"
        write_workbook(answer, path, language)
        return path.read_bytes()
