"""What Prometheus reads: this process's own counts, and how the outbox and the board are."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.language.intents import Intent
from bot.metrics import ANSWERS, REGISTRY
from bot.office.boards import LiveBoard
from bot.rules.broadcasts import SENDER
from bot.secret import Secret
from bot.store import Store
from bot.web.clients import from_this_machine
from bot.web.patience import Patiently

PATH = "/metrics"
KEPT = 10.0  # seconds: counting a million deliveries costs something, and several may ask
_TYPE = "text/plain; version=0.0.4; charset=utf-8"

for _intent in Intent:  # there from the start, so that the first answer is seen to be one
    ANSWERS.labels(_intent.value)


@dataclass
class Metering:
    """Reads what is the same for all processes, and shows it beside what this one counted."""

    live: LiveBoard
    store: Store
    seconds: Callable[[], float] = monotonic
    _read_at: float | None = None
    _outbox: Sequence[Metric] = field(default=())

    def __post_init__(self) -> None:
        self._in_time = Patiently(self._read)

    async def text(self) -> bytes:
        return generate_latest(REGISTRY) + generate_latest(_once((self._board(), *await self._of_outbox())))

    def _board(self) -> Metric:
        age = self.live.age()
        return GaugeMetricFamily("loket_board_age_seconds", "Since the board was last compared with the reports", age)

    async def _of_outbox(self) -> Sequence[Metric]:
        """Nothing while the database is away: an old figure would look like a good one."""
        now = self.seconds()
        if self._read_at is None or now - self._read_at >= KEPT:
            self._outbox = await self._in_time() or ()
            self._read_at = now
        return self._outbox

    async def _read(self) -> Sequence[Metric]:
        now = self.live.clock()
        async with self.store.reading() as session:
            statuses = await session.deliveries_by_status()
            dues = [
                await session.next_due(await session.stopped_notices()),
                *(one.release_at for one in await session.unreleased_notices()),
            ]
            pace = await session.pace(SENDER, now)
            sends = await session.is_held(SENDER, now)
        first = min((due for due in dues if due is not None), default=now)
        lag = max(0.0, (now - first).total_seconds())
        notices = GaugeMetricFamily("loket_notices", "Notices to chats, of the last 48 hours", labels=["fate"])
        for status, count in statuses.items():
            notices.add_metric([status.value], count)
        return (
            notices,
            GaugeMetricFamily("loket_outbox_lag_seconds", "How long the first notice that waits is due", lag),
            GaugeMetricFamily("loket_senders", "Whether a process sends notices", int(sends)),
            GaugeMetricFamily(
                "loket_send_pace", "Notices a second that the sender may send", pace.a_second if pace else 0
            ),
        )


class _Given:
    """What was read already, as the registry wants to be given it."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _once(metrics: Iterable[Metric]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Given(metrics))
    return registry


def metrics(metering: Metering, token: Secret | None) -> Route:
    """The address that Prometheus asks: from this machine, or with the token."""

    async def answer(request: Request) -> Response:
        if not (from_this_machine(request) or _knows(request, token)):
            headers = {"WWW-Authenticate": "Bearer"} if token else {}
            return Response(status_code=401 if token else 403, headers=headers)
        return Response(await metering.text(), media_type=_TYPE, headers={"Cache-Control": "no-store"})

    return Route(PATH, answer)


def _knows(request: Request, token: Secret | None) -> bool:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(shown.strip().encode(), token.reveal().encode())
