"""Where staff report, where an invitation holds, where a confirmation does."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for table in ("staff", "invitations", "reports"):
        op.add_column(table, sa.Column("place", sa.String(), nullable=True))
