"""How Telegram says no: a status, its own words and, where they help, parameters."""

from __future__ import annotations

QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class RefusalError(Exception):
    """A call that Telegram does not carry out; `parameters` are ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> dict[str, object]:
        """The body that a bot reads."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | {"parameters": self.parameters} if self.parameters else answer


def bad_request(words: str, **parameters: int) -> RefusalError:
    """A 400, with Telegram's prefix."""
    return RefusalError(400, f"Bad Request: {words}", **parameters)


def forbidden(words: str) -> RefusalError:
    """A 403, with Telegram's prefix."""
    return RefusalError(403, f"Forbidden: {words}")


def conflict(words: str) -> RefusalError:
    """A 409, with Telegram's prefix."""
    return RefusalError(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> RefusalError:
    """A 429, which names its wait twice, as Telegram does."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
