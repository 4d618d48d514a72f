"""Questions by hour and service, and trips that were spared."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "service", "understood", name="pk_questions"),
    )
    op.create_table(
        "days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=64)),
        sa.Column("spared", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_days"),
    )
    op.create_table(
        "spared",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", "chat", name="pk_spared"),
    )
