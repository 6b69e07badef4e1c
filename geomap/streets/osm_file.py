"""What both readers of OpenStreetMap extracts share: the header, and refusals."""

from __future__ import annotations

from pathlib import Path

from geomap.domain.errors import InputError
from geomap.domain.words import Label


def refuse_file(path: Path, error: Exception) -> InputError:
    return InputError(
        Label(f"读不了 OSM 文件 {path.name}：{error}", f"Cannot read {path.name}: {error}"),
        fix=Label(
            "给出完整的 .osm.pbf 或 .osm 文件（例如 geofabrik 的提取）",
            "Give a whole .osm.pbf or .osm file (a Geofabrik extract, for one)",
        ),
        field="file",
    )


def header_box(path: Path) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the extract, where its header says so."""
    import osmium

    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
        return low.lon, low.lat, high.lon, high.lat


def header_date(path: Path) -> str:
    """Return the day of the extract (ISO), "" where its header does not say."""
    import osmium

    with osmium.io.Reader(str(path)) as reader:
        return reader.header().get("osmosis_replication_timestamp", "")[:10]
