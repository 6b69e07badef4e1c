"""What both readers of OpenStreetMap extracts share: the header, and refusals."""

from __future__ import annotations

from pathlib import Path

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.streets.osm_pbf import check_pbf


def refuse_file(path: Path, why: Exception | Label) -> InputError:
    """Return the error that says why an extract cannot be read."""
    zh, en = why if isinstance(why, Label) else (str(why), str(why))
    return InputError(
        Label(f"读不了 {path.name}：{zh}", f"Cannot read {path.name}: {en}"),
        fix=Label(
            "给出完整的 .osm.pbf 或 .osm 文件（例如 geofabrik 的提取）",
            "Give a whole .osm.pbf or .osm file (a Geofabrik extract, for one)",
        ),
        field="file",
    )


def require_osm_file(path: Path) -> None:
    """Refuse what cannot be an extract, before pyosmium opens it.

    Raises
    ------
    InputError
        It is missing, a folder, empty, a PBF with a broken frame, or XML that declares
        entities, which could swell without end or name other files.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4_096)
    except OSError as error:
        raise refuse_file(path, error) from error
    if path.name.lower().endswith(".pbf"):
        check_pbf(path)
    elif b"<!" in head.replace(b"<!--", b""):
        raise refuse_file(path, Label("XML 里有声明（<!…>）", "its XML holds a declaration"))


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
