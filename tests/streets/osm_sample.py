"""Small OpenStreetMap files, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

Tags = Mapping[str, str]


class OsmXml:
    """Nodes, ways and relations of one .osm file; places are metres near 120.7°E, 28.0°N."""

    def __init__(self, bounds: tuple[float, float, float, float] | None = None) -> None:
        self._lines: list[str] = []
        if bounds is not None:
            west, south, east, north = bounds
            self._lines.append(
                f'<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>'
            )

    def node(
        self, ident: int, x: float, y: float, tags: Tags | None = None, *, at: str = ""
    ) -> None:
        """Add a node; `at` is the moment of its last edit."""
        lon, lat = 120.7 + x / 98_300.0, 28.0 + y / 110_800.0
        stamp = f' timestamp="{at}"' if at else ""
        head = f'<node id="{ident}" version="1"{stamp} lon="{lon:.7f}" lat="{lat:.7f}">'
        self._lines.append(f"{head}{_tags(tags)}</node>")

    def way(self, ident: int, nodes: Sequence[int], tags: Tags | None = None) -> None:
        refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
        self._lines.append(f'<way id="{ident}" version="1">{refs}{_tags(tags)}</way>')

    def relation(self, ident: int, members: Sequence[tuple[int, str]], tags: Tags) -> None:
        refs = "".join(f'<member type="way" ref="{w}" role="{r}"/>' for w, r in members)
        self._lines.append(f'<relation id="{ident}" version="1">{refs}{_tags(tags)}</relation>')

    def write(self, path: Path) -> Path:
        body = "\n".join(self._lines)
        path.write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n',
            encoding="utf-8",
        )
        return path

    def write_pbf(self, path: Path, **header: str) -> Path:
        """Write the same as a .osm.pbf, with fields of its header as given."""
        import osmium

        xml = self.write(path.with_name(f"{path.name}.osm"))
        with osmium.io.Reader(str(xml)) as reader:
            box = reader.header().box()
        head = osmium.io.Header()
        for name, value in header.items():
            head.set(name, value)
        if box.valid():
            head.add_box(box)
        with osmium.SimpleWriter(str(path), header=head) as writer:
            for item in osmium.FileProcessor(str(xml)):
                writer.add(item)
        xml.unlink()
        return path


def _tags(tags: Tags | None) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in (tags or {}).items())
