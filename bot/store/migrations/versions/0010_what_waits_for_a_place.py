"""What a question aims at beyond its intent, and its language: both are needed where its place comes only later."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for column in ("aim", "asked_in"):
        op.add_column("chats", sa.Column(column, sa.String(16)))
