"""Column types that mean the same in both stores.

Geometry is GeoPackageBinary in the embedded file and a PostGIS `geometry` on PostgreSQL,
sent and read as hexadecimal EWKB. GeoAlchemy2 is not used: its hooks on every table look
for SpatiaLite's tables in the SQLite file, which is no SpatiaLite database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from geomap.geo.gpb import decode_gpb, encode_gpb

SRID = 4326


class _NamedType(UserDefinedType[Any]):
    """A type that SQLAlchemy does not know, by its name in the store."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry in EPSG:4326."""

    impl = _NamedType
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        super().__init__(kind)
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type of the store at hand."""
        postgis = dialect.name == "postgresql"
        name = f"geometry({self.kind},{SRID})" if postgis else self.kind
        return dialect.type_descriptor(_NamedType(name))

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        """Encode a geometry for the store at hand."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            flat = shapely.set_srid(shapely.force_2d(value), SRID)
            return shapely.to_wkb(flat, hex=True, include_srid=True)
        return encode_gpb(value, SRID)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        """Decode what the store returns."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            shape: BaseGeometry = shapely.set_srid(shapely.from_wkb(value), 0)
            return shape
        return decode_gpb(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment; kept in UTC, and as the GeoPackage's DATETIME text in the embedded file."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type of the store at hand."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(_NamedType("DATETIME"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Encode; a moment without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return moment
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Decode to an aware moment in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Words(TypeDecorator[tuple[str, ...]]):
    """A short list of words, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Encode; None is no words."""
        return json.dumps([str(word) for word in value or ()], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Decode to a tuple."""
        return tuple(json.loads(value)) if value else ()


class JsonText(TypeDecorator[dict[str, object]]):
    """A JSON object as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, object] | None, dialect: Dialect) -> str | None:
        """Encode; None stays None."""
        return None if value is None else json.dumps(value, ensure_ascii=False, default=str)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decode."""
        return None if value is None else json.loads(value)
