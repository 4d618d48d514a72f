"""Which edits are none for who reads: Telegram tells of one also where a link's preview was loaded."""

from __future__ import annotations

import secrets
from hashlib import blake2b

from telegram import Update
from telegram.ext import filters

from handlers.context import Context

_MOST = 4096  # messages that are remembered: such an edit comes within seconds


class Unchanged(filters.UpdateFilter):
    """An edit that left the text as it was answered.

    No text is kept, and no chat: only digests, by a key that this process made for itself and forgets with them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, tuple[bytes, int]] = {}

    def filter(self, update: Update) -> bool:
        message = update.effective_message
        assert message is not None  # the library hands on nothing else
        which = self._digest(f"{message.chat_id} {message.message_id}")
        text = self._digest(f"{message.chat_id} {message.text or message.caption or ''}")
        before, by = self._seen.get(which, (b"", 0))
        # What is tried again, since the database was away or the answer was lost, has not been answered.
        if update.edited_message and text == before and by != update.update_id:
            return True
        self._keep(which, text, update.update_id)
        return False

    def _keep(self, which: bytes, text: bytes, by: int) -> None:
        if which not in self._seen and len(self._seen) >= _MOST:
            del self._seen[next(iter(self._seen))]
        self._seen[which] = text, by

    def _digest(self, words: str) -> bytes:
        return blake2b(words.encode(), key=self._key, digest_size=16).digest()


async def leave(_update: Update, _context: Context) -> None:
    """It was answered already."""
