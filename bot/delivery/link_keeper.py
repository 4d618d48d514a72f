"""Looks at the links that the catalogue names, from the office's machine, and shows staff what follows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.delivery.progress import RenderAnswer
from bot.delivery.reminder import Asker
from bot.office.linking import Linking, Proposal
from bot.rules.catalogue import LinkCheck, Probe
from bot.rules.links import Watched
from bot.store.errors import DatabaseAway

PATIENCE = 10.0  # seconds for one answer
_SERVER_ERROR = 500

log = structlog.get_logger(__name__)

Look = Callable[[Probe], Awaitable[bool]]


async def answers(probe: Probe, patience: float = PATIENCE) -> bool:
    """Whether an address answers as it should: a connection, or a status of HTTP."""
    try:
        async with asyncio.timeout(patience):
            if probe.address.startswith("tcp://"):
                return await _connects(probe.address)
            return await _status_fits(probe, patience)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        log.info("link_silent", address=probe.address, error=f"{type(error).__name__}: {error}")
        return False


async def _connects(address: str) -> bool:
    to = urlsplit(address)
    _, writer = await asyncio.open_connection(to.hostname, to.port)
    writer.close()
    await writer.wait_closed()
    return True


async def _status_fits(probe: Probe, patience: float) -> bool:
    async with (
        httpx.AsyncClient(timeout=patience, trust_env=False) as client,
        client.stream("GET", probe.address) as answer,  # its body is nobody's business
    ):
        return answer.status_code in probe.status if probe.status else answer.status_code < _SERVER_ERROR


class Speaker(Asker, Protocol):
    """The bot, as far as proposals need it: what it proposed it may withdraw."""

    async def edit_message_text(
        self, text: str, chat_id: int | None = None, message_id: int | None = None, *, parse_mode: str | None = None
    ) -> Any: ...


@dataclass
class LinkKeeper:
    """`run` it as a task until it is cancelled; only the process that sends looks."""

    linking: Linking
    check: LinkCheck
    bot: Speaker
    render: RenderAnswer
    at_work: Callable[[], bool]
    look: Look = answers
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _watched: dict[str, Watched] = field(default_factory=dict)

    async def run(self) -> None:
        while True:
            try:
                await self.round()
            except DatabaseAway:
                log.debug("link_check_waits_for_database")
            except Exception:
                log.exception("link_check_failed")
            await self.sleep(self.check.every)

    async def round(self) -> None:
        """One look at everything, and what follows from it."""
        if not self.at_work():
            return
        await self._look_around()
        for one, said in await self.linking.overtaken(self._watched):
            await self._withdraw(one.chat, one.message, self.render(said)[0])
            await self.linking.settled(one)
        for proposal in await self.linking.proposals(self._watched):
            for chat in proposal.to:
                await self._propose(proposal, chat)
        if self.linking.may_ask():  # what turned is told once; by night it waits
            self._watched = {resource: one.told() for resource, one in self._watched.items()}

    async def _look_around(self) -> None:
        """Where this machine itself is offline, nothing is learned of anything else."""
        if not await self.look(self.check.own):
            log.info("link_check_offline", address=self.check.own.address)
            return
        for link in self.check.links:
            seen = await self.look(link.probe)
            before = self._watched.get(link.resource, Watched())
            self._watched[link.resource] = before.after(seen)

    async def _propose(self, proposal: Proposal, chat: int) -> None:
        if not await self.linking.asking(proposal, chat):
            return
        text, keyboard = self.render(proposal.answer)
        try:
            sent = await self.bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            log.info("link_not_proposed", chat=chat, error=str(error))
        else:
            await self.linking.shown(proposal, chat, sent.message_id)

    async def _withdraw(self, chat: int, message: int | None, text: str) -> None:
        try:
            await self.bot.edit_message_text(text, chat, message, parse_mode=ParseMode.HTML)
        except TelegramError as error:
            log.info("link_not_withdrawn", chat=chat, error=str(error))
