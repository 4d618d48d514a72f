"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_WORD = sa.String(16)
_OPEN = sa.text("ended_at IS NULL")
_ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    _reports()
    _previews()
    _notices()
    _subscriptions()
    _deliveries()
    _leases()
    _chats()
    _unmatched()
    _progress_messages()
    _refusals()


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("number", _ID, autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("assertions", sa.JSON(), nullable=False),
        sa.Column("retracts", _ID),
        sa.Column("preview", sa.String(length=64)),
        sa.ForeignKeyConstraint(["retracts"], ["reports.number"], name="fk_reports_retracts"),
        sa.PrimaryKeyConstraint("number", name="pk_reports"),
        sa.UniqueConstraint("preview", name="uq_reports_preview"),
    )


def _previews() -> None:
    op.create_table(
        "previews",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("assertions", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("message", sa.BigInteger()),
        sa.Column("closed", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_previews"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("report", _ID, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("release_at", _TIME, nullable=False),
        sa.Column("released_at", _TIME),
        sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("about", _ID),
        sa.Column("since", _TIME),
        sa.ForeignKeyConstraint(["about"], ["reports.number"], name="fk_notices_about"),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name="fk_notices_report"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_report", "notices", ["report"])


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("wish", _WORD, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("outages", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("limited_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("chat", "step", "place", name="uq_subscriptions_chat_step_place"),
        sqlite_autoincrement=True,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("notice", _ID, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("first_tried_at", _TIME),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unknown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("message", sa.BigInteger()),
        sa.Column("error", sa.String()),
        sa.Column("ended_at", _TIME),
        sa.Column("revives", sa.JSON()),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name="fk_deliveries_notice"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("chat", "notice", name="uq_deliveries_chat_notice"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_ended", "deliveries", ["ended_at"], sqlite_where=_ENDED, postgresql_where=_ENDED)
    op.create_index("ix_deliveries_notice_status_id", "deliveries", ["notice", "status", "id"])
    op.create_index(
        "ix_deliveries_unknown",
        "deliveries",
        ["notice", "id"],
        sqlite_where=sa.text("unknown = 1"),
        postgresql_where=sa.text("unknown"),
    )
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["status", "unknown", "due_at", "id"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("pace", sa.Float()),
        sa.Column("rests_until", _TIME),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=16)),
        sa.Column("place", sa.String()),
        sa.Column("intent", sa.String(length=64)),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("asked_at", _TIME),
        sa.Column("missed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered", sa.BigInteger()),
        sa.PrimaryKeyConstraint("chat", name="pk_chats"),
    )


def _progress_messages() -> None:
    op.create_table(
        "progress_messages",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", _ID),
        sa.Column("shown", sa.String(length=64)),
        sa.Column("edited_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["report"], ["reports.number"], name="fk_progress_messages_report"),
        sa.PrimaryKeyConstraint("chat", "message", name="pk_progress_messages"),
    )


def _unmatched() -> None:
    op.create_table(
        "unmatched",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "shape", name="pk_unmatched"),
    )


def _refusals() -> None:
    op.create_table(
        "refusals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("user", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refusals"),
    )
    op.create_index("ix_refusals_at", "refusals", ["at"])
