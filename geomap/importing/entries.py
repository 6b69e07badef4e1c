"""A file of entries: read in confinement, checked whole, kept beside the record."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from pathlib import Path

from geomap.catalog.catalog import Catalog
from geomap.domain.entries import Audience, Entry, EntryDraft
from geomap.importing.project_file import site_finder
from geomap.intake.clean_entries import clean_entries
from geomap.intake.report import Findings, ImportReport
from geomap.intake.tables import open_table
from geomap.plan.ledger import county_of_site
from geomap.store.engine import Store
from geomap.store.entries import Reader, add_entries, change_entry, list_entries

ACTOR = "import"


def import_entries(
    store: Store,
    catalog: Catalog,
    file: Path,
    *,
    by: str,
    now: datetime,
    today: date,
    encoding: str | None = None,
    dry_run: bool = False,
    accept_partial: bool = False,
) -> ImportReport:
    """Import a file of entries; one whose id is there already is changed.

    Parameters
    ----------
    store, catalog
        The record, and where its sites are looked up.
    file
        Excel or CSV with the columns that ``geomap entries export`` writes.
    by
        Name that stands beside each.
    now, today
        The moment, and the day in the city.
    encoding
        Of a CSV; detected, and said, where it is not given.
    dry_run
        Check only.
    accept_partial
        Keep the good rows although others are refused.

    Returns
    -------
    ImportReport
        What became of every row.

    Raises
    ------
    InputError
        The file as a whole cannot be used.
    """
    findings = Findings()
    with open_table(file, "entries", encoding=encoding) as table:
        drafts = clean_entries(
            table,
            sites=site_finder(catalog),
            county_of=lambda site_id: county_of_site(catalog, site_id),
            findings=findings,
            today=today,
        )
        facts = (table.format, table.encoding, table.mapped.header, table.mapped.unknown)
        notes = table.notes
    known = {entry.id: entry for entry in list_entries(store, Reader(Audience.STAFF, today))}
    fresh = [(name, draft) for name, draft in drafts if name not in known]
    changed = [(known[n], d) for n, d in drafts if n in known and known[n].draft != d]
    report = ImportReport(
        kind="entries",
        file=file.name,
        format=facts[0],
        encoding=facts[1],
        columns=dict(facts[2]),
        unknown_columns=facts[3],
        findings=findings,
        notes=notes,
        dry_run=dry_run,
        accept_partial=accept_partial,
        new=len(fresh),
        updated=len(changed),
        unchanged=len(drafts) - len(fresh) - len(changed),
    )
    if dry_run or not report.storable:
        return report
    _keep(store, fresh, changed, by, now)
    return dataclasses.replace(report, stored=True)


def _keep(
    store: Store,
    fresh: list[tuple[str, EntryDraft]],
    changed: list[tuple[Entry, EntryDraft]],
    by: str,
    now: datetime,
) -> None:
    with store.writing(ACTOR) as tx:
        add_entries(tx, fresh, by=by, now=now)
        for entry, draft in changed:
            change_entry(tx, entry.id, draft, by=by, now=now, version=entry.version)
