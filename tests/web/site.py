"""The public face of a small office, asked without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.reports import Assertion, ReportKind
from bot.store import Store
from bot.web.app import make_app
from bot.web.face import Face
from tests.migrated import migrated
from tests.office.house import SITTI, TEXTS, House
from tests.rules.small_office import at

HERE = "http://loket.example"
KENDARI = read_catalogue(SHIPPED / "demo.toml")
A_CITIZEN = ("36.66.10.1", 4711)
HOSTILE = "<script>alert('a')</script> ]]> \"&amp; \u202egnalut\u202c \x00\x1f&lt;"


class Site:
    """An office and whoever looks at it."""

    def __init__(self, store: Store, catalogue: Catalogue, base: str | None = None) -> None:
        self.house = House(store, catalogue, now=at(2))
        self.bot_name: str | None = "loket_bot"
        self.telegram_away = False
        self.seconds = 0.0
        self.face = Face(self.house.office.live, TEXTS, lambda: self.bot_name, base)
        self.app = make_app(self.face, store, lambda: self.telegram_away, lambda: self.seconds)

    async def get(self, path: str, client: tuple[str, int] = A_CITIZEN, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, client, **headers)

    async def ask(self, method: str, path: str, client: tuple[str, int] = A_CITIZEN, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as asking:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await asking.request(method, path, headers=named)

    async def json(self, path: str) -> Any:
        answer = await self.get(path)
        assert answer.status_code == 200
        return answer.json()

    async def asserts(self, *assertions: Assertion) -> int:
        """A report that no line of staff could hold."""
        async with self.house.store.writing(reporting=True) as session:
            report = await session.append_report(self.house.watch(), SITTI, ReportKind.ASSERTION, assertions)
        await self.house.office.live.refresh()
        return report.number

    async def takes_back(self, number: int) -> None:
        async with self.house.store.writing(reporting=True) as session:
            await session.append_report(self.house.watch(), SITTI, ReportKind.RETRACTION, retracts=number)
        await self.house.office.live.refresh()


@asynccontextmanager
async def opened_site(folder: Path, catalogue: Catalogue = KENDARI, base: str | None = None) -> AsyncIterator[Site]:
    store = Store(migrated(folder / "loket.db"))
    await store.open()
    try:
        yield Site(store, catalogue, base)
    finally:
        await store.close()
