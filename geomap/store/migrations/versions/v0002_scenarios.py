"""Scenarios: what-ifs that someone kept, beside the record."""

import sqlalchemy as sa
from alembic import op

from geomap.store import gpkg, types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table and name it in the GeoPackage's registry."""
    op.create_table(
        "scenarios",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("edits", types.JsonText(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=True),
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("id"),
    )
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        gpkg.register_table(bind, "scenarios")


def downgrade() -> None:
    """Drop the table."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        bind.exec_driver_sql("DELETE FROM gpkg_contents WHERE table_name = 'scenarios'")
    op.drop_table("scenarios")
