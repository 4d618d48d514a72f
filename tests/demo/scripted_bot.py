"""A bot of a few lines, run as the demo's child where a test is about the demo and not about Loket.

It answers every message with its clock's offset, "count" with how many texts its database has seen, "die" by dying.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))


def call(method: str, **params: Any) -> Any:
    url = f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['BOT_TOKEN']}/{method}"
    request = urllib.request.Request(url, json.dumps(params).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["result"]


def answer(text: str) -> str:
    if text == "die":
        sys.exit("it was told to")
    if text == "environment":
        return " ".join(sorted(os.environ))
    seen = FOLDER.read_text() if FOLDER.exists() else ""
    FOLDER.write_text(seen + "x")
    return f"offset {os.environ['CLOCK_OFFSET']}, text {len(seen) + 1}"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    offset = 0
    while True:
        for update in call("getUpdates", offset=offset, timeout=1):
            offset = update["update_id"] + 1
            call("getUpdates", offset=offset, timeout=0)
            message = update["message"]
            call("sendMessage", chat_id=message["chat"]["id"], text=answer(message["text"]))


if __name__ == "__main__":
    main()
