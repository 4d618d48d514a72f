"""The blocks of docs/operations.md, as they stand there: the page is what is tried."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def block(words: str) -> str:
    """The one block of code that has these words."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (found,) = (str(code) for code in blocks if words in code)
    return found


def with_ports(config: str, *ports: int) -> str:
    """The webs listen elsewhere here; that is all that may differ."""
    for written, port in zip((8081, 8082), ports, strict=True):
        assert f"127.0.0.1:{written}" in config
        config = config.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}")
    return config
