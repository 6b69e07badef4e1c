"""`geomap template`: a sheet that the reader takes back."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.domain import records as r
from geomap.importing.project_file import read_projects
from geomap.intake.clean_units import SiteFinder
from geomap.store import write
from geomap.store.engine import open_store


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(main, list(args), env={"GEOMAP_DATA_DIR": str(folder)})


def test_an_empty_sheet(tmp_path: Path) -> None:
    file = tmp_path / "项目.xlsx"
    done = run(tmp_path, "template", "projects", str(file))
    assert done.exit_code == 0, done.output
    assert file.read_bytes()[:2] == b"PK" and "项目.xlsx" in done.output


def test_a_sheet_with_the_projects_of_the_record(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    project = r.Project(id="p", name="甲", home_county="330303", demand={"headcount": 8})
    homeless = r.Project(id="q", name="乙", home_county="", demand={})
    with store.writing("test") as tx:
        write.add_projects(tx, [project, homeless])
    store.close()
    file = tmp_path / "p.xlsx"
    done = run(tmp_path, "template", "projects", str(file), "--filled")
    assert done.exit_code == 0, done.output
    (read,) = read_projects(file, sites=SiteFinder([])).projects
    assert (read.id, read.demand.headcount, read.home_county) == ("p", 8, "330303")
    assert "1" in done.stderr


def test_another_ending_or_folder(tmp_path: Path) -> None:
    for name in ("a.csv", "none/a.xlsx"):
        done = run(tmp_path, "template", "projects", str(tmp_path / name))
        assert done.exit_code == 1 and "✗" in done.output
