"""From messages and layouts to documents: the templates hold no words, only where they stand."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.language.messages import Message
from bot.web.wording import Wording

_FOLDER = Path(__file__).with_name("templates")
STYLE = (_FOLDER / "style.css").read_text("utf-8").replace("\n", "")
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@pass_context
def _say(context: Context, message: Message) -> Markup:
    wording: Wording = context["wording"]
    return wording.html(message)


@pass_context
def _words(context: Context, message: Message) -> str:
    wording: Wording = context["wording"]
    return wording.plain(message)


@pass_context
def _iso(context: Context, at: datetime) -> str:
    wording: Wording = context["wording"]
    return at.astimezone(wording.zone).isoformat(timespec="seconds")


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"say": _say, "words": _words, "iso": _iso}
    made.globals |= {"style": Markup(STYLE)}  # noqa: S704 -- our own file
    return made


_templates = _environment()


def fill(template: str, wording: Wording, **values: Any) -> bytes:
    """A template with its messages said; everything else is escaped."""
    filled = _templates.get_template(template).render(wording=wording, language=wording.language, **values)
    return filled.encode()
