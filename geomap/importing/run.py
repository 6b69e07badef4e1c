"""Importing a file: read it in confinement, clean it, report, and store it whole or not.

The rooms of intake know neither settings nor each other's results; this module hands them
on, for the command line and for the web.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from geomap.config import Settings
from geomap.domain.errors import GeomapError, InputError, NotReadyError
from geomap.domain.words import Label
from geomap.importing.job import Job, Plan, Say
from geomap.intake.dates import parse_data_day
from geomap.intake.record import Record, require_unchanged
from geomap.intake.report import KIND_LABELS, ImportReport
from geomap.intake.values import BadValueError
from geomap.store.engine import open_store

ACTOR = "import"
PARTS: dict[str, tuple[str, ...]] = {
    "sites": ("joins", "rings", "coverage"),
    "amenities": ("rings", "coverage"),
    "streets": ("rings", "coverage"),
    "boundaries": ("joins",),
    "zones": ("joins",),
    "units": (),
    "projects": (),
}
"""What must be built again after each kind."""

DEMO_TABLES = {
    "sites": ("sites",),
    "units": ("units",),
    "amenities": ("amenities",),
    "streets": ("sites", "amenities", "water"),
    "projects": ("projects",),
    "zones": ("zones",),
    "boundaries": (),
}
"""Tables whose made-up rows stay beside an import of each kind."""

_TABLES = {"boundaries": "counties"}


def import_file(
    settings: Settings,
    kind: str,
    file: Path,
    *,
    crs: str = "",
    encoding: str | None = None,
    dry_run: bool = False,
    accept_partial: bool = False,
    node_crossings: bool = False,
    day: str = "",
    say: Say = lambda _text: None,
) -> ImportReport:
    """Import a file into the record.

    Parameters
    ----------
    settings
        Where the record is, and the region that data must lie in.
    kind
        ``sites | units | amenities | streets | boundaries | zones | projects``.
    file
        CSV, Excel, GeoJSON, zipped Shapefile or GeoPackage; streets and amenities also
        ``.osm.pbf``; projects also JSON.
    crs
        ``wgs84 | cgcs2000 | gcj02 | bd09 | EPSG:n``; needed for whatever has coordinates.
    encoding
        Of a CSV or a Shapefile; detected, and said, where it is not declared.
    dry_run
        Check only.
    accept_partial
        Store the good rows although others are in doubt or rejected, and a file whose
        datum is in doubt as it is declared.
    node_crossings
        Join road lines where they cross, also without a common vertex.
    day
        Day that amenities are of (2026-03-01, or a month or year), where they do not say.
    say
        Told of progress.

    Returns
    -------
    ImportReport
        What became of every row. `stored` is False where a row forbids it.

    Raises
    ------
    InputError
        The file as a whole cannot be used.
    ConflictError
        The record was changed meanwhile.
    """
    from geomap.importing.kinds import PLANS

    if kind not in PLANS:
        raise InputError(Label(f"没有种类 {kind!r}", f"There is no kind {kind!r}"), field="kind")
    record = _open_record(settings, create=not dry_run)
    try:
        job = Job(
            settings, kind, Path(file), crs, encoding, node_crossings, say, record, _read_day(day)
        )
        plan = PLANS[kind](job)
        report = _report(job, plan, dry_run=dry_run, accept_partial=accept_partial)
        if dry_run or not report.storable:
            return report
        _store(job, plan)
        return _finish(job, plan, report)
    finally:
        if record.store is not None:
            record.store.close()


def _read_day(text: str) -> str:
    """Return a declared day as ISO text, "" where none is declared."""
    try:
        return str(parse_data_day(text).value) if text else ""
    except BadValueError as error:
        raise InputError(error.reason, fix=error.fix, field="date") from error


def _open_record(settings: Settings, *, create: bool) -> Record:
    if create:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        return Record(open_store(settings.database_url, create=create))
    except NotReadyError:
        return Record(None)


def _report(job: Job, plan: Plan, *, dry_run: bool, accept_partial: bool) -> ImportReport:
    return ImportReport(
        kind=job.kind,
        file=job.file.name,
        crs=job.crs,
        findings=job.findings,
        warnings=plan.warnings,
        notes=(*job.notes, *plan.notes),
        dry_run=dry_run,
        accept_partial=accept_partial,
        new=plan.new,
        updated=plan.updated,
        unchanged=plan.unchanged,
        doubtful=plan.doubtful,
        **job.facts,
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _store(job: Job, plan: Plan) -> None:
    """Write everything in one transaction, with a line in the change log for the file."""
    store = job.record.store
    if store is None or not plan.new + plan.updated:
        return
    with store.writing(ACTOR) as tx:
        require_unchanged(tx, job.record.seq, plan.tables)
        plan.write(tx)
        about: dict[str, object] = {
            "file": job.file.name,
            "sha256": _sha256(job.file),
            "crs": job.crs,
            "new": plan.new,
            "updated": plan.updated,
        }
        tx.log("import", _TABLES.get(job.kind, job.kind), patch=about)


def _finish(job: Job, plan: Plan, report: ImportReport) -> ImportReport:
    """Build what depends on the import; a build that fails does not undo it."""
    import dataclasses

    notes = [*report.notes, *_demo_notes(job)]
    warnings = list(report.warnings)
    parts = PARTS[job.kind]
    if parts and plan.new + plan.updated:
        from geomap.build import build_all

        try:
            build_all(job.settings, job.say, parts=parts)
        except GeomapError as error:
            warnings.append(
                Label(
                    f"数据已保存，但没有重建完：{error.reason.zh}。解决后运行 geomap build",
                    f"The data is stored, but building did not finish: {error.reason.en}. "
                    f"Mend it and run geomap build",
                )
            )
    return dataclasses.replace(report, stored=True, notes=tuple(notes), warnings=tuple(warnings))


def _demo_notes(job: Job) -> tuple[Label, ...]:
    from geomap.store.models import TABLES

    labels = {**KIND_LABELS, "water": Label("水系", "water")}
    counts = {
        name: n
        for name in DEMO_TABLES[job.kind]
        if "demo" in TABLES[name].c and (n := job.record.demo_rows(name))
    }
    if not counts:
        return ()
    zh = "、".join(f"{labels[name].zh} {n:,}" for name, n in counts.items())
    en = ", ".join(f"{labels[name].en} {n:,}" for name, n in counts.items())
    return (
        Label(
            f"库里还有演示数据：{zh}，和真实数据并列显示",
            f"Demonstration data is still in the record: {en}; it shows beside the real data",
        ),
    )
