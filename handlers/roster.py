"""Who may report: the list, an invitation, its redemption, a removal."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.language import roster_texts
from bot.language.messages import Answer, Value, Words
from bot.language.refusals import RefusedError
from bot.language.texts import MAIN_LANGUAGE
from bot.office.roster import INVITATION_LINK, Invited, Joined
from bot.rules.reports import Author
from bot.rules.staff import clean_name, may_manage
from handlers.context import Context, author_of
from handlers.keyboards import Action, keyboard
from handlers.menus import drop_staff_menu, set_staff_menu
from handlers.replies import plain, rendered, replace, reply_to_staff
from handlers.staff import staff_only, staff_taps

_NARROWING = frozenset({"wp", "wn"})


@staff_only
async def staff_list(update: Update, context: Context) -> None:
    await reply_to_staff(update, context, await _list(update, context))


async def _list(update: Update, context: Context) -> Answer:
    listed = await context.office.roster.listed(author_of(update))
    removable = [member for member in listed.members if listed.removable(member)]
    return roster_texts.staff_list(
        listed.members, removable, listed.invitations, managing=may_manage(listed.asker.role), called=_called(context)
    )


def _called(context: Context) -> Callable[[str], Value]:
    """The names of places; one that the catalogue no longer has goes by its path."""
    places = context.office.catalogue.places_by_path
    return lambda path: Words(places[path].name) if path in places else path


@staff_only
async def invite(update: Update, context: Context) -> None:
    """A link that is shown once; who opens it first is staff."""
    try:
        made = await context.office.roster.invite(author_of(update), context.line)
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)
        return
    await reply_to_staff(update, context, _invited(context, made))


def _invited(context: Context, made: Invited) -> Answer:
    link = f"https://t.me/{context.bot.username}?start={INVITATION_LINK}{made.token}"
    root = context.office.catalogue.root.path
    return roster_texts.invited(
        made.invitation, link, _called(context), root=root, offices=made.offices, choice=made.choice
    )


async def redeem(update: Update, context: Context) -> None:
    """`/start undang_…`, in a private chat: the only command here that is not for staff."""
    by = author_of(update)
    try:
        joined = await context.office.roster.redeem(context.line.removeprefix(INVITATION_LINK), by)
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)
        return
    if joined.inviter is None:
        await reply_to_staff(update, context, roster_texts.welcome_back(joined.member))
        return
    await reply_to_staff(update, context, roster_texts.welcome(joined.member, _called(context)))
    await set_staff_menu(context.bot, context.bot_data, by.id, joined.member.role)
    await _tell_inviter(context, joined, joined.inviter.id, clean_name(by.name))


async def _tell_inviter(context: Context, joined: Joined, inviter: int, telegram_name: str) -> None:
    """Whoever sent the link to the wrong chat sees it at once."""
    told = roster_texts.came(joined.member, telegram_name)
    try:
        await context.bot.send_message(
            inviter,
            rendered(context, told, MAIN_LANGUAGE),
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(told, lambda label: plain(context, label, MAIN_LANGUAGE)),
        )
    except TelegramError:
        return  # they blocked the bot; /petugas shows it all the same


@staff_taps
async def button(update: Update, context: Context) -> None:
    """`Keluarkan`, its second word, an invitation withdrawn or narrowed, back to the list."""
    query = update.callback_query
    assert query is not None
    action = Action.parse(query.data or "")
    try:
        told = await _tapped(update, context, action)
    except RefusedError as refusal:
        told = refusal.answer
        if action.kind in _NARROWING:  # a link that was made just now stays in sight
            await reply_to_staff(update, context, told)
            return
    await replace(query, context, told)


async def _tapped(update: Update, context: Context, action: Action) -> Answer:
    roster, by = context.office.roster, author_of(update)
    if action.kind in _NARROWING:
        return await _narrowed(context, action, by)
    if action.kind == "wi":
        await roster.withdraw(by, int(action.arg()))
    elif action.kind == "w!":
        member = await roster.remove(by, int(action.arg()))
        await drop_staff_menu(context.bot, member.id)
        return roster_texts.removed(member)
    elif action.arg():
        return roster_texts.sure_to_remove(await roster.removable(by, int(action.arg())))
    return await _list(update, context)


async def _narrowed(context: Context, action: Action, by: Author) -> Answer:
    narrowing, invitation, word = context.office.narrowing, int(action.arg()), action.arg(1)
    if action.kind == "wn":
        return _invited(context, await narrowing.to(by, invitation, word))
    return await narrowing.places(by, invitation, word, int(action.arg(2) or 0))
