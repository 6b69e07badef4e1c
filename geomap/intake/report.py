"""The report of an import: what became of every row, and why.

A row is accepted, fixed (stored with a correction that is said), quarantined (plausible,
but a person must look), rejected, or skipped (rightly no part of the import, as a car park
in a table of points of interest). Equal findings are grouped: a million rows with one
fault make one line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geomap.domain.words import Label

OSM = "OpenStreetMap"
"""Format of a report whose places are counted, for want of rows."""
KEEP = 50
"""Examples kept of each group of findings."""
_SHOWN = 5
_ROWS_SHOWN = 12


class Outcome(StrEnum):
    """What became of a row, best first."""

    ACCEPTED = "accepted"
    FIXED = "fixed"
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


OUTCOME_LABELS = {
    Outcome.ACCEPTED: Label("接受", "accepted"),
    Outcome.FIXED: Label("修正", "fixed"),
    Outcome.SKIPPED: Label("略过", "skipped"),
    Outcome.QUARANTINED: Label("存疑", "quarantined"),
    Outcome.REJECTED: Label("拒绝", "rejected"),
}
KIND_LABELS = {
    "sites": Label("基地", "sites"),
    "units": Label("单元", "units"),
    "amenities": Label("配套", "amenities"),
    "streets": Label("路网", "streets"),
    "boundaries": Label("县界", "boundaries"),
    "zones": Label("功能区", "zones"),
    "projects": Label("项目", "projects"),
    "entries": Label("清单", "entries"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one row; `column` is the header as the file writes it."""

    row: int
    outcome: Outcome
    code: str
    reason: Label
    field: str = ""
    column: str = ""
    value: str = ""
    to: str = ""
    fix: Label | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the remark as JSON."""
        return {
            "row": self.row,
            "outcome": self.outcome,
            "code": self.code,
            "field": self.field,
            "column": self.column,
            "value": self.value,
            **({"to": self.to} if self.outcome is Outcome.FIXED else {}),
            "reason": self.reason._asdict(),
            "fix": self.fix._asdict() if self.fix else None,
        }


@dataclass(slots=True)
class Group:
    """Findings of one kind: how many, and the first of them."""

    count: int = 0
    examples: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Findings:
    """Gathers remarks while rows are cleaned."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    groups: dict[tuple[Outcome, str, str], Group] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Take a remark on a row."""
        key = (finding.outcome, finding.code, finding.field)
        group = self.groups.setdefault(key, Group())
        group.count += 1
        if len(group.examples) < KEEP:
            group.examples.append(finding)

    def count(self, outcome: Outcome, code: str, reason: Label, rows: int) -> None:
        """Count many rows of one outcome and reason that have no number in the file."""
        group = self.groups.setdefault((outcome, code, ""), Group())
        group.count += rows
        if not group.examples:
            group.examples.append(Finding(row=0, outcome=outcome, code=code, reason=reason))
        self.close(outcome, rows)

    def close(self, outcome: Outcome, rows: int = 1) -> None:
        """Count rows by what became of them."""
        self.counts[outcome] += rows

    @property
    def rows(self) -> int:
        """Rows counted so far."""
        return sum(self.counts.values())

    @property
    def bad(self) -> int:
        """Rows that may not be stored."""
        return self.counts[Outcome.QUARANTINED] + self.counts[Outcome.REJECTED]

    @property
    def good(self) -> int:
        """Rows that may be stored."""
        return self.counts[Outcome.ACCEPTED] + self.counts[Outcome.FIXED]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import read, what it found, and what it stored."""

    kind: str
    file: str
    format: str = ""
    encoding: str = ""
    crs: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    findings: Findings = field(default_factory=Findings)
    warnings: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()
    dry_run: bool = False
    accept_partial: bool = False
    stored: bool = False
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    doubtful: bool = False
    """Whether the whole file is in doubt; a warning says why."""

    @property
    def storable(self) -> bool:
        """Whether there is something to store and nothing that forbids it."""
        findings = self.findings
        in_order = findings.bad == 0 and not self.doubtful
        return findings.good > 0 and (self.accept_partial or in_order)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON; of each group of findings the first `KEEP`."""
        counts = self.findings.counts
        return {
            "kind": self.kind,
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "crs": self.crs,
            "columns": self.columns,
            "unknown_columns": list(self.unknown_columns),
            "rows": self.findings.rows,
            "counts": {outcome.value: counts[outcome] for outcome in Outcome},
            "findings": [
                {
                    "outcome": outcome,
                    "code": code,
                    "field": name,
                    "count": group.count,
                    "examples": [finding.to_json() for finding in group.examples],
                }
                for (outcome, code, name), group in self._ordered()
            ],
            "warnings": [label._asdict() for label in self.warnings],
            "notes": [label._asdict() for label in self.notes],
            "doubtful": self.doubtful,
            "dry_run": self.dry_run,
            "stored": self.stored,
            "new": self.new,
            "updated": self.updated,
            "unchanged": self.unchanged,
        }

    def _ordered(self) -> list[tuple[tuple[Outcome, str, str], Group]]:
        rank = {outcome: -i for i, outcome in enumerate(Outcome)}
        return sorted(self.findings.groups.items(), key=lambda item: rank[item[0][0]])

    def to_text(self, language: str) -> str:
        """Return the report as text, in "zh" or "en"."""
        return "\n".join(_Text(self, "en" if language == "en" else "zh").lines())


class _Text:
    """Writes a report in one language."""

    def __init__(self, report: ImportReport, language: str) -> None:
        self.report = report
        self.language = language

    def say(self, label: Label) -> str:
        return str(getattr(label, self.language))

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def lines(self) -> list[str]:
        report = self.report
        out = [self.title()]
        if report.columns:
            pairs = (f"{column} → {name}" for name, column in report.columns.items())
            out.append(self.pick("  列：", "  Columns: ") + self.join(pairs))
        if report.unknown_columns:
            what = self.pick("  没有用到的列：", "  Columns not used: ")
            out.append(what + self.join(report.unknown_columns))
        out += [f"  ⚠ {self.say(label)}" for label in report.warnings]
        out.append(self.totals())
        for key, group in report._ordered():
            out += self.group(key[0], group)
        out += [f"  · {self.say(label)}" for label in report.notes]
        return [*out, self.verdict()]

    def word(self) -> str:
        """Return what the import counts: the lines of streets, the places of an extract, rows."""
        if self.report.kind == "streets":
            return self.pick("条", "ways")
        return self.pick("处", "places") if self.report.format == OSM else self.pick("行", "rows")

    def join(self, items: Any) -> str:
        return self.pick("、", ", ").join(items)

    def title(self) -> str:
        report = self.report
        facts = [report.format]
        if report.encoding:
            facts.append(self.pick("编码 ", "encoding ") + report.encoding)
        if report.crs:
            facts.append(self.pick("坐标系 ", "CRS ") + report.crs)
        about = self.pick("，", ", ").join(fact for fact in facts if fact)
        kind = self.say(KIND_LABELS[report.kind])
        return self.pick(f"{kind}：{report.file}（{about}）", f"{kind}: {report.file} ({about})")

    def totals(self) -> str:
        counts = self.report.findings.counts
        parts = [
            f"{self.say(OUTCOME_LABELS[outcome])} {counts[outcome]:,}"
            for outcome in Outcome
            if counts[outcome] or outcome is not Outcome.SKIPPED
        ]
        rows = self.report.findings.rows
        word = self.word()
        head = self.pick(f"  共 {rows:,} {word}：", f"  {rows:,} {word}: ")
        return head + self.pick("，", ", ").join(parts)

    def group(self, outcome: Outcome, group: Group) -> list[str]:
        first = group.examples[0]
        word = self.say(OUTCOME_LABELS[outcome])
        where = f" {first.column or first.field}" if first.field else ""
        same = len({(f.reason, f.fix) for f in group.examples}) == 1
        head = f"  {word}{where}"
        if same:
            head += self.pick("：", ": ") + self.say(first.reason)
        word = self.word()
        count = self.pick(f"（{group.count:,} {word}）", f" ({group.count:,} {word})")
        out = [head + (count if group.count > 1 else "")]
        out += self.examples(group, same)
        if first.fix and same:
            out.append(f"      → {self.say(first.fix)}")
        return out

    def examples(self, group: Group, same: bool) -> list[str]:
        shown = group.examples[:_SHOWN]
        if same and not any(f.value or f.to for f in shown):
            rows = [str(f.row) for f in group.examples[:_ROWS_SHOWN] if f.row]
            more = "…" if group.count > len(rows) else ""
            text = self.join(rows) + more
            word = "row" if len(rows) == 1 else "rows"
            return [self.pick(f"      第 {text} 行", f"      {word} {text}")] if rows else []
        out = [f"      {self.example(f, same)}" for f in shown]
        left = group.count - len(shown)
        if left:
            out.append(self.pick(f"      … 另有 {left:,} 行", f"      … and {left:,} more"))
        return out

    def example(self, finding: Finding, same: bool) -> str:
        text = self.pick(f"第 {finding.row} 行", f"row {finding.row}") if finding.row else ""
        if finding.value:
            text += f" “{finding.value}”"
        if finding.to:
            text += f" → {finding.to}"
        if not same:
            text += self.pick("：", ": ") + self.say(finding.reason)
            text += f"  → {self.say(finding.fix)}" if finding.fix else ""
        return text

    def verdict(self) -> str:
        report, findings = self.report, self.report.findings
        bad = findings.bad
        if report.stored:
            text = Label(
                f"✓ 已保存：新增 {report.new:,}，更新 {report.updated:,}，"
                f"未变 {report.unchanged:,}" + (f"；没有保存 {bad:,} 行" if bad else ""),
                f"✓ Stored: {report.new:,} new, {report.updated:,} updated, "
                f"{report.unchanged:,} unchanged" + (f"; {bad:,} rows left out" if bad else ""),
            )
        elif report.dry_run and report.storable:
            text = Label(
                f"✓ 只是检查，没有保存。会新增 {report.new:,}，更新 {report.updated:,}，"
                f"未变 {report.unchanged:,}",
                f"✓ Checked only, nothing stored. It would store {report.new:,} new, "
                f"{report.updated:,} updated, {report.unchanged:,} unchanged",
            )
        elif not findings.good:
            text = Label("✗ 没有保存：没有一行可用。", "✗ Nothing stored: no row can be used.")
        elif report.doubtful and not bad:
            text = Label(
                "✗ 没有保存：坐标系存疑（见 ⚠）。确认声明无误后，加 --accept-partial 保存。",
                "✗ Nothing stored: the CRS is in doubt (see ⚠). If it is declared rightly, add "
                "--accept-partial to store the file as it is.",
            )
        else:
            text = Label(
                "✗ 没有保存：有存疑或拒绝的行。修好后重来，或加 --accept-partial 只保存好的行。",
                "✗ Nothing stored: some rows are in doubt or rejected. Mend them and repeat, "
                "or add --accept-partial to store the good rows alone.",
            )
        return self.say(text)
