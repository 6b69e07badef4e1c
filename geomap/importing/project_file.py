"""A file of projects to place: read in confinement, checked whole, stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError
from geomap.domain.placement import PlacedDemand
from geomap.domain.records import Project
from geomap.domain.words import Label
from geomap.intake.clean_projects import clean_projects
from geomap.intake.clean_units import SiteFinder, SiteName
from geomap.intake.confined import MIB, Limits
from geomap.intake.report import Finding, Findings, Outcome
from geomap.intake.tables import find_suffix, open_table
from geomap.matching.demand_json import demand_to_json
from geomap.placement.placement_json import MOST_PROJECTS, parse_project

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".json")
MOST_FINDINGS = 200
"""Of errors, and of warnings, that a report lists."""
_LIMITS = Limits(
    memory=1024 * MIB, output=256 * MIB, unpacked=256 * MIB, seconds=60, rows=200_000, cell=100_000
)
_BAD = (Outcome.REJECTED, Outcome.QUARANTINED)


@dataclass(slots=True)
class _ListedFindings(Findings):
    """Findings that also keep the first of them one by one, errors apart from warnings."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    total: int = 0

    def add(self, finding: Finding) -> None:
        """Take a remark on a row."""
        Findings.add(self, finding)
        self.total += 1
        kept = self.errors if finding.outcome in _BAD else self.warnings
        if len(kept) < MOST_FINDINGS:
            kept.append(finding)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectsReport:
    """What became of the rows of a file of projects.

    Parameters
    ----------
    rows, read, refused, skipped
        Rows of the file; those that became a project, that have an error, and that are
        examples.
    findings
        At most `MOST_FINDINGS` errors, then as many warnings, each in the order of the file.
    total
        All findings.
    notes
        What the reader chose: encoding, sheet, row of headers.
    unknown_columns
        Headers that name no field, and members of JSON objects that are not used.
    """

    file: str
    format: str
    rows: int
    read: int
    refused: int
    skipped: int
    findings: tuple[Finding, ...]
    total: int
    notes: tuple[Label, ...]
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadProjects:
    """Projects of a file, in its order, and the report on it."""

    projects: tuple[PlacedDemand, ...]
    report: ProjectsReport


class ProjectsRefusedError(InputError):
    """Rows of a file have errors; `report` says which."""

    def __init__(self, reason: Label, report: ProjectsReport, *, fix: Label) -> None:
        super().__init__(reason, fix=fix, field="file")
        self.report = report


def site_finder(catalog: Catalog) -> SiteFinder:
    """Return what finds the sites of a catalog by id or name."""
    sites = catalog.sites
    rows = zip(sites.id, sites.name, sites.demo.tolist(), strict=True)
    return SiteFinder(SiteName(site, name, bool(demo)) for site, name, demo in rows)


def project_json(project: Project) -> dict[str, Any]:
    """Return a project of the record as the JSON object that a placement takes."""
    own: Mapping[str, Any] = {
        "id": project.id,
        "name": project.name,
        "home_county": project.home_county,
        "current_site": project.current_site,
        "priority": project.priority or None,
        "growth_headcount": project.growth_headcount,
        "chain_position": project.chain_position and str(project.chain_position),
        "demo": project.demo or None,
    }
    return {**project.demand, **{name: v for name, v in own.items() if v not in (None, "")}}


def placed_of(project: Project) -> PlacedDemand:
    """Return a project of the record as one to place.

    Raises
    ------
    InputError
        It cannot be placed, as one without a home county; `field` begins with its id.
    """
    return parse_project(project_json(project), project.id)


def read_projects(
    file: Path,
    *,
    sites: SiteFinder,
    accept_partial: bool = False,
    encoding: str | None = None,
) -> ReadProjects:
    """Read a file of projects: Excel, CSV or JSON.

    Parameters
    ----------
    file
        The file; its ending tells the format.
    sites
        Sites of the record: a project may name the one that it is at.
    accept_partial
        Take the rows without errors although others have some.
    encoding
        Of a CSV; detected, and said, where it is not given.

    Raises
    ------
    ProjectsRefusedError
        Rows have errors, or there is no project; its report lists them.
    InputError
        The file cannot be read, lacks a column or has more rows than are placed at once.
    """
    _require_ending(file)
    findings = _ListedFindings()
    with open_table(file, "projects", encoding=encoding, limits=_LIMITS) as table:
        if table.count > MOST_PROJECTS:
            raise _too_many(table.count)
        projects, unused = clean_projects(
            table, check=_check, findings=findings, sites=sites, require_home=True
        )
        report = ProjectsReport(
            file=file.name,
            format=table.format,
            rows=findings.rows,
            read=findings.good,
            refused=findings.bad,
            skipped=findings.counts[Outcome.SKIPPED],
            findings=(*findings.errors, *findings.warnings),
            total=findings.total,
            notes=table.notes,
            unknown_columns=unused,
        )
    if not projects or (report.refused and not accept_partial):
        raise _refused(report)
    return ReadProjects(tuple(map(placed_of, projects)), report)


def _check(obj: dict[str, Any]) -> dict[str, Any]:
    """Return the demand of a project that can be placed; errors are named from the project on."""
    try:
        return demand_to_json(parse_project(obj, "p").demand)
    except InputError as error:
        at = error.field.removeprefix("p").removeprefix(".")
        raise InputError(error.reason, fix=error.fix, field=at) from error


def _require_ending(file: Path) -> None:
    if find_suffix(file) in ENDINGS:
        return
    ending = find_suffix(file)
    raise InputError(
        Label(
            f"{ending or '没有后缀'} 不是项目清单的格式",
            f"{ending or 'no ending'}: no list of projects",
        ),
        fix=Label("给出 .xlsx、.csv 或 .json；可以先下载模板", "Give .xlsx, .csv or .json"),
        field="file",
    )


def _too_many(rows: int) -> InputError:
    return InputError(
        Label(
            f"有 {rows:,} 行；一次最多 {MOST_PROJECTS:,} 个项目",
            f"It has {rows:,} rows; at most {MOST_PROJECTS:,} projects at a time",
        ),
        fix=Label("按县或按批次分成几份", "Split it, by county or by batch"),
        field="file",
    )


def _refused(report: ProjectsReport) -> ProjectsRefusedError:
    if report.refused:
        reason = Label(
            f"{report.rows:,} 行中有 {report.refused:,} 行要改",
            f"{report.refused:,} of {report.rows:,} rows must be mended",
        )
        fix = Label(
            "按清单改好再传，或只用没有问题的行",
            "Mend them as listed and send it again, or take the other rows alone",
        )
        return ProjectsRefusedError(reason, report, fix=fix)
    if report.skipped:
        reason = Label("只有示例行，没有项目", "It holds examples alone, no project")
    else:
        reason = Label("表头下面没有项目", "There is no project below the headers")
    fix = Label("每行写一个项目", "Write one project a row")
    return ProjectsRefusedError(reason, report, fix=fix)
