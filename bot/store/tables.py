"""The schema, the same on SQLite and PostgreSQL; `migrations/` leads there step by step."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

from bot.rules.drafts import Screen
from bot.rules.notices import DeliveryStatus, NoticeKind, Wish
from bot.rules.reports import ReportKind
from bot.rules.staff import DeedKind, Role

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time. SQLite would drop the offset silently, so what is stored is always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("only aware times are stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite's text is read in one step: a broadcast reads six times for each chat."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else _time(text)


@lru_cache(maxsize=4096)
def _time(text: str) -> datetime:
    """Many rows of one notice hold the same times."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself on SQLite


def _word(kind: type[enum.StrEnum]) -> Enum:
    """An enum by its value, without a CHECK: a new member needs no rebuilt table."""
    return Enum(
        kind, native_enum=False, length=16, values_callable=lambda members: [member.value for member in members]
    )


reports = Table(
    "reports",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("kind", _word(ReportKind), nullable=False),
    Column("assertions", JSON, nullable=False),
    Column("retracts", Id, ForeignKey("reports.number")),
    Column("preview", String(64), unique=True),  # a repeated tap or update finds the report that is there
    Column("place", String),  # where a confirmation holds; NULL: everywhere
)

previews = Table(
    "previews",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("assertions", JSON, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("command", String, nullable=False),
    Column("message", BigInteger),
    Column("closed", String),
)

drafts = Table(
    "drafts",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("screen", _word(Screen), nullable=False),
    Column("entry", JSON, nullable=False),
    Column("offers", JSON, nullable=False),
    Column("service", String(64)),
    Column("month", Date),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report", Id, ForeignKey("reports.number"), nullable=False, index=True),
    Column("kind", _word(NoticeKind), nullable=False),
    Column("changes", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("release_at", UtcTime, nullable=False),
    Column("released_at", UtcTime),
    Column("told", Integer, nullable=False, server_default=text("0")),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("held", Boolean, nullable=False, server_default=false()),  # some of its deliveries are, so look for them
    Column("about", Id, ForeignKey("reports.number")),
    Column("since", UtcTime),
    Column("hurried_at", UtcTime),  # "Kirim sekarang"
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),  # the order of subscription
    Column("chat", BigInteger, nullable=False),
    Column("step", String(64), nullable=False),
    Column("place", String, nullable=False),
    Column("wish", _word(Wish), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("outages", Boolean, nullable=False, server_default=false()),
    Column("limited_told", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("chat", "step", "place"),
    Index("ix_subscriptions_place_step", "place", "step"),  # who hears of one office, among a million of others
    sqlite_autoincrement=True,  # an id is an order and a mark of the fan-out: never given twice
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("notice", Id, ForeignKey("notices.id"), nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("status", _word(DeliveryStatus), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("first_tried_at", UtcTime),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("repeats", Integer, nullable=False, server_default=text("0")),
    Column("unknown", Boolean, nullable=False, server_default=false()),
    Column("message", BigInteger),
    Column("error", String),
    Column("ended_at", UtcTime),  # None while it waits or is being sent
    Column("revives", JSON(none_as_null=True)),  # the wishes that it ended, which a relapse or a correction brings back
    UniqueConstraint("chat", "notice"),  # the chat first: it serves forgetting and moving a chat too
    Index("ix_deliveries_notice_status_id", "notice", "status", "id"),  # also to read who was told, a chunk at a time
    sqlite_autoincrement=True,  # a late settlement must never meet another delivery under its id
)

_open = deliveries.c.ended_at.is_(None)
_ended = deliveries.c.ended_at.is_not(None)
# Holds open work alone, so that a claim among a million ended deliveries costs what the first one cost.
Index(
    "ix_deliveries_open",
    deliveries.c.status,
    deliveries.c.unknown,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
Index(
    "ix_deliveries_unknown",
    deliveries.c.notice,
    deliveries.c.id,
    sqlite_where=text("unknown = 1"),  # as the query says it, else SQLite would not use it
    postgresql_where=text("unknown"),
)
Index("ix_deliveries_ended", deliveries.c.ended_at, sqlite_where=_ended, postgresql_where=_ended)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("pace", Float),  # as the holder sends: any process may be asked how fast it goes
    Column("rests_until", UtcTime),
)

chats = Table(
    "chats",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(16)),
    Column("place", String),
    Column("intent", String(64)),
    Column("services", JSON, nullable=False),
    Column("asked_at", UtcTime),
    Column("missed", Integer, nullable=False, server_default=text("0")),
    Column("answered", BigInteger),  # the bot's message that answered: in a group only a reply to it goes on
    Column("aim", String(16)),  # what the last question wants beyond its intent
    Column("asked_in", String(16)),  # the language of the last question, which nobody chose for good
)

unmatched = Table(
    "unmatched",
    metadata,
    Column("day", Date, primary_key=True),  # the office's
    Column("shape", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
)

progress_messages = Table(
    "progress_messages",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("report", Id, ForeignKey("reports.number")),
    Column("shown", String(64)),
    Column("edited_at", UtcTime, nullable=False),
)

special_days = Table(
    "special_days",
    metadata,
    Column("id", Id, primary_key=True),
    Column("exceptions", JSON, nullable=False),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("preview", String(64), unique=True),  # a repeated tap enters nothing twice
    Column("removed_at", UtcTime),
    Column("removed_by_id", BigInteger),
    Column("removed_by_name", String),
    sqlite_autoincrement=True,  # the latest entry counts, also after one was removed
)

reminders = Table(
    "reminders",
    metadata,
    Column("key", String(128), primary_key=True),  # which question
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("message", BigInteger),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("user", BigInteger, nullable=False),
    Column("what", String, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("role", _word(Role), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("place", String),  # reports only at or below it; NULL: everywhere
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the token, which is stored nowhere
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("role", _word(Role), nullable=False),
    Column("name", String),
    Column("made_at", UtcTime, nullable=False),
    Column("used_by", BigInteger),
    Column("place", String),
    sqlite_autoincrement=True,  # a button of an earlier invitation must never meet another one under its id
)

deeds = Table(
    "deeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", String, nullable=False),
    Column("kind", _word(DeedKind), nullable=False),
    Column("about", String, nullable=False),
    Column("was", String, nullable=False),
    Column("now", String, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("hour", UtcTime, primary_key=True),
    Column("service", String(64), primary_key=True),  # "" where none was named
    Column("understood", Boolean, primary_key=True),
    Column("times", Integer, nullable=False),
)

days = Table(
    "days",
    metadata,
    Column("day", Date, primary_key=True),  # the office's
    Column("salt", String(64)),  # None once the day is over: then nobody can find out whose the hashes were
    Column("spared", Integer, nullable=False),
)

spared = Table(
    "spared",
    metadata,
    Column("day", Date, primary_key=True),
    Column("chat", String(64), primary_key=True),  # hashed with the day's salt
)
