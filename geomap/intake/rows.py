"""One row on its way to a record: cells are taken by field, and every remark is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from geomap.domain.words import Label
from geomap.intake.reading import UNSET_FORMULA
from geomap.intake.report import Finding, Findings, Outcome
from geomap.intake.tables import Raw, Table
from geomap.intake.values import BadValueError, Cell, Parsed, Parser, as_text, fold, is_empty

_ID = re.compile(r"[A-Za-z0-9._:~-]{1,64}")
_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
Tick = Callable[[int], None]


def no_tick(_rows: int) -> None:
    """Take no notice of progress."""


class Row:
    """A row under the broom: what was found on it decides its outcome."""

    def __init__(self, raw: Raw, table: Table, findings: Findings) -> None:
        self.raw = raw
        self.number = raw.number
        self.outcome = Outcome.ACCEPTED
        self._mapped = table.mapped
        self._findings = findings

    @property
    def good(self) -> bool:
        """Whether the row may be stored so far."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.FIXED)

    def has(self, field: str) -> bool:
        """Return whether the file has a column for a field."""
        return field in self._mapped.column

    def cell(self, field: str) -> Cell:
        """Return the cell of a field, None where it is empty or has no column."""
        index = self._mapped.column.get(field)
        if index is None or index >= len(self.raw.cells):
            return None
        value = self.raw.cell(index)
        return None if is_empty(value) else value

    def text(self, field: str) -> str:
        """Return the cell of a field as text."""
        return as_text(self.cell(field))

    def note(
        self,
        outcome: Outcome,
        code: str,
        reason: Label,
        *,
        field: str = "",
        to: Any = "",
        fix: Label | None = None,
        value: str | None = None,
    ) -> None:
        """Keep a remark; the worst of them is the row's outcome."""
        if _RANK[outcome] > _RANK[self.outcome]:
            self.outcome = outcome
        shown = as_text(self.cell(field)) if value is None and field else value or ""
        column = self._mapped.header.get(field, "")
        self._findings.add(
            Finding(
                row=self.number,
                outcome=outcome,
                code=code,
                reason=reason,
                field=field,
                column=column,
                value=shown[:80],
                to=str(to)[:80],
                fix=fix,
            )
        )

    def fixed(self, code: str, reason: Label, *, field: str = "", to: Any = "") -> None:
        """Say that a value was corrected or assumed."""
        self.note(Outcome.FIXED, code, reason, field=field, to=to)

    def doubt(self, code: str, reason: Label, *, field: str = "", fix: Label | None = None) -> None:
        """Put the row aside for a person."""
        self.note(Outcome.QUARANTINED, code, reason, field=field, fix=fix)

    def reject(
        self, code: str, reason: Label, *, field: str = "", fix: Label | None = None
    ) -> None:
        """Refuse the row."""
        self.note(Outcome.REJECTED, code, reason, field=field, fix=fix)

    def require_mark(self, stored: Any, values: Mapping[str, Any]) -> None:
        """Refuse to turn real data of the record into made-up data, which may be cleared away."""
        if stored is not None and values.get("demo") and not stored.demo:
            self.reject(
                "made_up_over_real",
                Label(
                    "同编号的记录是真实数据，这一行却标了演示数据",
                    "the record holds real data under this id, and the row is marked as made up",
                ),
                field="demo",
                fix=Label("去掉标记，或换一个编号", "take the mark away, or use another id"),
            )

    def parse(self, field: str, parser: Parser) -> Any:
        """Return the parsed cell of a field; None where it is empty or cannot be read."""
        cell = self.cell(field)
        if cell is None:
            return None
        try:
            parsed = parser(cell, self._mapped.unit.get(field, ""))
        except BadValueError as error:
            outcome = Outcome.QUARANTINED if error.doubtful else Outcome.REJECTED
            self.note(outcome, error.code, error.reason, field=field, fix=error.fix)
            return None
        if parsed.note is not None:
            self.fixed(parsed.code, parsed.note, field=field, to=_shown(parsed.value))
        return parsed.value

    def take(self, parsers: Mapping[str, Parser], blanks: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the fields that the file has columns for.

        An empty cell gives the field's value in `blanks` (None where it has none).
        """
        values = {}
        for field, parser in parsers.items():
            if self.has(field):
                value = self.parse(field, parser)
                values[field] = blanks.get(field) if value is None else value
        return values

    def require(self, fields: Sequence[str]) -> None:
        """Refuse the row where one of the fields is empty."""
        for field in fields:
            if self.cell(field) is None:
                self.reject(
                    "missing",
                    Label("没有填", "missing"),
                    field=field,
                    fix=Label("补上", "fill it in"),
                )

    def refuse_unset_formulas(self) -> None:
        """Refuse a row where a field's cell holds a formula that nobody has worked out."""
        for field, index in self._mapped.column.items():
            cell = self.raw.cells[index] if index < len(self.raw.cells) else None
            if isinstance(cell, str) and cell.startswith(UNSET_FORMULA):
                name = cell.removeprefix(UNSET_FORMULA)
                self.raw.cells[index] = None
                self.note(
                    Outcome.REJECTED,
                    "formula_unset",
                    Label(
                        f"单元格 {name} 的公式没有算出的值",
                        f"the formula in cell {name} has no value",
                    ),
                    field=field,
                    fix=Label(
                        "用 Excel 打开并保存一次，或改成值",
                        "open and save it in a spreadsheet program, or write the value",
                    ),
                )

    def id(self) -> str:
        """Return the id that the row gives, "" where none; refuse one that cannot be."""
        text = self.text("id")
        if text and not _ID.fullmatch(text):
            self.reject(
                "bad_id",
                Label(
                    "编号只能用字母、数字和 . _ : ~ -",
                    "an id holds only letters, digits and . _ : ~ -",
                ),
                field="id",
                fix=Label("改写编号，或删去编号列", "rewrite it, or remove the column of ids"),
            )
            return ""
        return text

    def close(self) -> bool:
        """Count the row by its outcome; return whether it may be stored."""
        self._findings.close(self.outcome)
        return self.good


def _shown(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, tuple):
        return "、".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def stable_id(prefix: str, *parts: object) -> str:
    """Return an id made of content: the same parts give the same id on every machine."""
    text = "\x1f".join(fold(str(part)) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def sweep(table: Table, findings: Findings, tick: Tick = no_tick) -> Iterator[Row]:
    """Give the rows of a table one by one; a row with cells beyond the headers is refused."""
    for done, raw in enumerate(table):
        if done % 1_000 == 0:
            tick(done)
        row = Row(raw, table, findings)
        if raw.surplus:
            row.reject(
                "too_many_cells",
                Label(
                    "比表头多出单元格，可能有没加引号的逗号",
                    "more cells than headers: a comma may lack its quotes",
                ),
                fix=Label("给含逗号的单元格加引号", "quote cells that hold a comma"),
            )
        row.refuse_unset_formulas()
        yield row


class SeenIds:
    """Refuses an id that stands twice in a file."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def check(self, row: Row, row_id: str, *, made: bool = False) -> None:
        """Take an id, and refuse the row where it was seen before.

        An id that was made of content tells that two rows cannot be told apart.
        """
        first = self._seen.setdefault(row_id, row.number)
        if first == row.number:
            return
        reason = Label(f"编号和第 {first} 行相同", f"row {first} has the same id")
        if made:
            reason = Label(
                f"没有编号，内容又和第 {first} 行分不开",
                f"it has no id, and its content does not tell it from row {first}",
            )
        fix = Label("每行给一个编号", "give every row its own id")
        row.reject("duplicate_id", reason, field="id", fix=fix)


__all__ = ["Parsed", "Row", "SeenIds", "Tick", "no_tick", "stable_id", "sweep"]
