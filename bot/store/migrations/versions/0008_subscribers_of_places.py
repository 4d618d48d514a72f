"""An index by which the subscribers of one office are found among those of a country."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_index("ix_subscriptions_place_step", "subscriptions", ["place", "step"])
