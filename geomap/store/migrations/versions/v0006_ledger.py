"""The ledger of projects with its events, meetings with their pairs, and entries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from geomap.store import gpkg, types

revision = "0006"
down_revision = "0005"

TABLES = ("ledger_lines", "ledger_events", "meetings", "meeting_pairs", "entries")
_INDEXES = (
    ("ix_ledger_events_project_id", "ledger_events", ["project_id"]),
    ("ix_meeting_pairs_meeting_id", "meeting_pairs", ["meeting_id"]),
    ("ix_entries_kind", "entries", ["kind"]),
)
_SQLITE_GUARDS = (
    """CREATE TRIGGER ledger_events_no_update BEFORE UPDATE ON ledger_events
    BEGIN SELECT RAISE(ABORT, 'events of the ledger are append-only'); END""",
    """CREATE TRIGGER ledger_events_no_delete BEFORE DELETE ON ledger_events
    WHEN EXISTS (SELECT 1 FROM ledger_lines WHERE project_id = OLD.project_id)
    BEGIN SELECT RAISE(ABORT, 'events of the ledger are append-only'); END""",
)
"""Events go only after their line, as when demonstration data is taken away."""
_POSTGRES_GUARDS = (
    """CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS
        (SELECT 1 FROM ledger_lines WHERE project_id = OLD.project_id) THEN RETURN OLD;
    END IF;
    RAISE EXCEPTION 'events of the ledger are append-only'; END $$""",
    """CREATE TRIGGER ledger_events_guard BEFORE UPDATE OR DELETE ON ledger_events
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()""",
)


def upgrade() -> None:
    """Create the tables, what guards the events, and the GeoPackage's names of them."""
    _create_ledger()
    _create_meetings()
    _create_entries()
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    bind = op.get_bind()
    embedded = bind.dialect.name == "sqlite"
    for statement in _SQLITE_GUARDS if embedded else _POSTGRES_GUARDS:
        bind.exec_driver_sql(statement)
    if embedded:
        for table in TABLES:
            gpkg.register_table(bind, table)


def downgrade() -> None:
    """Drop the tables."""
    bind = op.get_bind()
    for table in TABLES:
        if bind.dialect.name == "sqlite":
            delete = "DELETE FROM gpkg_contents WHERE table_name = ?"
            bind.exec_driver_sql(delete, (table,))
        op.drop_table(table)
    if bind.dialect.name == "postgresql":
        bind.exec_driver_sql("DROP FUNCTION refuse_ledger_change()")


def _create_ledger() -> None:
    op.create_table(
        "ledger_lines",
        *_texts("project_id", "name", "industry", "home_county", "current_site", "state"),
        *_texts("lost_why", "owner", "holder_kind", "holder_id", "next_step", "site_id"),
        *_texts("place_adcode"),
        _column("unit_ids", types.Words()),
        _column("state_on", sa.Date()),
        _column("due_on", sa.Date(), nullable=True),
        *_flags("published", "demo"),
        *_versions(),
        *_ends("project_id"),
    )
    op.create_table(
        "ledger_events",
        *_texts("id", "project_id", "kind", "actor", "from_state", "to_state", "note"),
        *_texts("giver_kind", "giver_id", "taker_kind", "taker_id", "source", "reference"),
        *_texts("undoes", "answers"),
        _column("at", types.UtcTime()),
        _column("on_day", sa.Date(), nullable=True),
        _column("before", types.JsonText()),
        _column("after", types.JsonText()),
        *_ends("id"),
    )


def _create_meetings() -> None:
    op.create_table(
        "meetings",
        *_texts("id", "name", "kind", "place", "note", "actor"),
        _column("at", types.UtcTime()),
        *_versions(),
        *_ends("id"),
    )
    op.create_table(
        "meeting_pairs",
        *_texts("id", "meeting_id", "project_id", "project_name", "site_id", "slot", "result"),
        *_texts("note", "event_id"),
        _column("unit_ids", types.Words()),
        _column("position", sa.Integer()),
        *_flags("lost"),
        *_ends("id"),
    )


def _create_entries() -> None:
    op.create_table(
        "entries",
        *_texts("id", "kind", "title", "text", "owner", "adcode", "site_id", "visibility"),
        *_texts("actor"),
        *(_column(n, types.Words()) for n in ("industries", "stages", "chain_positions")),
        *(_column(n, sa.Double(), nullable=True) for n in ("lon", "lat", "floor_area_m2")),
        _column("dated_on", sa.Date()),
        _column("expires_on", sa.Date(), nullable=True),
        *_flags("idle_plant", "demo"),
        *_versions(),
        *_ends("id"),
    )


def _column(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [_column(name, sa.Text()) for name in names]


def _flags(*names: str) -> list[sa.Column[object]]:
    return [_column(name, sa.Boolean()) for name in names]


def _versions() -> list[sa.Column[object]]:
    return [
        _column("created_at", types.UtcTime()),
        _column("version", sa.Integer()),
        _column("updated_at", types.UtcTime(), nullable=True),
    ]


def _ends(*unique: str) -> list[sa.schema.SchemaItem]:
    """Return the key and what is unique."""
    return [
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        *(sa.UniqueConstraint(name) for name in unique),
    ]
