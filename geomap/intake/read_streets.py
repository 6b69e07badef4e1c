"""OpenStreetMap extracts and road lines, read in the confined process.

The readers are those of `geomap.streets`; what they make goes back as arrays and JSON
lines, never as pickled objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.intake.reading import ROWS, check_archive, refuse
from geomap.streets.lines import read_line_ways
from geomap.streets.osm import read_osm_amenities, read_osm_ways
from geomap.streets.osm_file import header_date
from geomap.streets.ways import Ways

UNMAPPED_NAMED = 200
"""Tags without a category that an answer names, the most frequent first."""
ARRAYS = ("coords", "offsets", "node_id", "klass", "bridge")


def _hand_back(
    ways: Ways, dropped: Mapping[str, int], folder: Path, **facts: Any
) -> dict[str, Any]:
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(ways, name), allow_pickle=False)
    (folder / "names.json").write_bytes(orjson.dumps(list(ways.name)))
    extent = list(ways.extent) if ways.extent else None
    return {"ways": len(ways), "dropped": dict(dropped), "extent": extent, **facts}


@contextmanager
def _without_name(file: Path) -> Iterator[None]:
    """Take the name of the copy out of a reader's error: the caller puts the user's there."""
    try:
        yield
    except InputError as error:
        zh = error.reason.zh.removeprefix(f"读不了 {file.name}：")
        en = error.reason.en.removeprefix(f"Cannot read {file.name}: ")
        raise InputError(Label(zh, en), fix=error.fix, field=error.field) from error


def read_osm(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read the streets of an extract."""
    with _without_name(file):
        ways, dropped = read_osm_ways(file)
        return _hand_back(ways, dropped, folder, date=header_date(file))


def read_lines(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read road centrelines."""
    if file.suffix == ".zip":
        check_archive(file, limits).close()
    more = {"node_crossings": True} if options.get("node_crossings") else {}
    with _without_name(file):
        ways, dropped = read_line_ways(
            file, options["crs"], options.get("encoding") or None, **more
        )
    return _hand_back(ways, dropped, folder, date="")


def read_amenities(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read the amenities of an extract."""
    with _without_name(file):
        found, dropped, unmapped = read_osm_amenities(file)
    if len(found) > limits["rows"]:
        raise refuse("配套太多", "it holds too many amenities", "裁剪到本市", "Cut it to the city")
    with (folder / ROWS).open("wb") as stream:
        for a in found:
            row = [a.id, a.name, a.category.value, a.lon, a.lat, a.address, a.source, a.source_date]
            stream.write(orjson.dumps(row) + b"\n")
    named = dict(list(unmapped.items())[:UNMAPPED_NAMED])
    rest = sum(unmapped.values()) - sum(named.values())
    return {"rows": len(found), "dropped": dropped, "unmapped": named, "unmapped_rest": rest}
