"""Keys of staff, saved placements, and what adopted ones hold."""

import sqlalchemy as sa
from alembic import op

from geomap.store import gpkg, types

revision = "0005"
down_revision = "0004"

TABLES = ("staff_keys", "placement_scenarios", "placement_holds")
_INDEXES = (
    ("ix_placement_holds_origin_id", ["origin_id"]),
    ("ix_placement_holds_scenario_id", ["scenario_id"]),
)


def upgrade() -> None:
    """Create the tables and name them in the GeoPackage's registry."""
    op.create_table(
        "staff_keys",
        *_texts("id", "name", "role", "key_hash"),
        _moment("created_at"),
        *_ends("id", "name", "key_hash"),
    )
    _create_scenarios()
    _create_holds()
    for name, columns in _INDEXES:
        op.create_index(name, "placement_holds", columns)
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
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


def _create_scenarios() -> None:
    op.create_table(
        "placement_scenarios",
        *_texts("id", "name", "note", "mode", "solved_stamp", "state"),
        *_texts("created_by", "updated_by", "adopted_by", "released_by"),
        *(_objects(name) for name in ("request", "summary", "result", "units")),
        sa.Column(
            "solved_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        *(_moment(name) for name in ("solved_at", "created_at")),
        *(_moment(name, nullable=True) for name in ("adopted_at", "released_at", "updated_at")),
        sa.Column("version", sa.Integer(), nullable=False),
        *_ends("id"),
    )


def _create_holds() -> None:
    op.create_table(
        "placement_holds",
        *_texts("unit_id", "origin_id", "scenario_id", "project_id"),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("desks", sa.Integer(), nullable=True),
        _objects("before"),
        sa.Column("rest_m2", sa.Double(), nullable=False),
        sa.Column("rest_desks", sa.Integer(), nullable=True),
        _moment("held_at"),
        *_ends("unit_id"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _objects(name: str) -> sa.Column[object]:
    return sa.Column(name, types.JsonText(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, types.UtcTime(), nullable=nullable)


def _ends(*unique: str) -> list[sa.schema.SchemaItem]:
    """Return the key and what is unique."""
    return [
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        *(sa.UniqueConstraint(name) for name in unique),
    ]
