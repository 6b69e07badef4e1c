"""Taking the demonstration city away takes what stands beside the record, and only that."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from geomap.config import read_settings
from geomap.domain.entries import Audience, EntryDraft, EntryKind, Visibility
from geomap.domain.ledger import LedgerFields
from geomap.prepare import clear_demo
from geomap.store.engine import open_store
from geomap.store.entries import Reader, add_entry, list_entries
from geomap.store.ledger import list_lines
from geomap.store.ledger_events import add_line
from geomap.store.ledger_write import Act

NOW, TODAY = datetime(2026, 11, 24, tzinfo=UTC), date(2026, 11, 24)


def test_entries_and_lines_of_the_demonstration_go(tmp_path: Path) -> None:
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path)})
    store = open_store(settings.database_url)
    with store.writing("test") as tx:
        for demo in (True, False):
            draft = EntryDraft(
                kind=EntryKind.SCENE, title="x", owner="y", dated_on=TODAY, adcode="330303",
                visibility=Visibility.PUBLISHED, demo=demo,
            )  # fmt: skip
            add_entry(tx, draft, by="z", now=NOW, entry_id=f"e-{demo}")
            add_line(tx, f"p-{demo}", LedgerFields(name="x"), Act("z", NOW, TODAY), demo=demo)
    store.close()
    clear_demo(settings, lambda text: None)
    store = open_store(settings.database_url)
    assert [e.id for e in list_entries(store, Reader(Audience.STAFF, TODAY))] == ["e-False"]
    assert [line.project_id for line in list_lines(store)] == ["p-False"]
    store.close()
