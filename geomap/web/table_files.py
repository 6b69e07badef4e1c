"""Plain tables as downloads that no cache keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response

from geomap.web.files import MIMETYPES

if TYPE_CHECKING:
    from layers.tables import Sheet

FORMATS = ("xlsx", "csv")


def table_answer(sheets: Sequence[Sheet], kind: str, name: str) -> Response:
    """Return sheets as a file; CSV holds the first alone.

    Parameters
    ----------
    sheets
        At least one.
    kind
        One of `FORMATS`.
    name
        Of the file, without its ending.
    """
    from layers.tables import write_csv, write_workbook

    content = write_workbook(sheets) if kind == "xlsx" else write_csv(sheets[0])
    response = Response(content, mimetype=MIMETYPES[kind])
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = "no-store"
    return response
