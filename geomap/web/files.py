"""A table as a download, written by the same writers as `geomap export`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Response

from layers.spec import LayerSpec

MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}


def file_answer(spec: LayerSpec, frame: Any, kind: str, name: str) -> Response:
    """Return a frame (EPSG:4326) as a file to keep.

    Parameters
    ----------
    spec
        The layer, for headings and units.
    frame
        Its features.
    kind
        One of `MIMETYPES`.
    name
        Of the file, ASCII, without its ending.
    """
    from layers.export import write_layer

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{kind}"
        write_layer(spec, frame, path)
        content = path.read_bytes()
    response = Response(content, mimetype=MIMETYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response
