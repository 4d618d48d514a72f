"""A Bot API that only says yes, so that what is measured is the bot."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

ME = {"id": 123456789, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
NO_WEBHOOK = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
POLL = 1.0  # seconds that an empty poll lasts


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method = self.path.rpartition("/")[2]
        if method == "getUpdates":
            self.server.polled.set()
            time.sleep(POLL)
        self._send({"getMe": ME, "getUpdates": []}.get(method, True))

    do_GET = do_POST  # noqa: N815 -- the names are the standard library's

    def _send(self, result: Any) -> None:
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, polled: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.polled = polled

    def handle_error(self, *_: Any) -> None:
        """A bot that stops cuts its poll: no news."""


class StandIn:
    """It serves while its block lasts; `polled` is set by the first getUpdates."""

    def __init__(self) -> None:
        self.polled = threading.Event()
        self._server = _Server(self.polled)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
