"""The bot's menus and descriptions, set at start: by scope, in every language."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.language.messages import Words, say
from bot.language.texts import MAIN_LANGUAGE
from bot.rules.staff import Role, may_manage
from bot.store import DatabaseAway
from handlers.context import Desk

CITIZEN_COMMANDS = (
    "status",
    "syarat",
    "jam",
    "lokasi",
    "langganan",
    "berhenti",
    "riwayat",
    "bahasa",
    "privasi",
    "hapusdata",
    "bantuan",
)
GROUP_COMMANDS = ("status", "syarat", "jam", "lokasi", "riwayat", "bantuan")
GROUP_ADMIN_COMMANDS = (*GROUP_COMMANDS, "langganan", "berhenti", "bahasa", "privasi", "hapusdata")
STAFF_COMMANDS = (
    "lapor",
    "pulih",
    "papan",
    "masihsama",
    "urung",
    "jadwal",
    "siaran",
    "poster",
    "petugas",
    "undang",
    "catatan",
    "statistik",
)
_MANAGING = ("undang",)
_LOOK_EVERY = 60.0

log = structlog.get_logger(__name__)


async def set_menus(bot: Bot, desk: Desk) -> None:
    """Tell Telegram what to show; the bot works without it, so a refusal is only logged."""
    try:
        for language in desk.texts.languages:
            await _describe(bot, desk, language)
    except TelegramError as error:
        log.warning("menus not set", error=str(error))


async def keep_staff_menus(bot: Bot, desk: Desk) -> None:
    """Each member's menu follows the list, whoever changes it: another process, or the operator's terminal."""
    shown: Mapping[int, Role] = {}
    while True:
        try:
            shown = await set_staff_menus(bot, desk, shown)
        except DatabaseAway:
            log.warning("menus_wait_for_database", seconds=_LOOK_EVERY)
        except Exception:
            log.exception("menus_failed")
        await asyncio.sleep(_LOOK_EVERY)


async def set_staff_menus(bot: Bot, desk: Desk, shown: Mapping[int, Role]) -> Mapping[int, Role]:
    """Set the menus of those who came, take away those of who went; returns who has one now."""
    members = await desk.office.roster.everyone()
    for member, role in members.items():
        if shown.get(member) is not role:
            await set_staff_menu(bot, desk, member, role)
    for member in shown.keys() - members.keys():
        await drop_staff_menu(bot, member)
    return members


async def _describe(bot: Bot, desk: Desk, language: str) -> None:
    """Commands, description and short description; the main language is also everybody else's."""
    code = None if language == MAIN_LANGUAGE else language
    for names, scope in (
        (CITIZEN_COMMANDS, BotCommandScopeAllPrivateChats()),
        (GROUP_COMMANDS, BotCommandScopeAllGroupChats()),
        (GROUP_ADMIN_COMMANDS, BotCommandScopeAllChatAdministrators()),
    ):
        await bot.set_my_commands(_commands(desk, names, language), scope=scope, language_code=code)
    office = desk.office.catalogue.office
    description = say("menu.description", office=Words(office.name))
    short = say("menu.short_description", office=Words(office.name))
    now = desk.office.live.clock()
    await bot.set_my_description(desk.texts.plain(description, language, now, office.timezone), language_code=code)
    await bot.set_my_short_description(desk.texts.plain(short, language, now, office.timezone), language_code=code)


async def set_staff_menu(bot: Bot, desk: Desk, member: int, role: Role) -> None:
    """Staff commands appear only in the menu of staff; Telegram knows the chat once they have written."""
    own = [name for name in STAFF_COMMANDS if name not in _MANAGING or may_manage(role)]
    commands = _commands(desk, (*own, *CITIZEN_COMMANDS), MAIN_LANGUAGE)
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(member))
    except TelegramError as error:
        log.info("a staff member has not started the bot yet", user=member, error=str(error))


async def drop_staff_menu(bot: Bot, member: int) -> None:
    """Who is staff no longer sees the citizens' commands again."""
    try:
        await bot.delete_my_commands(scope=BotCommandScopeChat(member))
    except TelegramError as error:
        log.info("a staff menu was not taken away", user=member, error=str(error))


def _commands(desk: Desk, names: tuple[str, ...], language: str) -> list[BotCommand]:
    return [BotCommand(name, desk.texts.text(f"menu.{name}", language)) for name in names]
