"""The bot's menus and descriptions, set at start: by scope, in every language."""

from __future__ import annotations

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
from handlers.context import Desk

CITIZEN_COMMANDS = (
    "status",
    "syarat",
    "jam",
    "lokasi",
    "langganan",
    "berhenti",
    "bahasa",
    "privasi",
    "hapusdata",
    "bantuan",
)
GROUP_COMMANDS = ("status", "syarat", "jam", "lokasi", "bantuan")
GROUP_ADMIN_COMMANDS = (*GROUP_COMMANDS, "langganan", "berhenti", "bahasa", "privasi", "hapusdata")
STAFF_COMMANDS = ("lapor", "pulih", "papan", "masihsama", "urung", "siaran")

log = structlog.get_logger(__name__)


async def set_menus(bot: Bot, desk: Desk) -> None:
    """Tell Telegram what to show; the bot works without it, so a refusal is only logged."""
    try:
        for language in desk.texts.languages:
            await _describe(bot, desk, language)
        for member in desk.office.staff.staff:
            await set_staff_menu(bot, desk, member)
    except TelegramError as error:
        log.warning("menus not set", error=str(error))


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


async def set_staff_menu(bot: Bot, desk: Desk, member: int) -> None:
    """Staff commands appear only in the menu of staff; Telegram knows the chat once they have written."""
    commands = _commands(desk, (*STAFF_COMMANDS, *CITIZEN_COMMANDS), MAIN_LANGUAGE)
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(member))
    except TelegramError as error:
        log.info("a staff member has not started the bot yet", user=member, error=str(error))


def _commands(desk: Desk, names: tuple[str, ...], language: str) -> list[BotCommand]:
    return [BotCommand(name, desk.texts.text(f"menu.{name}", language)) for name in names]
