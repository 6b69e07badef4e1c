"""Projects for a placement: read from an uploaded file, or listed from the record."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from geomap.intake.report import Outcome
from geomap.placement.placement_json import project_to_json
from geomap.web.context import AppContext
from geomap.web.language import text_of

if TYPE_CHECKING:
    from geomap.importing.project_file import ProjectsReport
    from geomap.intake.report import Finding
    from geomap.web.staff import Staff

_UNFIT = re.compile(r"[^\w.()（） -]")
_LONGEST_NAME = 80
_SEVERITY: Mapping[Outcome, str] = {
    Outcome.REJECTED: "error",
    Outcome.QUARANTINED: "error",
    Outcome.FIXED: "warning",
}


def file_name(text: str) -> str:
    """Return the name of an uploaded file as one that may be written: no path, no odd characters.

    Its ending stays, since that tells the format.
    """
    name = _UNFIT.sub("_", text.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return name[-_LONGEST_NAME:] or "file"


def read_upload(
    context: AppContext, stream: BinaryIO, name: str, language: str, *, accept_partial: bool
) -> dict[str, Any]:
    """Return the projects of a file and the report on it; nothing is kept.

    Parameters
    ----------
    context
        Where the sites come from, which projects may name.
    stream
        The file.
    name
        What its sender calls it.
    language
        "zh" or "en", for the report.
    accept_partial
        Take the rows without errors although others have some.

    Raises
    ------
    ProjectsRefusedError, InputError
        Rows have errors; the file cannot be read.
    """
    from geomap.importing.project_file import read_projects, site_finder

    with tempfile.TemporaryDirectory(prefix="geomap-projects-") as folder:
        path = Path(folder) / file_name(name)
        with path.open("wb") as target:
            while chunk := stream.read(1 << 20):
                target.write(chunk)
        sites = site_finder(context.catalog)
        found = read_projects(path, sites=sites, accept_partial=accept_partial)
    return {
        "projects": [project_to_json(project) for project in found.projects],
        "report": report_json(found.report, language),
    }


def report_json(report: ProjectsReport, language: str) -> dict[str, Any]:
    """Return a report on a file of projects."""
    return {
        "file": report.file,
        "format": report.format,
        "rows": report.rows,
        "read": report.read,
        "refused": report.refused,
        "skipped": report.skipped,
        "findings": [_finding(finding, language) for finding in report.findings],
        "findings_total": report.total,
        "notes": [text_of(note, language) for note in report.notes],
        "unknown_columns": list(report.unknown_columns),
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "row": finding.row,
        "column": finding.column,
        "field": finding.field,
        "value": finding.value,
        "severity": _SEVERITY.get(finding.outcome, "note"),
        "text": text_of(finding.reason, language),
        "fix": text_of(finding.fix, language) if finding.fix else "",
    }


@lru_cache(maxsize=2)
def template_file(language: str) -> bytes:
    """Return the workbook to fill in."""
    from geomap.importing.project_sheet import write_template

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, language=language)
        return path.read_bytes()


def listed_projects(
    context: AppContext, staff: Staff | None, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Return a page of the record's projects and how many there are: all of them for staff.

    Whoever has no key sees those that are made up. They are as the record holds them: one
    without a home county cannot be placed before it is given one.
    """
    from geomap.importing.project_file import project_json
    from geomap.store.projects import list_projects

    demo_only = staff is None
    found, total = list_projects(context.store, demo_only=demo_only, limit=limit, offset=offset)
    return [project_json(project) for project in found], total
