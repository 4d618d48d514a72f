"""A report by taps, on one message: its first screen, its buttons, the words that it waits for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram import CallbackQuery, Update

from bot.language import staff_board
from bot.language.messages import say
from bot.office.drafting import Turned
from bot.office.recalling import Known
from bot.rules.drafts import Screen
from handlers import staff
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import acknowledge, replace, replace_message, reply_to_staff

Command = Callable[[Update, Context], Coroutine[Any, Any, None]]
Question = Callable[[Update, Context, Known], Coroutine[Any, Any, None]]


@staff.staff_only
async def report(update: Update, context: Context) -> None:
    """`/lapor`: with a line straight to the preview, alone the first screen."""
    if line := _typed(update):
        await staff.preview_line(update, context, "lapor", line)
    else:
        await begin(update, context, Screen.HOME)


@staff.staff_only
async def resumption(update: Update, context: Context) -> None:
    """`/pulih`: alone, it lists what is down, a button each."""
    if line := _typed(update):
        await staff.preview_line(update, context, "pulih", line)
        return
    view = await staff.view_of(update, context)
    if any(fact.down for fact in view.board.facts):
        await begin(update, context, Screen.RETURNS)
    else:
        await reply_to_staff(update, context, staff_board.what_is_down(view))


def _typed(update: Update) -> str:
    """What stands behind the command, line by line."""
    message = update.effective_message
    _, *rest = ((message and message.text) or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


async def begin(update: Update, context: Context, screen: Screen) -> None:
    """A new message on which a report is put together."""
    drafts = context.office.drafts
    draft, answer = await drafts.begin(chat_of(update), author_of(update), screen)
    sent = await reply_to_staff(update, context, answer)
    await drafts.keep(draft, sent)


@partial(staff.staff_taps, acknowledged=False)
async def button(update: Update, context: Context) -> None:
    """A tap on a screen; one of an earlier screen is told so, and changes nothing."""
    query, message = update.callback_query, update.effective_message
    assert query is not None
    action = Action.parse(query.data or "")
    turned = Turned(word=say("wizard.gone"))
    if message is not None:
        where = chat_of(update), message.message_id, author_of(update)
        turned = await context.office.drafts.tap(*where, action.arg(), action.arg(1), action.arg(2))
    await acknowledge(query, context, turned.word)
    await _show(query, context, turned)


@partial(staff.staff_taps, acknowledged=False)
async def change(update: Update, context: Context) -> None:
    """`Ubah` under a preview: what was chosen by taps, else the line that was typed."""
    query, message = update.callback_query, update.effective_message
    assert query is not None
    turned = None
    if message is not None:
        turned = await context.office.drafts.change(chat_of(update), message.message_id, author_of(update))
    if turned is None:
        await staff.button(update, context)
    else:
        await acknowledge(query, context, turned.word)
        await _show(query, context, turned)


async def _show(query: CallbackQuery, context: Context, turned: Turned) -> None:
    """Put what is new in the place of the message; where nothing is, it stays."""
    answer = staff.preview(context, turned.shown) if turned.shown else turned.answer
    if answer is not None:
        await replace(query, context, answer)


def words_or(otherwise: Question) -> Command:
    """What staff write is taken where a report waits for it; all else is a question like anybody's."""

    async def taken(update: Update, context: Context) -> None:
        known = await context.office.citizens.known(chat_of(update))
        if not (known.drafting and await _took(update, context)):
            await otherwise(update, context, known)

    return taken


async def _took(update: Update, context: Context) -> bool:
    message, author = update.effective_message, author_of(update)
    waited = await context.office.drafts.words(chat_of(update), author, (message and message.text) or "")
    if waited is None:
        return False
    shown_on, turned = waited
    answer = staff.preview(context, turned.shown) if turned.shown else turned.answer
    if answer is not None:
        await replace_message(update, context, shown_on, answer)
    return True
