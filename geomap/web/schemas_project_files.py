"""Shapes of projects read from a file, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from geomap.web.schemas import Problem, Shape
from geomap.web.schemas_placements import PlacedProject
from geomap.web.schemas_query import LanguageQuery


class ProjectsFileQuery(LanguageQuery):
    """What to do with a file that has errors."""

    accept_partial: Literal["0", "1"] = Field("0", description="1 takes the rows without errors")


class ProjectFinding(Shape):
    """A remark on one row; `column` is its heading as the file writes it."""

    row: int
    column: str
    field: str
    value: str
    severity: Literal["error", "warning", "note"]
    text: str
    fix: str


class ProjectsReport(Shape):
    """What became of the rows; `findings` are at most 200 errors and then 200 others."""

    file: str
    format: str
    rows: int
    read: int
    refused: int
    skipped: int
    findings: list[ProjectFinding]
    findings_total: int
    notes: list[str]
    unknown_columns: list[str]


class ProjectsAnswer(Shape):
    """Projects of a file, as a placement takes them."""

    projects: list[PlacedProject]
    report: ProjectsReport


class ProjectsProblem(Problem):
    """A file that is refused, with every error; a file that cannot be read is a plain problem."""

    rows: int | None = None
    read: int | None = None
    refused: int | None = None
    skipped: int | None = None
    file: str | None = None
    format: str | None = None
    findings: list[ProjectFinding] = Field([])
    findings_total: int | None = None
    notes: list[str] = Field([])
    unknown_columns: list[str] = Field([])


class ProjectsPage(Shape):
    """Projects of the record."""

    items: list[PlacedProject]
    total: int
    next: str | None
