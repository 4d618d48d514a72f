"""A table of a catalogue's TOML, read key by key, with every fault noted by its table and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches

from bot.faults import OperatorError
from bot.rules.catalogue import Text

ID = re.compile(r"[a-z0-9_]{1,32}")
ID_RULE = "1 to 32 of a-z, 0-9 and _"
_LANGUAGE = re.compile(r"[a-z]{2}")
_WITHOUT_WORDS: Text = {"id": ""}


class CatalogueError(OperatorError):
    """A catalogue that cannot be used, with everything that is wrong in it."""

    title = "The catalogue is wrong:"

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self._faults = faults

    @property
    def faults(self) -> tuple[str, ...]:
        return self._faults


def meant(word: str, known: Iterable[str]) -> str:
    """What probably was meant, to stand at the end of a fault; else what there is to choose from."""
    known = list(known)
    if close := get_close_matches(word, known, n=1):
        return f'; did you mean "{close[0]}"?'
    return f"; known: {', '.join(known)}" if known else ""


def below(where: str, key: str) -> str:
    """How a fault names a key of a table."""
    if not where:
        return key
    return f"{where}: {key}" if where.endswith('"') else f"{where}.{key}"


class Table:
    """One table: each reading of a key says what it must hold, `done` complains of the keys that nobody read."""

    def __init__(self, where: str, values: Mapping[str, object], faults: list[str]) -> None:
        self.where = where
        self._values = values
        self._faults = faults
        self._read: list[str] = []

    def label(self, key: str) -> str:
        """How a fault names a key of this table."""
        return below(self.where, key)

    def fault(self, key: str, what: str) -> None:
        self._faults.append(f"{self.label(key)}: {what}")

    def value(self, key: str) -> object:
        """What stands at a key, None where it is left out."""
        self._read.append(key)
        return self._values.get(key)

    def has(self, key: str) -> bool:
        return key in self._values

    def entries(self) -> Mapping[str, object]:
        """All keys, where the table's keys are free."""
        self._read.extend(self._values)
        return self._values

    def inner(self, key: str, values: Mapping[str, object], name: str = "") -> Table:
        """A table below this one, called by its key, and by what it holds at `name`."""
        called = f' "{values[name]}"' if isinstance(values.get(name), str) else ""
        return Table(self.label(key) + called, values, self._faults)

    def done(self) -> None:
        """Complains of every key that is not one of those read."""
        for key in self._values:
            if key not in self._read:
                self.fault(key, f"unknown key{meant(key, dict.fromkeys(self._read))}")

    def missing(self, key: str, example: str) -> None:
        """Complains of a key that must be there."""
        self.fault(key, f"missing; write {key} = {example}")

    def word(self, key: str) -> str | None:
        return self._word(key, self.value(key))

    def needed_word(self, key: str, example: str) -> str:
        word = self.word(key)
        if word is None and key not in self._values:
            self.missing(key, example)
        return word or ""

    def id(self, key: str = "id") -> str:
        word = self.needed_word(key, '"…"')
        if word and not ID.fullmatch(word):
            self.fault(key, f'"{word}" is no id; an id has {ID_RULE}')
        return word

    def list(self, key: str) -> Sequence[object]:
        """A list; a single word counts as a list of one."""
        value = self.value(key)
        if value is None or isinstance(value, list):
            return value or []
        if isinstance(value, str):
            return [value]
        self.fault(key, f'{_shown(value)} is no list; write {key} = ["…", "…"]')
        return []

    def entry(self, key: str, at: int, value: object) -> str:
        """A word in a list."""
        return self._word(f"{key}[{at}]", value) or ""

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words, each once."""
        found = (self.entry(key, at, one) for at, one in enumerate(self.list(key)))
        return tuple(dict.fromkeys(word for word in found if word))

    def folded(self, key: str) -> tuple[str, ...]:
        """A list of what people type: in small letters with single spaces."""
        return tuple(dict.fromkeys(plain(word) for word in self.words(key)))

    def flag(self, key: str) -> bool | None:
        value = self.value(key)
        if value is None or isinstance(value, bool):
            return value
        self.fault(key, f"{_shown(value)} is neither true nor false; write true or false without quotes")
        return None

    def count(self, key: str) -> int | None:
        """A number of people or things, one at least."""
        value = self.value(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self.fault(key, f"{_shown(value)} is no number of 1 or more; write it without quotes, or leave the key out")
        return None

    def date(self, key: str) -> date | None:
        """A TOML date, or the same in quotes."""
        value = self.value(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        elif value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(key, f"{_shown(value)} is no date; write it as 2026-12-31")
        return None

    def text(self, key: str) -> Text | None:
        """Words by language; a string is Indonesian."""
        return self._text(key, self.value(key))

    def needed_text(self, key: str) -> Text:
        text = self.text(key)
        if text is None and key not in self._values:
            self.missing(key, '{ id = "…", en = "…" }')
        return text or _WITHOUT_WORDS

    def texts(self, key: str) -> tuple[Text, ...]:
        found = [self._text(f"{key}[{at}]", one) for at, one in enumerate(self.list(key))]
        return tuple(text for text in found if text)

    def table(self, key: str) -> Table | None:
        value = self.value(key)
        if value is None or isinstance(value, Mapping):
            return None if value is None else self.inner(key, value)
        self.fault(key, f"{_shown(value)} is no table; write [{key}] with its keys below")
        return None

    def tables(self, key: str, name: str = "") -> tuple[Table, ...]:
        """An array of tables, called by their numbers, and by what they hold at `name`."""
        value, found = self.value(key), []
        for at, one in enumerate(value if isinstance(value, list) else [] if value is None else [value]):
            if isinstance(value, list) and isinstance(one, Mapping):
                found.append(self.inner(f"{key}[{at}]", one, name))
            else:
                self.fault(key, f"{_shown(one)} is no list of tables; write [[{key}]] with the keys of each below")
        return tuple(found)

    def _word(self, key: str, value: object) -> str | None:
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None:
            self.fault(key, f"{_shown(value)} is no text; write words in quotes, or leave the key out")
        return None

    def _text(self, key: str, value: object) -> Text | None:
        if not isinstance(value, Mapping):
            word = self._word(key, value)
            return {"id": word} if word else None
        for language in value:
            if not _LANGUAGE.fullmatch(language):
                self.fault(f"{key}.{language}", "is no language; write two letters, as id or en")
        if "id" not in value:
            self.fault(key, 'has no Indonesian words; write { id = "…", en = "…" }')
        words = {language: self._word(f"{key}.{language}", one) for language, one in value.items()}
        return {language: word for language, word in words.items() if word} if words.get("id") else None


def plain(words: str) -> str:
    """Words in small letters with single spaces."""
    return " ".join(words.casefold().split())


def _shown(value: object) -> str:
    """A value as the file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return "a table" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else str(value)
