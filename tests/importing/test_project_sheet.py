"""Projects written as a workbook are read back equal; the template is taken back too."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.demo.projects import build_projects
from geomap.domain.demand import Demand, Near, Requires
from geomap.domain.errors import InputError
from geomap.domain.industries import INDUSTRIES
from geomap.domain.placement import ChainPosition, PlacedDemand
from geomap.domain.records import Site
from geomap.domain.regions import COUNTIES
from geomap.domain.words import (
    AmenityCategory,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
)
from geomap.importing.project_columns import COLUMNS
from geomap.importing.project_file import ProjectsRefusedError, placed_of, read_projects
from geomap.importing.project_sheet import write_projects_sheet, write_template
from geomap.intake import tables
from geomap.intake.clean_units import SiteFinder, SiteName
from geomap.intake.headers import map_headers
from geomap.intake.read_excel import read_excel
from geomap.intake.values import as_text, is_empty

SITES = SiteFinder([SiteName("s-1", "瓯江孵化器", False), SiteName("s-2", "眼谷", False)])
HOMES = (("330303", ("eye_health",)), ("330382", ("electrical",)))
ADCODES = [county.adcode for county in COUNTIES]


@contextmanager
def _here(
    _task: str, file: Path, *, options: Mapping[str, Any], limits: Any, **_more: Any
) -> Iterator[tuple[dict[str, Any], Path]]:
    """Read a workbook in this process: the round trip asks for many, each by the same reader."""
    with tempfile.TemporaryDirectory() as folder:
        named = {name: getattr(limits, name) for name in type(limits).__slots__}
        yield read_excel(file, Path(folder), options, named), Path(folder)


def _may_be_name(text: str) -> bool:
    """Whether a text is a name as the reader keeps it: one line, and not a word for none."""
    usual = text == as_text(text) and not is_empty(text)
    return usual and not text.startswith("#") and "<" not in text


NAMES = st.one_of(
    st.sampled_from(["=1+1", "+眼谷", "-a", "@b", "'引号", "一 二", 'a"b', "合计光电", "示例"]),
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "Sm", "Zs")),
        min_size=1,
        max_size=30,
    ).filter(_may_be_name),
)


def _some(words: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return sets in the order of the vocabulary, which is how the reader gives them."""
    return st.sets(st.sampled_from(list(words)), max_size=4).map(
        lambda chosen: tuple(word for word in words if word in chosen)
    )


def _figure(low: int, high: int) -> st.SearchStrategy[float | None]:
    return st.none() | st.integers(low * 100, high * 100).map(lambda n: n / 100)


REQUIRES = st.builds(
    Requires,
    floor_load_kn_m2=_figure(1, 50),
    clear_height_m=_figure(2, 20),
    column_spacing_m=_figure(2, 30),
    freight_lift_t=_figure(0, 20),
    power_kw=_figure(0, 5_000),
    **{
        name: st.none() | st.booleans()
        for name in ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage")
    },
    open_24h=st.none() | st.booleans(),
    permitted_use=st.none() | st.sampled_from(PermittedUse),
)
AREAS = st.lists(st.integers(100, 500_000).map(lambda n: n / 100), min_size=2, max_size=2).map(
    sorted
)


@st.composite
def _demands(draw: st.DrawFn) -> Demand:
    low, high = draw(AREAS)
    return Demand(
        id=draw(st.from_regex(r"[A-Za-z0-9._:][A-Za-z0-9._:-]{0,20}", fullmatch=True)),
        name=draw(NAMES),
        stage=draw(st.none() | st.sampled_from(Stage)),
        industry=draw(st.just("") | st.sampled_from([i.id for i in INDUSTRIES])),
        headcount=draw(st.none() | st.integers(1, 5_000)),
        area_min_m2=draw(st.sampled_from([None, low])),
        area_max_m2=draw(st.sampled_from([None, high])),
        rent_max_cny_m2_month=draw(_figure(1, 900)),
        budget_max_cny_month=draw(_figure(1, 900_000)),
        unit_kinds=draw(_some(list(UnitKind))),
        counties=tuple(draw(st.lists(st.sampled_from(ADCODES), unique=True, max_size=3))),
        within=draw(st.none() | st.just(shapely.box(120.6, 27.9, 120.8, 28.1))),
        move_in=draw(st.none() | st.dates(date(2020, 1, 1), date(2099, 12, 31))),
        requires=draw(REQUIRES),
        services=draw(_some(list(Service))),
        platforms=draw(_some(list(Platform))),
        amenities=draw(_some(list(AmenityCategory))),
        near=draw(st.none() | st.just(Near(lon=120.65, lat=28.0, minutes=12.0))),
        combine_adjacent=draw(st.booleans()),
        weights=draw(st.just({}) | st.just({"area": 2.0, "rent": 0.5})),
    )


PROJECTS = st.lists(
    st.builds(
        PlacedDemand,
        demand=_demands(),
        home_county=st.sampled_from(ADCODES),
        current_site=st.sampled_from(["", "s-1", "s-2", "在外地"]),
        priority=st.integers(0, 1_000),
        growth_headcount=st.none() | st.integers(1, 9_000),
        chain_position=st.none() | st.sampled_from(ChainPosition),
        demo=st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda project: project.id,
)


@settings(max_examples=30, deadline=None)
@given(projects=PROJECTS, language=st.sampled_from(["zh", "en"]))
def test_any_projects_come_back_equal(projects: list[PlacedDemand], language: str) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(tables, "run_confined", _here)
        path = Path(folder) / "项目.xlsx"
        write_projects_sheet(projects, path, language=language)
        read = read_projects(path, sites=SITES)
    assert list(read.projects) == projects
    assert (read.report.rows, read.report.refused) == (len(projects), 0)
    assert read.report.unknown_columns == ()


def test_the_demonstration_projects_come_back_equal(tmp_path: Path) -> None:
    sites = [
        Site(id=f"s-{n}", name=f"基地{n}", geometry=None, declared_adcode=code, industries=trades)
        for n, (code, trades) in enumerate(HOMES)
    ]
    made = build_projects(sites, 120, seed=7, today=date(2026, 11, 24))
    projects = [placed_of(project) for project in made]
    path = tmp_path / "p.xlsx"
    write_projects_sheet(projects, path)
    finder = SiteFinder([SiteName(site.id, site.name, True) for site in sites])
    read = read_projects(path, sites=finder)
    assert list(read.projects) == projects
    assert read.report.findings == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headings_name_each_field_once(language: str) -> None:
    headings = [getattr(column.heading, language) for column in COLUMNS]
    mapped = map_headers("projects", headings)
    assert mapped.unknown == ()
    assert mapped.column == {column.field: i for i, column in enumerate(COLUMNS)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_holds_examples_and_no_project(tmp_path: Path, language: str) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, language=language)
    with pytest.raises(ProjectsRefusedError) as refused:
        read_projects(path, sites=SITES)
    report = refused.value.report
    assert (report.rows, report.read, report.refused, report.skipped) == (2, 0, 0, 2)
    assert "示例" in refused.value.reason.zh
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    assert len(book.sheet_names) == 3
    choices = book.get_sheet_by_index(2).to_python()
    assert any("乐清市" in row or "Yueqing" in row for row in choices)


def test_examples_without_their_mark_are_projects(tmp_path: Path) -> None:
    """What the template shows is itself right: nothing in it is refused."""
    path, csv = tmp_path / "t.xlsx", tmp_path / "t.csv"
    write_template(path)
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    lines = [",".join(str(cell) for cell in row) for row in rows]
    csv.write_text("\n".join(lines).replace("示例", "p-"), encoding="utf-8")
    read = read_projects(csv, sites=SITES)
    assert [p.id for p in read.projects] == ["p-1", "p-2"]
    assert read.projects[0].chain_position is ChainPosition.MIDSTREAM
    assert read.projects[1].demand.combine_adjacent


def test_an_id_that_the_reader_would_not_take_is_made_anew(tmp_path: Path) -> None:
    project = PlacedDemand(demand=Demand(id="#1", name="甲"), home_county="330303")
    write_projects_sheet([project], tmp_path / "p.xlsx")
    (read,) = read_projects(tmp_path / "p.xlsx", sites=SITES).projects
    assert read.id.startswith("p-") and read.demand.name == "甲"


def test_what_no_cell_holds_is_said(tmp_path: Path) -> None:
    many = range(1_200)
    shape = shapely.Polygon([(120.6 + n / 7e4, 28.0 + (n % 2) / 3e3) for n in many] + [(120.6, 27)])
    project = PlacedDemand(demand=Demand(id="p", within=shape), home_county="330303")
    with pytest.raises(InputError) as refused:
        write_projects_sheet([project], tmp_path / "p.xlsx")
    assert "p" in refused.value.reason.en
