"""From messages to words: the texts of `locales/`, Babel's dates and lists, escaping last."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.language.fitting import fitting
from bot.language.messages import (
    Answer,
    Brief,
    Capital,
    Clock,
    Dated,
    DatePart,
    DayMonth,
    Hours,
    Lines,
    Listing,
    Message,
    Timed,
    Value,
    Words,
    say,
)
from bot.rules.catalogue import Opening
from bot.rules.reports import Moment

MAIN_LANGUAGE = "id"
_BESIDE = Path(__file__).parents[1] / "locales"  # in a wheel
_ABOVE = Path(__file__).parents[2] / "locales"  # in a checkout
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text by language and message id."""

    by_language: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, folder: Path | None = None) -> Texts:
        """Read every `<language>/LC_MESSAGES/loket.po`; compiled here, so that no stale `.mo` can speak."""
        folder = folder or (_BESIDE if _BESIDE.is_dir() else _ABOVE)
        files = sorted(folder.glob("*/LC_MESSAGES/loket.po"))
        return cls({file.parts[-3]: _read(file) for file in files})

    @property
    def languages(self) -> tuple[str, ...]:
        """The language codes, the main one first."""
        return tuple(sorted(self.by_language, key=lambda code: (code != MAIN_LANGUAGE, code)))

    def text(self, message_id: str, language: str) -> str:
        """The bare text of a message; a language that lacks it borrows the main one's."""
        own = self.by_language.get(language, {})
        return own.get(message_id) or self.by_language[MAIN_LANGUAGE][message_id]

    def render(self, said: Answer | Message, language: str, now: datetime, zone: ZoneInfo) -> str:
        """What is said as Telegram HTML; near days are told as seen from `now`. `zone`: where an answer has none."""
        lines = said.lines if isinstance(said, Answer) else (said,)
        zone = (isinstance(said, Answer) and said.zone) or zone
        code = language if language in self.by_language else MAIN_LANGUAGE
        voice = _Voice(self, code, now.astimezone(zone), zone)
        return fitting(tuple(map(voice.message, lines)), lambda: voice.message(_MORE))

    def plain(self, said: Answer | Message, language: str, now: datetime, zone: ZoneInfo) -> str:
        """The same without markup: for the terminal, for button labels."""
        return html.unescape(re.sub(r"<[^>]+>", "", self.render(said, language, now, zone)))


_MORE = say("answer.more")


def _read(file: Path) -> dict[str, str]:
    """The translated messages of one file; what is marked fuzzy does not count as translated."""
    with file.open("rb") as opened:
        catalogue = read_po(opened)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string and not entry.fuzzy}


@dataclass(frozen=True, slots=True)
class _Voice:
    """One rendering: a language, at one time, in one time zone."""

    texts: Texts
    language: str
    now: datetime
    zone: ZoneInfo

    def message(self, message: Message) -> str:
        if not message.id:
            return ""
        values = {name: self.value(value) for name, value in message.params.items()}
        return self.texts.text(message.id, self.language).format_map(values)

    def value(self, value: Value) -> str:
        """A parameter as HTML. Only `str` and the catalogue's words come from people, so these are escaped."""
        match value:
            case Message():
                return self.message(value)
            case Words():
                return html.escape(value.text.get(self.language) or value.text[MAIN_LANGUAGE], quote=False)
            case str():
                return html.escape(value, quote=False)
            case int():
                return str(format_decimal(value, locale=self.language))
            case Listing():
                items = [self.value(item) for item in value.items]
                return format_list(items, "or" if value.either else "standard", self.language)
            case Capital():
                return _capital(self.value(value.value))
            case Lines():
                return "\n".join(map(self.message, value.messages))
            case DatePart():
                return self.date(value.value, value.pattern)
            case Hours():
                return self.value(Listing(tuple(map(_stretch, value.openings))))
            case _:
                return self.time(value)

    def time(self, value: date | time | Timed | Brief | Dated | DayMonth | Clock) -> str:
        match value:
            case Brief():
                return self.brief(value.value)
            case Dated():
                return self.dated(self.as_moment(value.value))
            case DayMonth():
                return self.date(value.value, "format.day_month")
            case Clock():
                return self.message(say("when.clock", time=self.hour(value.value), zone=self.zone_of(value.value)))
            case datetime():
                return self.moment(Moment(value), "format.date")
            case Moment():
                return self.moment(value, "format.date")
            case date():
                return self.date(value, "format.date")
            case _:
                return self.hour(datetime.combine(self.now, value, self.zone))

    def brief(self, value: date | Timed) -> str:
        """Few words: no year where it is this year's, no date at all for today."""
        moment = self.as_moment(value)
        this_year = moment.at.astimezone(self.zone).year == self.now.year
        return self.moment(moment, "format.day" if this_year else "format.date", brief=True)

    def as_moment(self, value: date | Timed) -> Moment:
        if isinstance(value, Moment):
            return value
        if isinstance(value, datetime):
            return Moment(value)
        return Moment(datetime.combine(value, time(), self.zone), whole_day=True)

    def moment(self, moment: Moment, pattern: str, *, brief: bool = False) -> str:
        """A day with its word where it is near, and the hour where it was said."""
        at = moment.at.astimezone(self.zone)
        near = _NEAR_DAYS.get((at.date() - self.now.date()).days)
        day = self.date(at.date(), pattern)
        if near and not (brief and near == "yesterday"):
            message = "when.today_brief" if brief and near == "today" else f"when.{near}"
            day = self.texts.text(message, self.language).format(date=day)
        return self.timed(day, moment)

    def dated(self, moment: Moment) -> str:
        """The day by its date, however near it is."""
        return self.timed(self.date(moment.at.astimezone(self.zone).date(), "format.date"), moment)

    def timed(self, day: str, moment: Moment) -> str:
        """The day, and the hour where it was said."""
        if moment.whole_day:
            return day
        return self.texts.text("when.at", self.language).format(day=day, time=self.value(Clock(moment.at)))

    def date(self, day: date, pattern: str) -> str:
        return format_datetime(
            datetime.combine(day, time()), self.texts.text(pattern, self.language), locale=self.language
        )

    def hour(self, at: datetime) -> str:
        pattern = self.texts.text("format.time", self.language)
        return format_datetime(at, pattern, self.zone, locale=self.language)

    def zone_of(self, at: datetime) -> str:
        """WIB, WITA or WIT, which Babel knows in Indonesian alone."""
        return at.astimezone(self.zone).tzname() or ""


def _stretch(opening: Opening) -> Message:
    return say("when.stretch", start=opening.start, end=opening.end)


def _capital(rendered: str) -> str:
    """The first letter up, past any opening tag."""
    return re.sub(r"^((?:<[^>]*>)*)(.)", lambda found: found[1] + found[2].upper(), rendered, count=1, flags=re.DOTALL)
