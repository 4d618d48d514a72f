"""Rows to dataclasses and back, with the JSON of assertions and changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from bot.rules.broadcasts import ProgressMessage
from bot.rules.catalogue import State
from bot.rules.chats import Aim, ChatNotes, Refusal
from bot.rules.corrections import Telling
from bot.rules.notices import NOT_BEGUN, Change, Delivery, DeliveryStatus, Notice, Subscription
from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report


def moment_to_json(moment: Moment) -> dict[str, Any]:
    """The offset stays as the person meant it: a date is a day of the office, not of Greenwich."""
    return {"at": moment.at.isoformat(), "whole_day": moment.whole_day}


def moment_from_json(data: Mapping[str, Any]) -> Moment:
    return Moment(datetime.fromisoformat(data["at"]), data["whole_day"])


def assertion_to_json(assertion: Assertion) -> dict[str, Any]:
    """What is None stays away, so that "keeps what stood" and "nobody can say" remain different."""
    data: dict[str, Any] = {"target": assertion.target, "place": assertion.place, "state": assertion.state.value}
    if assertion.cause is not None:
        data["cause"] = assertion.cause
    if assertion.since is not None:
        data["since"] = moment_to_json(assertion.since)
    if assertion.estimate is not None:
        until = assertion.estimate.until
        data["estimate"] = None if until is None else moment_to_json(until)
    if assertion.spares is not None:
        data["spares"] = sorted(assertion.spares)
    if assertion.planned_from is not None:
        data["planned_from"] = assertion.planned_from.isoformat()
    return data


def assertion_from_json(data: Mapping[str, Any]) -> Assertion:
    return Assertion(
        target=data["target"],
        place=data["place"],
        state=State(data["state"]),
        cause=data.get("cause"),
        since=moment_from_json(data["since"]) if "since" in data else None,
        estimate=_estimate_from_json(data["estimate"]) if "estimate" in data else None,
        spares=frozenset(data["spares"]) if "spares" in data else None,
        planned_from=datetime.fromisoformat(data["planned_from"]) if "planned_from" in data else None,
    )


def _estimate_from_json(data: Mapping[str, Any] | None) -> Estimate:
    return Estimate(None if data is None else moment_from_json(data))


def assertions_to_json(assertions: Iterable[Assertion]) -> list[dict[str, Any]]:
    return [assertion_to_json(assertion) for assertion in assertions]


def changes_to_json(changes: Iterable[Change]) -> list[list[str]]:
    """Short, because a million deliveries carry them."""
    return [[change.step, change.counter, change.was.value, change.now.value] for change in changes]


def changes_from_json(data: Iterable[tuple[str, str, str, str]]) -> tuple[Change, ...]:
    return _changes(tuple(map(tuple, data)))


@lru_cache(maxsize=1024)
def _changes(data: tuple[tuple[str, str, str, str], ...]) -> tuple[Change, ...]:
    """The many deliveries of a notice carry the same few."""
    return tuple(Change(step, counter, State(was), State(now)) for step, counter, was, now in data)


def report_from(row: Row[Any]) -> Report:
    return Report(
        number=row.number,
        at=row.at,
        by=Author(row.by_id, row.by_name),
        kind=row.kind,
        assertions=tuple(assertion_from_json(data) for data in row.assertions),
        retracts=row.retracts,
        place=row.place,
    )


def preview_from(row: Row[Any]) -> Preview:
    return Preview(
        id=row.id,
        chat=row.chat,
        by=Author(row.by_id, row.by_name),
        made_at=row.made_at,
        expires_at=row.expires_at,
        assertions=tuple(assertion_from_json(data) for data in row.assertions),
        fingerprint=row.fingerprint,
        command=row.command,
        message=row.message,
        closed=row.closed,
    )


def notice_from(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        report=row.report,
        kind=row.kind,
        changes=changes_from_json(row._mapping.get("changes", ())),
        created_at=row.created_at,
        release_at=row.release_at,
        released_at=row.released_at,
        told=row.told,
        paused=row.paused,
        hurried_at=row.hurried_at,
        about=row.about,
        since=row.since,
    )


def subscription_from(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        chat=row.chat,
        step=row.step,
        place=row.place,
        wish=row.wish,
        since=row.since,
        outages=row.outages,
        limited_told=row.limited_told,
    )


def claimed_from(row: Row[Any], now: datetime) -> Delivery:
    """A delivery as it is once it was claimed, from the row before."""
    return Delivery(
        id=row.id,
        notice=row.notice,
        chat=row.chat,
        changes=changes_from_json(row.changes),
        status=DeliveryStatus.SENDING,
        due_at=row.due_at,
        first_tried_at=row.first_tried_at or now,
        attempts=row.attempts + 1,
        repeats=row.repeats + int(row.unknown),
        unknown=row.unknown,
        message=row.message,
    )


def telling_from(row: Row[*tuple[Any, ...]]) -> Telling:
    return Telling(
        delivery=row.id,
        notice=row.notice,
        report=row.report,
        kind=row.kind,
        changes=changes_from_json(row.changes),
        status=DeliveryStatus.DROPPED if row.cancelled and row.status in NOT_BEGUN else row.status,
        at=row.ended_at or row.due_at,
        unknown=row.unknown,
        message=row.message,
    )


def notes_from(row: Row[Any]) -> ChatNotes:
    return ChatNotes(
        language=row.language,
        place=row.place,
        intent=row.intent,
        services=tuple(row.services),
        asked_at=row.asked_at,
        missed=row.missed,
        answered=row.answered,
        aim=Aim(row.aim) if row.aim else None,
        asked_in=row.asked_in,
    )


def progress_message_from(row: Row[Any]) -> ProgressMessage:
    return ProgressMessage(
        chat=row.chat, message=row.message, report=row.report, edited_at=row.edited_at, shown=row.shown
    )


def refusal_from(row: Row[Any]) -> Refusal:
    return Refusal(at=row.at, user=row.user, what=row.what)
