"""Files that mean harm, and files that are broken: each ends in an error that says so."""

from __future__ import annotations

import json
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import shapely

from geomap.domain.errors import InputError
from geomap.intake import confined
from geomap.intake.confined import Limits, run_confined
from geomap.intake.tables import open_table
from tests.imports import write_csv, write_geojson, write_gpkg, write_shapefile, write_xlsx

ROW = {"名称": "甲", "经度": 120.655, "纬度": 28.012}
POINT = shapely.Point(120.655, 28.012)


def refusal(file: Path, kind: str = "sites", **more) -> InputError:
    with pytest.raises(InputError) as refused, open_table(file, kind, **more):
        pass
    assert refused.value.reason.zh
    assert refused.value.reason.en
    assert refused.value.fix is not None
    assert refused.value.field == "file"
    return refused.value


def rows_of(file: Path, kind: str = "sites", **more) -> list[list[object]]:
    with open_table(file, kind, **more) as table:
        return [raw.cells for raw in table]


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address that notes who calls."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def virtual(secret: Path) -> str:
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{secret}</SrcDataSource>"
        "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    )


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.zip", "a.xlsx"])
def test_a_virtual_dataset_under_another_name_is_refused(tmp_path: Path, name: str):
    secret = write_csv(tmp_path / "secret.csv", [{"名称": "机密"}])
    (tmp_path / name).write_text(virtual(secret), encoding="utf-8")
    assert "机密" not in refusal(tmp_path / name).reason.zh


def test_a_virtual_dataset_inside_an_archive_is_refused(tmp_path: Path):
    secret = write_csv(tmp_path / "secret.csv", [{"名称": "机密"}])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.shp", virtual(secret))
        archive.writestr("a.dbf", b"\x03" * 64)
    assert "ESRI Shapefile" in refusal(tmp_path / "a.zip").reason.en


def test_a_virtual_dataset_named_csv_is_read_as_text_alone(tmp_path: Path):
    secret = write_csv(tmp_path / "secret.csv", [{"名称": "机密"}])
    (tmp_path / "a.csv").write_text(virtual(secret), encoding="utf-8")
    assert "机密" not in str(rows_of(tmp_path / "a.csv"))


def test_a_crs_link_is_not_followed(tmp_path: Path, listener):
    address, asked = listener
    link = {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}}
    file = write_geojson(tmp_path / "a.geojson", [{"名称": "甲"}], [POINT], crs=link)
    with open_table(file, "sites") as table:
        assert table.count == 1
        assert any("crs" in note.en for note in table.notes)
    assert asked == []


def test_the_reader_stands_behind_walls(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [ROW])
    options = {"kind": "sites"}
    with run_confined("csv", file, suffix=".csv", options=options) as (answer, folder):
        assert (folder / "rows.jsonl").exists()
        assert "seccomp" in answer["walls"]
    assert not folder.exists()


PROBE = """
import json, os, socket, sys
from pathlib import Path
def read_csv(file, folder, options, limits):
    tried = {}
    def attempt(name, call):
        try:
            call()
        except Exception as error:
            tried[name] = type(error).__name__
        else:
            tried[name] = "done"
    attempt("inside", lambda: (folder / "mine").write_text("x"))
    attempt("read", lambda: Path(options["secret"]).read_text())
    attempt("list", lambda: os.listdir(Path(options["secret"]).parent))
    attempt("write", lambda: Path(options["secret"]).with_suffix(".new").write_text("x"))
    attempt("library", lambda: Path(json.__file__).open("a"))
    attempt("socket", lambda: socket.socket())
    attempt("fork", os.fork)
    attempt("run", lambda: os.execv("/bin/true", ["true"]))
    return {"tried": tried, "environment": sorted(os.environ)}
"""


def test_the_walls_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A reader that turned hostile reads, writes, calls and starts nothing."""
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    probe = tmp_path / "probe.py"
    starter = (
        "import importlib, sys, types, runpy\n"
        "import geomap.intake.read_text as real\n"
        f"exec(open({str(probe)!r}).read(), real.__dict__)\n"
        "from geomap.intake.reader import main\n"
        "from pathlib import Path\n"
        "sys.exit(main(Path(sys.argv[-1])))\n"
    )
    probe.write_text(PROBE, encoding="utf-8")
    popen = confined.subprocess.Popen

    def replaced(command, **more):
        return popen([command[0], "-I", "-c", starter, command[-1]], **more)

    monkeypatch.setattr(confined.subprocess, "Popen", replaced)
    monkeypatch.setenv("GEOMAP_SECRET_KEY", "hidden")
    file = write_csv(tmp_path / "a.csv", [ROW])
    options = {"secret": str(secret)}
    with run_confined("csv", file, suffix=".csv", options=options) as (answer, _folder):
        tried = answer["tried"]
    assert tried.pop("inside") == "done"
    if "landlock" not in answer["walls"]:  # a kernel before 5.13: files are not hidden
        tried = {name: tried[name] for name in ("socket", "fork", "run")}
    assert set(tried.values()) == {"PermissionError"}, tried
    assert not any(name.startswith("GEOMAP") for name in answer["environment"])


HANG = "import time\ntime.sleep(600)\n"
SPIN = "while True: pass\n"


@pytest.mark.parametrize("body", [HANG, SPIN], ids=["sleeps", "spins"])
def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str):
    monkeypatch.setattr(confined, "_GRACE_S", 0.0)
    started = []
    popen = confined.subprocess.Popen

    def replaced(command, **more):
        started.append(popen([command[0], "-I", "-c", body], **more))
        return started[-1]

    monkeypatch.setattr(confined.subprocess, "Popen", replaced)
    file = write_csv(tmp_path / "a.csv", [ROW])
    error = refusal(file, limits=Limits(seconds=0))
    assert "秒还没有读完" in error.reason.zh
    assert started[0].poll() is not None


def test_a_reader_that_swells_is_ended(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{"名称": "甲" * 1_000} for _ in range(200)])
    error = refusal(file, limits=Limits(output=20_000))
    assert "too large" in error.reason.en


def test_a_reader_without_memory_says_so(tmp_path: Path):
    rows = [{"名称": "甲" * 4_000, "n": i} for i in range(3_000)]
    file = write_geojson(tmp_path / "a.geojson", rows, [POINT] * len(rows))
    error = refusal(file, limits=Limits(memory=200 * confined.MIB))
    assert "memory" in error.reason.en


def test_limits_of_rows_columns_and_cells(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [ROW] * 4)
    assert "3" in refusal(file, limits=Limits(rows=3)).reason.en
    assert "columns" in refusal(file, limits=Limits(columns=2)).reason.en
    long = write_csv(tmp_path / "b.csv", [{"名称": "甲" * 101}])
    assert refusal(long, limits=Limits(cell=100)).reason.zh


def test_a_field_of_50_megabytes_is_refused(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_bytes(b'name,lon,lat\n"' + b"a" * 50_000_000 + b'",1,2\n')
    assert "larger than field limit" in refusal(file).reason.en


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text('name,lon,lat,note\nA,1,2,x\nB,1,2,"y\nC,1,2,z\nD,1,2,z\n', encoding="utf-8")
    error = refusal(file)
    assert "第 3 行" in error.reason.zh
    assert "引号" in error.fix.zh


def test_text_between_quotes_and_comma_is_not_guessed_at(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text('name,lon,lat\nA,1,2\n"B" x,1,2\n', encoding="utf-8")
    assert "第 3 行" in refusal(file).reason.zh


def test_quotes_hold_commas_lines_and_quotes(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{"name": 'a,b\n"c"', "lon": 1}])
    assert rows_of(file)[0][0] == 'a,b\n"c"'


def test_a_header_of_50_megabytes_is_refused(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a" * 50_000_000)
    assert refusal(file).reason.zh


def test_zero_bytes_in_a_row_do_no_harm(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"name,lon,lat\nA\x00B,120.6,28\n")
    with open_table(file, "sites") as table:
        assert "\x00" not in "".join(str(raw.cells) for raw in table).replace("\\x00", "")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.shp", "a.dbf", "a.shx"):
            archive.writestr(name, b"\x00" * 2_000_000)
    assert "unpacks to too much" in refusal(file, limits=Limits(unpacked=5_000_000)).reason.en
    sheet = tmp_path / "a.xlsx"
    sheet.write_bytes(file.read_bytes())
    assert "unpacks to too much" in refusal(sheet, limits=Limits(unpacked=5_000_000)).reason.en


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path):
    body = b"\x00\x00\x27\x0a" + b"\x00" * 3_000_000
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", body)
        archive.writestr("a.dbf", b"\x00" * 40)
    whole = file.read_bytes().replace(struct.pack("<I", len(body)), struct.pack("<I", 10))
    file.write_bytes(whole)
    assert refusal(file, limits=Limits(unpacked=1_000_000)).reason.zh


def test_an_archive_needs_one_whole_shapefile(tmp_path: Path):
    good = write_shapefile(tmp_path / "a.zip", [{"名称": "甲"}], [POINT])
    assert len(rows_of(good)) == 1
    bare = write_shapefile(tmp_path / "b.zip", [{"名称": "甲"}], [POINT], leave_out=(".dbf",))
    assert ".dbf" in refusal(bare).reason.zh
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("second.shp", b"x")
    assert "2" in refusal(good).reason.zh
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "0" in refusal(tmp_path / "c.zip").reason.zh


def truncated(file: Path) -> Path:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 2 // 3])
    return file


def test_files_cut_short_are_refused(tmp_path: Path):
    rows = [{"名称": f"甲{i}", "面积": i} for i in range(300)]
    points = [POINT] * 300
    for file in (
        write_xlsx(tmp_path / "a.xlsx", rows),
        write_shapefile(tmp_path / "a.zip", rows, points),
        write_geojson(tmp_path / "a.geojson", rows, points),
        write_gpkg(tmp_path / "a.gpkg", rows, points),
    ):
        assert refusal(truncated(file)).reason.zh, file.name


def test_a_sheet_with_an_entity_is_not_expanded(tmp_path: Path):
    file, secret = write_xlsx(tmp_path / "a.xlsx", [{"名称": "甲"}]), tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode()
    declared = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file://{secret}">]>'
    strings = strings.replace("<sst", f"{declared}<sst", 1).replace("甲", "&x;")
    parts["xl/sharedStrings.xml"] = strings.encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    try:
        assert "机密" not in str(rows_of(file))
    except InputError as error:
        assert "机密" not in error.reason.zh


def test_a_formula_stays_what_it_is(tmp_path: Path):
    """Text that looks like a formula is text; a real formula gives the value it had."""
    cells = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"]
    rows = [{"名称": cell} for cell in cells]
    for file in (write_csv(tmp_path / "a.csv", rows), write_xlsx(tmp_path / "a.xlsx", rows)):
        assert [row[0] for row in rows_of(file)] == cells


def test_json_nested_beyond_reason_is_refused(tmp_path: Path):
    file = tmp_path / "a.geojson"
    file.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")
    assert refusal(file).reason.zh


def test_a_geometry_that_cannot_be_is_kept_with_its_row(tmp_path: Path):
    shape = {"type": "Polygon", "coordinates": [[[120, 28], [120.1, 28]]]}
    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": "a"}, "geometry": shape}],
    }
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps(document), encoding="utf-8")
    with open_table(file, "zones") as table:
        raw = next(iter(table))
        with pytest.raises(InputError):
            table.shape(raw)


def test_an_unknown_ending_is_refused_with_those_known(tmp_path: Path):
    for name in ("a.pdf", "a", "a.vrt", "a.kml", "a.py"):
        (tmp_path / name).write_text("x", encoding="utf-8")
        assert ".csv" in refusal(tmp_path / name).fix.zh


def test_a_file_that_is_gone_or_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "dir.csv").mkdir()
    for name in ("none.csv", "dir.csv"):
        assert refusal(tmp_path / name).reason.zh


def test_a_link_to_another_file_of_the_reader_is_no_way_out(tmp_path: Path):
    """What the user names is read by the user's rights, and only it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    (tmp_path / "a.dbf").symlink_to(secret)
    file = write_csv(tmp_path / "a.csv", [ROW])
    assert "机密" not in str(rows_of(file))


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path):
    file = tmp_path / "a.gpkg"
    file.write_bytes(b"SQLite format 3\x00" + zlib.compress(b"x" * 500))
    assert refusal(file).reason.zh
