"""Units that may be let in parts; what a project forecasts and where in its chain it stands."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS: tuple[tuple[str, str, type[Any]], ...] = (
    ("units", "divisible_min_m2", sa.Double),
    ("projects", "growth_headcount", sa.Integer),
    ("projects", "chain_position", sa.Text),
)


def upgrade() -> None:
    """Add the columns; what is in the record already does not state them."""
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    for table, name, _kind in COLUMNS:
        op.drop_column(table, name)
