"""The first schema: the tables of the record, the GeoPackage registry, the log's guard."""

import sqlalchemy as sa
from alembic import op

from geomap.store import gpkg, types

revision = "0001"
down_revision = None

_SQLITE_GUARD = """CREATE TRIGGER change_log_no_{verb} BEFORE {verb} ON change_log
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"""
_POSTGRES_GUARD = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the change log is append-only'; END $$""",
    """CREATE TRIGGER change_log_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON change_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
_FEATURES = {
    "counties": "GEOMETRY",
    "reporting_units": "GEOMETRY",
    "zones": "GEOMETRY",
    "towns": "POINT",
    "sites": "GEOMETRY",
    "amenities": "POINT",
    "rings": "GEOMETRY",
    "streets": "LINESTRING",
    "water": "GEOMETRY",
    "land": "GEOMETRY",
}
_TABLES = (
    "counties",
    "reporting_units",
    "zones",
    "towns",
    "operators",
    "sites",
    "units",
    "unit_history",
    "amenities",
    "demands",
    "projects",
    "targets",
    "rings",
    "access",
    "streets",
    "water",
    "land",
    "meta",
    "change_log",
)


def upgrade() -> None:
    """Create everything."""
    _create_tables()
    _create_guards(op.get_bind())


def _create_guards(bind: sa.Connection) -> None:
    if bind.dialect.name == "postgresql":
        for statement in _POSTGRES_GUARD:
            bind.exec_driver_sql(statement)
        return
    for verb in ("update", "delete"):
        bind.exec_driver_sql(_SQLITE_GUARD.format(verb=verb))
    gpkg.create_registry(bind)
    for table in _TABLES:
        gpkg.register_table(bind, table, _FEATURES.get(table, ""))


def _create_tables() -> None:
    op.create_table(
        "access",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("nearest_id", sa.Text(), nullable=False),
        sa.Column("nearest_m", sa.Double(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("site_id", "profile", "category"),
    )
    op.create_table(
        "amenities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("geometry", types.Geometry("POINT"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "change_log",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patch", types.JsonText(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_change_log_row", "change_log", ["table_name", "row_id"], unique=False)
    op.create_table(
        "counties",
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("adcode"),
    )
    op.create_table(
        "demands",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("demand", types.JsonText(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "land",
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("professional", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("home_county", sa.Text(), nullable=False),
        sa.Column("current_site", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("demand", types.JsonText(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "reporting_units",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "rings",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column("speed_kmh", sa.Double(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("snapped_m", sa.Double(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("site_id", "profile", "minutes"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("declared_adcode", sa.Text(), nullable=False),
        sa.Column("reporting_unit", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("stages", types.Words(), nullable=False),
        sa.Column("industries", types.Words(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("operator_id", sa.Text(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("services", types.Words(), nullable=False),
        sa.Column("platforms", types.Words(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("state_owned", sa.Boolean(), nullable=False),
        sa.Column("tenants", sa.Integer(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Text(), nullable=False),
        sa.Column("reference", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("adcode", sa.Text(), nullable=True),
        sa.Column("joined_reporting_unit", sa.Text(), nullable=True),
        sa.Column("county_mismatch", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "streets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("klass", sa.Text(), nullable=False),
        sa.Column("bridge", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("geometry", types.Geometry("LINESTRING"), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
    )
    op.create_table(
        "targets",
        sa.Column("reporting_unit", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("reporting_unit", "year", "indicator"),
    )
    op.create_table(
        "towns",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("geometry", types.Geometry("POINT"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "unit_history",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("leased_m2", sa.Double(), nullable=False),
        sa.Column("vacant_m2", sa.Double(), nullable=False),
        sa.Column("tenants", sa.Integer(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.Column("rent_cny_m2_month", sa.Double(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("site_id", "month"),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rent_cny_m2_month", sa.Double(), nullable=True),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("verified_at", types.UtcTime(), nullable=True),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("desks", sa.Integer(), nullable=True),
        sa.Column("floor_load_kn_m2", sa.Double(), nullable=True),
        sa.Column("clear_height_m", sa.Double(), nullable=True),
        sa.Column("column_spacing_m", sa.Double(), nullable=True),
        sa.Column("freight_lift_t", sa.Double(), nullable=True),
        sa.Column("power_kw", sa.Double(), nullable=True),
        sa.Column("water", sa.Boolean(), nullable=True),
        sa.Column("drainage", sa.Boolean(), nullable=True),
        sa.Column("exhaust", sa.Boolean(), nullable=True),
        sa.Column("gas", sa.Boolean(), nullable=True),
        sa.Column("clean_room", sa.Boolean(), nullable=True),
        sa.Column("hazardous_storage", sa.Boolean(), nullable=True),
        sa.Column("open_24h", sa.Boolean(), nullable=True),
        sa.Column("permitted_use", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_units_site_id"), "units", ["site_id"], unique=False)
    op.create_table(
        "water",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
    )
    op.create_table(
        "zones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reporting_unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("geometry", types.Geometry("GEOMETRY"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in reversed(_TABLES):
        op.drop_table(table)
