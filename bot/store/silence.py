"""A connection to PostgreSQL that does not wait for ever for a server that stands still."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Generator
from contextlib import suppress
from typing import Any, TypeVar

from psycopg import AsyncConnection, OperationalError

# Longer than a server that is alive lets a writer's statement run (`store.py`): that ends it and keeps the connection.
MOST_SECONDS = 35.0

Result = TypeVar("Result")


class ImpatientConnection(AsyncConnection[Any]):
    """Hangs up where the server neither answers nor refuses, which then looks like any connection that broke.

    TCP sees nothing of that: the machine is there, and takes what it is sent. To cancel the statement would be to ask
    the same server.
    """

    async def wait(self, gen: Generator[Any, Any, Result], *args: Any, **kwargs: Any) -> Result:
        giving_up = asyncio.get_running_loop().call_later(MOST_SECONDS, self._hang_up)
        try:
            return await super().wait(gen, *args, **kwargs)
        finally:
            giving_up.cancel()

    def _hang_up(self) -> None:
        with suppress(OperationalError, OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)  # fails where it is closed already
