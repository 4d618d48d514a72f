"""Runs the stand-in alone: `python -m playground [--port P] [--token T] [--faults on]`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from playground.server import serve
from playground.world import TOKEN, World

PEOPLE = ((747100101, "Warga"), (747100201, "Petugas"), (747100301, "Pelanggan"))


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m playground", description="A local stand-in for the Bot API.")
    parser.add_argument("--port", type=int, default=8081, help="0 is any free one (default: 8081)")
    parser.add_argument("--token", default=TOKEN, help="the only token that is taken")
    parser.add_argument("--faults", choices=("on", "off"), default="off", help="whether /api/faults is there")
    return parser.parse_args(given)


async def run(options: argparse.Namespace, stop: asyncio.Event) -> None:
    """Serves until it is told to stop."""
    world = World(options.token)
    for chat_id, name in PEOPLE:
        world.add_phone(chat_id, name)
    async with serve(world, options.port, faults=options.faults == "on") as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await stop.wait()


async def main() -> None:
    """The command."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(arguments(), stop)


if __name__ == "__main__":
    asyncio.run(main())
