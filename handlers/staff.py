"""What staff post: a report in one line, its preview, its publication; what they look at, take back and confirm."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.language import staff_board, staff_texts
from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.language.view import View
from bot.office import Published, Shown
from bot.rules.reports import Author
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import acknowledge, in_a_group, replace, reply_to_staff

Command = Callable[[Update, Context], Coroutine[Any, Any, None]]


def staff_only(command: Command) -> Command:
    """Others are refused politely, and it is recorded; in a group staff are told that commands work in private."""

    async def guarded(update: Update, context: Context) -> None:
        if await context.office.roster.may_report(author_of(update).id):
            if in_a_group(update):
                await reply_to_staff(update, context, say("staff.private_only"))
            else:
                await command(update, context)
            return
        message = update.effective_message
        await context.office.roster.refuse(author_of(update).id, (message.text if message else None) or "")
        await reply_to_staff(update, context, staff_texts.refused())

    return guarded


def staff_taps(tap: Command, *, acknowledged: bool = True) -> Command:
    """The same for a button: it stays where it is when its reader is staff no longer."""

    async def guarded(update: Update, context: Context) -> None:
        query, author = update.callback_query, author_of(update)
        assert query is not None
        if not await context.office.roster.may_report(author.id):
            await context.office.roster.refuse(author.id, query.data or "")
            await acknowledge(query, context, say("staff.refused"))
            return
        if acknowledged:
            await acknowledge(query, context)
        await tap(update, context)

    return guarded


async def preview_line(update: Update, context: Context, command: str, line: str) -> None:
    """What was typed behind `/lapor` or `/pulih`, straight to the preview."""
    staff = context.office.staff
    try:
        shown = await staff.preview_line(chat_of(update), author_of(update), command, line)
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)
        return
    sent = await reply_to_staff(update, context, preview(context, shown))
    await staff.preview_shown(shown.preview.id, sent)


async def view_of(update: Update, context: Context) -> View:
    """The office as this staff member sees it: all of it, or their place."""
    return await context.office.roster.view(author_of(update).id)


@staff_only
async def board(update: Update, context: Context) -> None:
    await reply_to_staff(update, context, staff_board.board_for_staff(await view_of(update, context)))


@staff_only
async def retraction(update: Update, context: Context) -> None:
    reports = await context.office.retracting.retractable(author_of(update))
    await reply_to_staff(update, context, staff_texts.retractable(await view_of(update, context), reports))


@staff_only
async def confirm(update: Update, context: Context) -> None:
    await reply_to_staff(update, context, await _confirmed(update, context))


async def _confirmed(update: Update, context: Context) -> Answer:
    office = context.office
    if not office.live.reports:
        return staff_board.nothing_to_confirm()
    confirmation = await office.staff.confirm(author_of(update))
    return staff_board.confirmed_same(await view_of(update, context), confirmation.at)


@staff_taps
async def button(update: Update, context: Context) -> None:
    """A tap on a preview, or on what was published."""
    query = update.callback_query
    assert query is not None
    action = Action.parse(query.data or "")
    report = None  # whose notices the message shows from now on
    try:
        if action.kind in _SENDING:
            told, report = await _set_going(context, action, author_of(update))
        else:
            told = await _tapped(update, context, action)
    except RefusedError as refusal:
        told = await _refused(update, context, refusal)
    if action.kind in _SHOWN_BELOW:
        await reply_to_staff(update, context, told)
    else:
        await replace(query, context, told)
    if report and query.message:
        await context.office.broadcasts.follow(chat_of(update), query.message.message_id, report)


async def _refused(update: Update, context: Context, refusal: RefusedError) -> Answer:
    message = update.effective_message
    if message is None:
        return refusal.answer
    return await context.office.drafts.refused(chat_of(update), message.message_id, author_of(update), refusal)


_SENDING = frozenset({"p", "n", "u!"})
_SHOWN_BELOW = frozenset({"u", "same", "e"})  # the message above stays as it is


async def _set_going(context: Context, action: Action, author: Author) -> tuple[Answer, int]:
    """What makes notices go out, and the number of the report that owes them."""
    staff = context.office.staff
    if action.kind == "u!":
        report, retraction = await context.office.retracting.retract(int(action.arg()), author)
        told = staff_texts.retracted(report, retraction.at)
        return dataclasses.replace(told, zone=context.office.live.zone_of(report)), retraction.number
    done = await (
        staff.send_now(int(action.arg()), author) if action.kind == "n" else staff.publish(action.arg(), author)
    )
    return published(context, done), done.report.number


async def _tapped(update: Update, context: Context, action: Action) -> Answer:
    staff, author = context.office.staff, author_of(update)
    match action.kind:
        case "q":
            await staff.cancel(action.arg(), author)
            return staff_texts.cancelled()
        case "e":
            preview = await staff.cancel(action.arg(), author)
            return Answer((say("staff.change_line", command=preview.command),))
        case "f":
            return await _widen(update, context, action)
        case "u":
            return await _preview_retraction(context, int(action.arg()), author)
        case _:
            return await _confirmed(update, context)


def published(context: Context, done: Published) -> Answer:
    view = context.office.citizens.view()
    audience = staff_texts.audience_of(view, done.told, done.notices, context.office.staff.sleeping)
    told = staff_texts.published(view, done.report.number, done.report.at, audience)
    return dataclasses.replace(told, zone=context.office.live.zone_of(done.report))


async def _widen(update: Update, context: Context, action: Action) -> Answer:
    """The preview again, with the chosen way out of what still holds."""
    staff = context.office.staff
    shown = await staff.widen(action.arg(), author_of(update), action.arg(1))
    query = update.callback_query
    if query and query.message:
        await staff.preview_shown(shown.preview.id, query.message.message_id)
    return preview(context, shown)


async def _preview_retraction(context: Context, number: int, author: Author) -> Answer:
    would = await context.office.retracting.preview(number, author)
    view = context.office.citizens.view()
    return staff_texts.retraction_preview(
        view, would.report, would.following.changes, unsent=would.unsent, sent=would.sent
    )


def preview(context: Context, shown: Shown) -> Answer:
    """A preview as staff see it."""
    view, following = context.office.citizens.view(), shown.following
    return staff_texts.preview(
        view,
        shown.preview.id,
        following.changes,
        shown.reads,
        staff_texts.audience_of(view, following.told, following.notices, context.office.staff.sleeping),
        shown.preview.by.name,
        where=[one.place for one in shown.preview.assertions],
        held=shown.held,
        spared=shown.spared,
        shut_on=shown.shut_on,
    )
