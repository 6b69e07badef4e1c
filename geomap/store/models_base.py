"""What all tables share.

Every table has `fid` (the integer key that a GeoPackage wants). Records that people edit
have `version`, which optimistic edits check, and `updated_at`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Double, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from geomap.store.types import JsonText, UtcTime, Words


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        float: Double,
        bool: Boolean,
        int: Integer,
        datetime: UtcTime,
        tuple[str, ...]: Words,
        dict[str, object]: JsonText,
    }


class Row:
    fid: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


class Versioned(Row):
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime | None] = mapped_column(default=None)
