"""A bare python-telegram-bot that echoes: `ptb_echo.py default|own URL TOKEN [PORT]`, by webhook where a port is named.

`default` is what its own first example does: its default client, one update after the other. `own`: on Loket's client,
256 at once.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.telegram_request import AiohttpRequest


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text(update.message.text or "")


def built(client: str, url: str, token: str, *, polls: bool) -> Any:
    builder = Application.builder().token(token).base_url(f"{url}/bot")
    if client == "own":
        builder = builder.concurrent_updates(256).request(AiohttpRequest(connections=256))
        builder = builder.get_updates_request(AiohttpRequest(connections=1))
    if not polls:
        builder = builder.updater(None)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    return application


async def brought(application: Any, port: int) -> None:
    """As in python-telegram-bot's example of a webhook of one's own: 200 at once, and the update into the queue."""

    async def receive(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    app = Starlette(routes=[Route("/telegram", receive, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=port, access_log=False, log_level="warning"))
    async with application:
        await application.start()
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 -- uvicorn tells nobody
            await asyncio.sleep(0.01)
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        await serving
        await application.stop()


def main(client: str, url: str, token: str, port: str = "") -> None:
    application = built(client, url, token, polls=not port)
    if port:
        asyncio.run(brought(application, int(port)))
    else:
        application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
