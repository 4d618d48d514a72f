"""When staff sent a notice without waiting; until then it was inferred from the notice's times."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("notices", sa.Column("hurried_at", sa.DateTime(timezone=True)))
