"""Updates in: at least once, in order within a chat, many chats at once.

`handling.py`  one update after the other in each chat, and when it counts as handled
`polling.py`   asking Telegram for them
`webhook.py`   being told them, and keeping the webhook as it should be
"""

from bot.inbox.handling import KINDS, OfficeApplication, replying
from bot.inbox.polling import Inbox
from bot.inbox.webhook import Address, WebhookInbox

__all__ = ["KINDS", "Address", "Inbox", "OfficeApplication", "WebhookInbox", "replying"]
