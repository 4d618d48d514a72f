"""Brings a citizen's spelling to known words: Unicode, slang, elongation, particles, run-ons and slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Set

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.language.roots import roots
from bot.language.slips import slip

HEAD, TAIL = 1200, 400  # of a long message only its beginning and end are looked at
MOST_WORDS = 160
_MOST_GUESSES = 40  # unknown words of one message that are puzzled over
_SHORT = range(3, 5)  # letters of a word toward which a slip in three letters is repaired

# Letters of other alphabets that look Latin; NFKC leaves them alone.
_LOOKALIKE = str.maketrans(
    "аеорсухіјѕкмтнвԁһԛԝαβεικνορτυχƒıɑɡʟ",
    "aeopcyxijskmtnbdhqwaveiknoptuxfiagl",
)
_WORD = re.compile(r"[0-9]+(?:[.:/-][0-9]+)+|[a-z0-9]+")
_INSIDE_WORD = re.compile(r"['’‘`´ʼ]")
_SPELLED = re.compile(r"(?<![a-z0-9])[a-z](?:[ .][a-z])+(?![a-z0-9])")  # "k t p", "k.k."
_RUN = re.compile(r"([a-z])\1{2,}")
_PAIR = re.compile(r"([a-z])\1")
_DOUBLED = re.compile(r"([a-z]{2,})2([a-z]*)")
_GLUED_NUMBER = re.compile(r"([a-z]{2,})([0-9]+)|([0-9]+)([a-z]{2,})")
_VOWELS = re.compile("[aeiou]")
_LEET = str.maketrans("0134578", "oieastb")

_SHORT_STEMS = frozenset({"bs", "kk", "so", "su", "gk", "ga"})  # two letters that may carry a particle


def clean(text: str) -> str:
    """Lower case, plain Latin letters, nothing invisible."""
    text = _ends(text)
    if not text.isascii():
        text = _without_marks(_ends(unicodedata.normalize("NFKD", text))).casefold().translate(_LOOKALIKE)
    text = _INSIDE_WORD.sub("", text.lower())
    return _SPELLED.sub(lambda spelled: re.sub("[ .]", "", spelled[0]), text)


def _ends(text: str) -> str:
    """The beginning and the end of a long text; one sign may become eighteen when it is made plain."""
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + " " + text[-TAIL:]


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() or unicodedata.category(sign) not in {"Mn", "Cf", "Me"})


def split(text: str) -> list[str]:
    """The words and numbers of a cleaned text; clock times and dates stay whole."""
    return _WORD.findall(text)[:MOST_WORDS]


def entries(lines: str, separator: str | None = None) -> Iterator[tuple[str, list[str]]]:
    """The lines `label: item item` of a table, items divided by the separator."""
    for line in lines.strip().splitlines():
        label, _, items = line.partition(":")
        yield label.strip(), [item.strip() for item in items.split(separator) if item.strip()]


def _meanings(tables: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What each written form means; the first line that names it counts."""
    meanings: dict[str, tuple[str, ...]] = {}
    for name in ("slang", "forms", "english"):
        for meant, written in entries(tables[name]):
            for form in written:
                meanings.setdefault(form, tuple(meant.split()))
    return meanings


def _skeleton(word: str) -> str:
    """The word as it is left where vowels are saved."""
    return _VOWELS.sub("", word)


class Words:
    """What is known: the vocabulary, what other spellings mean, and what only looks like a slip."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        meanings = _meanings(tables)
        self._known = {word: (word,) for word in tables["stay"].split()} | meanings
        self._core = frozenset(tables["core"].split())
        self._particles = tuple(tables["particles"].split())
        self._plain_particles = tuple(tables["plain_particles"].split())
        self._fillers = frozenset(tables["fillers"].split())
        self._short = sorted(word for word in self._core if len(word) in _SHORT)
        self._by_skeleton = {_skeleton(word): word for word in reversed(tables["core"].split()) if len(word) > 4}
        self._vocabulary = {word for word in meanings if word.isalpha()}
        self._by_letter: dict[str, list[str]] = {}
        self._by_tail: dict[str, set[str]] = {}
        self.learn({*self._core, *(word for meaning in meanings.values() for word in meaning)})
        self._repairable(word for word in meanings if len(word) > 4)

    def learn(self, vocabulary: Iterable[str]) -> None:
        """Takes in words that mean themselves, and toward which slips are repaired."""
        vocabulary = set(vocabulary)
        for word in vocabulary:
            self._known.setdefault(word, (word,))
        self._vocabulary |= vocabulary
        self._repairable(vocabulary)

    def _repairable(self, words: Iterable[str]) -> None:
        for word in sorted(word for word in words if len(word) > 3):
            bucket = self._by_letter.setdefault(word[0], [])
            if word not in bucket:
                bucket.append(word)
                self._by_tail.setdefault(word[1:], set()).add(word)

    def knows(self, word: str) -> bool:
        """Whether the word is one of ours, or a number."""
        return word in self._known or not word.isalpha()

    def read(self, text: str) -> tuple[str, ...]:
        """The known words of a text, in order; what is not known stays as it is."""
        return tuple(self._meant(split(clean(text))))

    def says(self, text: str, meant: Set[str]) -> bool:
        """Whether one of the words is there without a slip having been repaired."""
        readings = (self._known.get, self._with_particles, self._elongated, self._doubled, self._inflected)
        return any(
            not meant.isdisjoint(reading(raw) or ())
            for raw in split(clean(text))
            for reading in readings
            if raw.isalnum()
        )

    def spelled(self, text: str) -> tuple[str, ...]:
        """The same for a text of our own, which has no slips: only slang and inflection are undone."""
        if text in self._known:
            return self._known[text]
        return tuple(word for raw in split(clean(text)) for word in self._known.get(raw, (raw,)))

    def _meant(self, raw: list[str]) -> Iterator[str]:
        index, guesses = 0, 0
        while index < len(raw):
            word, following = raw[index], raw[index + 1] if index + 1 < len(raw) else ""
            moved = self._space_moved(word, following) if following else None
            if moved:
                yield from moved
                index += 2
                continue
            if word not in self._fillers:
                known = self._known.get(word)
                guesses += known is None
                yield from known or (self._guess(word) if guesses <= _MOST_GUESSES else (word,))
            index += 1

    def _space_moved(self, word: str, following: str) -> tuple[str, ...] | None:
        """Two words whose space went astray: "kt p", "suda hbisa", "sayak tp"."""
        known = self._known
        settled = following in known and (word in known or word in self._fillers)
        if settled or not (word + following).isalpha():
            return None
        apart = word not in known and (following not in known or len(following) == 1)
        if apart and (joined := known.get(word + following)):
            return joined
        if (
            following not in known
            and (word not in known or len(word) > 2)  # "kk ssya" is no "kks"
            and (first := known.get(word + following[0]))
            and (second := known.get(following[1:]))
        ):
            return first + second
        if word not in known and (first := known.get(word[:-1])) and (second := known.get(word[-1] + following)):
            return first + second
        return None

    def _guess(self, word: str) -> tuple[str, ...]:
        if word.isdecimal() or not word.isalnum():
            return (word,)
        for reading in (
            self._elongated,
            self._doubled,
            self._with_particles,
            self._inflected,
            self._run_on,
            self._without_vowels,
            self._repaired,
            self._repaired_stem,
        ):
            meaning = reading(word)
            if meaning:
                return meaning
        return (word,)

    def _elongated(self, word: str) -> tuple[str, ...] | None:
        short, known = _RUN.sub(r"\1", word), self._known
        if len(word) < 3:  # "nn" is no long "n"
            return None
        return known.get(short) or known.get(_PAIR.sub(r"\1", short)) or known.get(_RUN.sub(r"\1\1", word))

    def _doubled(self, word: str) -> tuple[str, ...] | None:
        """ "macam2", "surat2nya"; then a figure glued to a word ("ktp2", "jam8"), then figures for letters ("b1sa")."""
        if match := _DOUBLED.fullmatch(word):
            return self._stem(match[1]) or self._repaired(match[1])
        if match := _GLUED_NUMBER.fullmatch(word):
            return tuple(part for half in match.groups() if half for part in self._stem(half) or (half,))
        return self._known.get(word.translate(_LEET)) if not word.isalpha() else None

    def _stem(self, word: str) -> tuple[str, ...] | None:
        return self._known.get(word) or self._with_particles(word)

    def _with_particles(self, word: str) -> tuple[str, ...] | None:
        """Two layers at most: "bisakahmi". What belongs to me stays said: "ktpku"."""
        for _ in range(2):
            if word.endswith("ku") and (owned := self._known.get(word[:-2])):
                return (*owned, "saya")
            stems = [word[: -len(end)] for end in self._particles if word.endswith(end)]
            stems = [stem for stem in stems if len(stem) > 2 or stem in _SHORT_STEMS]
            found = next((self._known[stem] for stem in stems if stem in self._known), None)
            if found or not stems:
                return found
            word = stems[0]
        return None

    def _inflected(self, word: str) -> tuple[str, ...] | None:
        """The root of a word: "mengambilkan", "disambungkan"; only roots that we listen to."""
        return next(
            ((root,) for root in roots(word) if root in self._vocabulary and self._known[root] == (root,)), None
        )

    def _without_vowels(self, word: str) -> tuple[str, ...] | None:
        """ "krm", "hlng": only toward what is asked often."""
        return self._known.get(self._by_skeleton.get(word, "")) if len(word) > 2 else None

    def _run_on(self, word: str) -> tuple[str, ...] | None:
        """Two known words without the space between: "ktphilang"."""
        for cut in range(2, len(word) - 1):
            first, second = word[:cut], word[cut:]
            long_enough = min(cut, len(word) - cut) > 2 < max(cut, len(word) - cut) - 1
            if first in self._vocabulary and second in self._vocabulary and (long_enough or first == "kk"):
                return self._known[first] + self._known[second]
        return None

    def _repaired(self, word: str) -> tuple[str, ...] | None:
        """The word that was meant: one slip under seven letters, two above; of equals the likeliest."""
        if len(word) < 4:
            return self._short_repaired(word)
        slips = 1 if len(word) < 7 else 2
        near = extract(word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips, limit=None)
        # Two slips are believed only behind two right letters.
        found = {known: count for known, count, _ in near if count < 2 or known[1] == word[1]}
        found |= dict.fromkeys(self._beginning_otherwise(word), 1)
        best = min(found, key=lambda known: (found[known], self._unlikely(word, known)), default=None)
        return self._known[best] if best else None

    def _unlikely(self, word: str, known: str) -> tuple[int, bool, bool, int, str]:
        """Orders words that are as near: by the slip of the finger, asked about often, ending alike, as long."""
        return slip(word, known), known not in self._core, known[-1] != word[-1], abs(len(known) - len(word)), known

    def _repaired_stem(self, word: str) -> tuple[str, ...] | None:
        """A slip in a word that carries a particle: "titupmi"."""
        end = next((end for end in self._plain_particles if word.endswith(end)), "")
        return self._repaired(word[: -len(end)]) if end and len(word) > len(end) + 3 else None

    def _beginning_otherwise(self, word: str) -> Iterator[str]:
        """Vocabulary whose first letter is missing, another, or swapped with the second."""
        swapped = word[1] + word[0] + word[2:]
        if swapped in self._by_letter.get(swapped[0], ()):
            yield swapped
        yield from (
            known
            for tail in (word, word[1:])
            for known in self._by_tail.get(tail, ())
            if len(tail) > 4 or known in self._core
        )

    def _short_repaired(self, word: str) -> tuple[str, ...] | None:
        """Two or three letters: only toward the most asked, and only where one of them fits."""
        if len(word) < 2:
            return None
        near = [
            known for known in self._short if OSA.distance(word, known, score_cutoff=1) == 1 and len(known) >= len(word)
        ]
        swapped = [known for known in near if sorted(known) == sorted(word)]
        alike = swapped or [known for known in near if known[0] == word[0]] or near
        return (alike[0],) if len(alike) == 1 else None
