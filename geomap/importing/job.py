"""One import as it goes: what was read so far, what it would change, what it says meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from geomap.config import Settings
from geomap.domain.errors import InputError, NotReadyError
from geomap.domain.words import Label
from geomap.intake.dates import CITY_TIME
from geomap.intake.record import Record
from geomap.intake.region import Region, require_region
from geomap.intake.report import Findings
from geomap.intake.tables import Table, open_table
from geomap.store.engine import Transaction

Say = Callable[[Label], None]
_PATIENCE_S = 1.0
_EVERY_S = 5.0


@dataclass
class Plan:
    """What an import would change.

    Parameters
    ----------
    write
        Does it, inside one transaction.
    tables
        Tables that must not change between reading and writing.
    doubtful
        Whether the whole file is in doubt, as one whose datum another fits better.
    """

    write: Callable[[Transaction], None]
    tables: tuple[str, ...]
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    warnings: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()
    doubtful: bool = False


@dataclass
class Job:
    """One import under way: what was asked, and what the record holds."""

    settings: Settings
    kind: str
    file: Path
    crs: str
    encoding: str | None
    node_crossings: bool
    say: Say
    record: Record
    day: str = ""
    findings: Findings = field(default_factory=Findings)
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[Label] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _next: float = field(default_factory=lambda: time.monotonic() + _PATIENCE_S)

    @cached_property
    def region(self) -> Region:
        """The region of the settings, with the county boundaries of the record or the set-up."""
        return require_region(self.settings.region, self.record.counties() or self._packaged())

    def _packaged(self) -> Sequence[Any]:
        from geomap.build import locate_shapefiles
        from geomap.intake.boundaries import read_county_shapefile

        try:
            return read_county_shapefile(locate_shapefiles(self.settings))
        except (InputError, NotReadyError):
            return ()

    @property
    def source(self) -> str:
        """What to name as the source where the file does not."""
        return self.file.name

    def waiting(self, _seconds: float) -> None:
        """Say that reading goes on."""
        self._say(Label(f"正在读 {self.file.name} …", f"Reading {self.file.name} …"))

    def tick(self, rows: int) -> None:
        """Say how many rows were cleaned."""
        if rows:
            self._say(Label(f"已清洗 {rows:,} 行 …", f"{rows:,} rows cleaned …"))

    def working(self, text: Label) -> None:
        """Say what is done after the reading."""
        self._say(text)

    def _say(self, text: Label) -> None:
        """Say it when a second has passed, and then not more often than is worth reading."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY_S
            self.say(text)

    @contextmanager
    def table(self) -> Iterator[Table]:
        """Open the file as a table, and note what was read."""
        with open_table(
            self.file, self.kind, encoding=self.encoding, waiting=self.waiting
        ) as table:
            self.facts |= {
                "format": table.format,
                "encoding": table.encoding,
                "columns": dict(table.mapped.header),
                "unknown_columns": table.mapped.unknown,
            }
            self.notes += table.notes
            yield table


def city_day(now: datetime) -> date:
    """Return the day that a moment is in Wenzhou."""
    return now.astimezone(CITY_TIME).date()
