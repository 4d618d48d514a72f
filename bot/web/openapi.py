"""The description of the API, for programs and those who write them."""

from __future__ import annotations

import json
from pathlib import Path

from bot.web.documents import Document

DESCRIPTION = Document(
    json.dumps(json.loads(Path(__file__).with_name("openapi.json").read_text("utf-8")), separators=(",", ":")).encode(),
    "application/json",
    seconds=3600,
    public=True,
)
