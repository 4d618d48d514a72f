"""`loket check`: what is wrong, and what is unset, in everything that a deployment depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.config import ConfigError, Settings
from bot.rules.catalogue_reading import CatalogueError, read_catalogue
from bot.store import DatabaseOutdated, Store, StoreError
from bot.telegram_request import AiohttpRequest, proxy_for

_FAULTY = 2  # exit code


@dataclass
class Findings:
    """What was found, printed as it comes."""

    faults: int = field(default=0, init=False)

    def good(self, what: str, words: str) -> None:
        print(f"ok      {what}: {words}")

    def fault(self, what: str, words: Iterable[object]) -> None:
        for word in words:
            self.faults += 1
            print(f"WRONG   {what}: {word}")

    def unset(self, what: str, words: Iterable[str]) -> None:
        for word in words:
            print(f"unset   {what}: {word}")

    def warning(self, what: str, words: Iterable[str]) -> None:
        for word in words:
            print(f"warning {what}: {word}")


async def check(environ: Mapping[str, str]) -> int:
    """Look at configuration, catalogue, database, token and webhook; 2 where something is wrong."""
    findings = Findings()
    settings = _check_configuration(environ, findings)
    if settings is not None:
        _check_catalogue(settings, findings)
        await _check_database(settings, findings)
        if settings.token is not None:
            await _check_telegram(settings, settings.token.reveal(), findings)
    return _FAULTY if findings.faults else 0


def _check_configuration(environ: Mapping[str, str], findings: Findings) -> Settings | None:
    """What can be read of it; a missing token hides none of the rest."""
    try:
        settings = Settings.read(environ)
        findings.good("configuration", "every variable can be read")
    except ConfigError as error:
        findings.fault("configuration", error.faults)
        try:
            settings = Settings.read(environ, needs_token=False)
        except ConfigError:
            return None
    findings.warning("configuration", settings.warnings)
    return settings


def _check_catalogue(settings: Settings, findings: Findings) -> None:
    try:
        catalogue = read_catalogue(settings.catalogue)
    except CatalogueError as error:
        findings.fault("catalogue", error.faults)
        return
    told = f"{len(catalogue.services)} services, {len(catalogue.steps)} steps, {len(catalogue.counters)} counters"
    if catalogue.tree.many:
        told += f" of {len(catalogue.tree.offices)} offices"
    findings.good("catalogue", f"{settings.catalogue.name}: {told}")
    findings.unset("catalogue", catalogue.unset)


async def _check_database(settings: Settings, findings: Findings) -> None:
    if not settings.has_database:
        findings.unset("database", ["not there yet; `loket run` makes it"])
        return
    try:
        store = Store(settings.database_url.reveal())
    except StoreError as error:
        findings.fault("database", [error])
        return
    try:
        await store.open()
    except DatabaseOutdated:
        findings.unset("database", ["not up to date yet; `loket migrate` or `loket run` does that"])
    except StoreError as error:
        findings.fault("database", [error])
    else:
        async with store.reading() as session:
            findings.good("database", f"reachable and up to date, {await session.newest_report()} reports")
    finally:
        await store.close()


async def _check_telegram(settings: Settings, token: str, findings: Findings) -> None:
    bot = Bot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(proxy=proxy_for(settings.telegram_api_url)),
    )
    try:
        async with bot:
            findings.good("token", f"it is @{bot.username}'s")
            _check_inline(bot, findings)
            webhook = await bot.get_webhook_info()
    except InvalidToken:
        findings.fault("token", ["Telegram does not know it; take it again from @BotFather"])
    except TelegramError as error:
        findings.fault("token", [f"Telegram cannot be reached at {settings.telegram_api_url} ({type(error).__name__})"])
    else:
        _check_webhook(settings, webhook, findings)


def _check_inline(bot: Bot, findings: Findings) -> None:
    """Without it no button offers a card, as Telegram would refuse it."""
    if bot.bot.supports_inline_queries:
        findings.good("inline mode", "on: answers can be shared in any chat")
    else:
        findings.unset("inline mode", ["off; write /setinline to @BotFather, then start the bot again"])


def _check_webhook(settings: Settings, webhook: WebhookInfo, findings: Findings) -> None:
    if settings.webhook_url is None and webhook.url:
        findings.warning("webhook", [f"one is set ({webhook.url}); `loket run` polls and removes it"])
    elif settings.webhook_url is None:
        findings.good("webhook", "none is set; `loket run` polls")
    elif webhook.url != settings.webhook_url:
        what = f"another is set ({webhook.url})" if webhook.url else "not set yet"
        findings.unset("webhook", [f"{what}; `loket run` or `loket web` sets it"])
    elif webhook.last_error_message and webhook.pending_update_count:
        waiting = f"{webhook.pending_update_count} updates wait"
        findings.fault("webhook", [f"{waiting}, Telegram's last word: {webhook.last_error_message}"])
    else:
        findings.good("webhook", f"set to {webhook.url}, {webhook.pending_update_count} updates wait")
