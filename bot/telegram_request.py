"""Carries the calls of the Bot API over aiohttp, and says of a failed one whether Telegram can have taken it."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

T = TypeVar("T")

# Without it each RetryAfter that python-telegram-bot makes is a deprecation warning.
os.environ["PTB_TIMEDELTA"] = "1"

CONNECTIONS = 512  # made as they are needed; some are for answers alone (`delivery/pacing.py`)
READ_SECONDS, CONNECT_SECONDS = 10.0, 5.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NOT_SENT = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)


class NotSentError(NetworkError):
    """The request surely never reached Telegram: no connection was free, or none could be made."""

    __slots__ = ()


class Encoded:
    """Parameters in the form in which they travel, for calls of which many say the same."""

    contains_files = False

    def __init__(self, form: str) -> None:
        self._form = form

    def url_encoded_parameters(self) -> str:
        return self._form

    def as_data(self) -> RequestData:
        """python-telegram-bot's own class is final; `AiohttpRequest` asks no more of it than what is here."""
        return cast("RequestData", self)


class AiohttpRequest(BaseRequest):
    """Requests over one pool of connections; `proxy` is what `proxy_for` found."""

    def __init__(
        self, *, connections: int = CONNECTIONS, read_timeout: float = READ_SECONDS, proxy: str | None = None
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of Telegram's answer; raises NotSentError, TimedOut or another NetworkError."""
        if self._session is None:
            raise RuntimeError("the request was not initialized")
        body, headers = _body(request_data)
        # aiohttp counts reading from the start of the request, so a file needs its time for writing on top.
        uploading = _or(write_timeout, self._read_timeout) if isinstance(body, aiohttp.FormData) else 0
        connect = _or(connect_timeout, CONNECT_SECONDS)
        timeout = _timeout(
            _sum(connect, _or(pool_timeout, 1.0)),  # includes waiting for one
            connect,
            _sum(_or(read_timeout, self._read_timeout), uploading),
        )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy, allow_redirects=False
            ) as response:
                answer = await response.read()
                return response.status, answer if 200 <= response.status <= 299 else _readable(answer)
        except (aiohttp.ClientError, OSError) as error:
            raise _translated(error) from _tellable(error)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer. Of one that cannot be read only its length is told: it may hold what people wrote."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError(f"An answer of {len(payload)} bytes cannot be read")
        return answer


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def pause_after(error: TelegramError, wait: float) -> float:
    """Seconds until the next try: as Telegram asks, or as the caller would wait."""
    return seconds_of(error) if isinstance(error, RetryAfter) else wait


def proxy_for(api_url: str) -> str | None:
    """The proxy that the environment names for this address; read once, as asking at each request costs two threads."""
    address = urlsplit(api_url)
    if address.hostname is None or proxy_bypass(address.hostname):
        return None
    proxies = getproxies()
    return proxies.get(address.scheme) or proxies.get("all")


def _translated(error: Exception) -> NetworkError:
    name = type(error).__name__
    if isinstance(error, _NOT_SENT):
        return NotSentError(name)
    return TimedOut(name) if isinstance(error, TimeoutError) else NetworkError(name)


def _tellable(error: Exception) -> Exception:
    """What the system says; most of aiohttp's words hold the address, and so the token, or pieces of an answer."""
    own = isinstance(error, aiohttp.ClientError) and not isinstance(error, aiohttp.ClientConnectorError)
    return ConnectionError(type(error).__name__) if own else error


def _readable(refusal: bytes) -> bytes:
    """python-telegram-bot quotes a page that is no answer of Telegram's, a gateway's, in its error."""
    try:
        AiohttpRequest.parse_json_payload(refusal)
    except TelegramError:
        return b""
    return refusal


def _body(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), FORM
    form = aiohttp.FormData(quote_fields=False)  # quoted, a file's name would reach citizens as %20
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None


@lru_cache
def _timeout(connect: float | None, sock_connect: float | None, sock_read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_connect=sock_connect, sock_read=sock_read)


def _or(given: ODVInput[float], otherwise: float) -> float | None:
    return given if given is None or isinstance(given, int | float) else otherwise


def _sum(*parts: float | None) -> float | None:
    return None if None in parts else sum(part for part in parts if part is not None)
