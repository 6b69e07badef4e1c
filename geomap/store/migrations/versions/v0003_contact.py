"""Saved searches with what they found, leads, and the keys of operators."""

import sqlalchemy as sa
from alembic import op

from geomap.store import gpkg, types

revision = "0003"
down_revision = "0002"

TABLES = ("searches", "search_hits", "leads", "operator_keys", "contact_counts")
_INDEXES = (
    ("ix_searches_mail_token", "searches", ["mail_token"]),
    ("ix_leads_operator_id", "leads", ["operator_id"]),
    ("ix_contact_counts_who", "contact_counts", ["kind", "who"]),
)


def upgrade() -> None:
    """Create the tables and name them in the GeoPackage's registry."""
    _create_searches()
    _create_hits()
    _create_leads()
    op.create_table(
        "operator_keys",
        *_texts("operator_id", "key_hash"),
        _moment("created_at"),
        *_ends("operator_id", "key_hash"),
    )
    op.create_table("contact_counts", *_texts("kind", "who"), _moment("at"), *_ends())
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
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


def _create_searches() -> None:
    op.create_table(
        "searches",
        *_texts("id", "name", "language", "email", "mail_state", "mail_token"),
        sa.Column("demand", types.JsonText(), nullable=False),
        sa.Column("known", types.Words(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        *(_moment(name) for name in ("created_at", "used_at", "seen_at", "checked_at")),
        *(_moment(name, nullable=True) for name in ("asked_at", "mailed_at", "tried_at")),
        sa.Column(
            "checked_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        *_versions(),
        *_ends("id"),
    )


def _create_hits() -> None:
    op.create_table(
        "search_hits",
        *_texts("search_id", "unit_id", "site_id"),
        _moment("found_at"),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", types.JsonText(), nullable=False),
        _moment("gone_at", nullable=True),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        *_ends(),
        sa.UniqueConstraint("search_id", "unit_id"),
    )


def _create_leads() -> None:
    op.create_table(
        "leads",
        *_texts("id", "token_hash", "operator_id", "site_id", "unit_id", "name", "phone"),
        *_texts("wish", "message", "consent_version", "consent_language", "state"),
        _moment("visit_at", nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
        *_versions(),
        *_ends("id", "token_hash"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, types.UtcTime(), nullable=nullable)


def _versions() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("updated_at", nullable=True),
    ]


def _ends(*unique: str) -> list[sa.schema.SchemaItem]:
    """Return the key and what is unique."""
    return [
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("fid"),
        *(sa.UniqueConstraint(name) for name in unique),
    ]
