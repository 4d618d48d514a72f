"""Days that differ, as staff scheduled them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "special_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preview", sa.String(length=64)),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by_id", sa.BigInteger()),
        sa.Column("removed_by_name", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_special_days"),
        sa.UniqueConstraint("preview", name="uq_special_days_preview"),
        sqlite_autoincrement=True,
    )
