"""Which services, steps and other agencies are named in a row of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.language.phrases import Found, Phrases, longest, table
from bot.language.words import entries
from bot.rules.catalogue import Catalogue

_CARD = "ktp"
_DEED = "akta"
_DEEDS = ("akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain")
_CARDS = frozenset({_CARD, "kk", "ikd", "kia"})
_COUNSEL = "konsultasi"
_COPY = "legalisir"  # it names the document too, which is then not what is asked for
_REACH = 8  # words between a document and what is said about it


@dataclass(frozen=True, slots=True)
class Named:
    """What the words name: services and steps, the most specific first; another agency; where documents stand."""

    services: tuple[str, ...]
    agency: str | None
    spots: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Siblings:
    """Tells "kk" that addresses somebody ("makasih kk", "kk mau tanya") from the family card."""

    thanked: frozenset[str]
    about_to_ask: frozenset[str]
    closed: frozenset[str]

    def greeted(self, words: Sequence[str], spot: Found, spots: Sequence[Found]) -> bool:
        if words[spot.start : spot.end] != ("kk",):
            return False
        before = words[spot.start - 1] if spot.start else ""
        behind = words[spot.end : spot.end + 2]
        others = len(spots) > 1
        if not before:
            return self._opens(behind, others)
        if before in self.thanked and (not behind or others or behind[0] in self.about_to_ask | {"mau"}):
            return True
        return not behind and others and before in self.closed and not any(other.end == spot.start for other in spots)

    def _opens(self, behind: Sequence[str], others: bool) -> bool:
        """Whether a message that begins with "kk" goes on as one does after greeting."""
        if tuple(behind) in {("mau", "tanya"), ("bisa", "bantu")}:
            return True
        return bool(behind) and (behind[0] in self.about_to_ask or (others and behind[0] in {"saya", "mau"}))


class Names:
    """The names of services and agencies: our tables and the aliases of the catalogue."""

    def __init__(self, catalogue: Catalogue, spelled: Callable[[str], Sequence[str]]) -> None:
        self._ids = {*catalogue.services_by_id, *catalogue.steps}
        self._services, self._agencies, self._weak = Phrases(spelled), Phrases(spelled), Phrases(spelled)
        tables = table("services")
        self._siblings = _Siblings(*(frozenset(tables[name].split()) for name in ("thanked", "about_to_ask", "closed")))
        self._beside = _steps_by_word(tables["beside"])
        self._alone = _steps_by_word(tables["alone"])
        self._kinds = _steps_by_word(tables["kinds"])
        for label, phrases in entries(tables["names"], ","):
            for phrase in phrases if label in {*self._ids, _DEED} else ():
                self._services.add(label, phrase)
        for label, aliases in _aliases(catalogue):
            for alias in aliases:
                self._learn_alias(catalogue, label, alias, spelled)
        for phrase in (
            "pindah ke {}",
            "pindah .. ke {}",
            "pindah .. dari .. ke {}",
            "pindah dari .. ke {}",
            "pindah to {}",
        ):
            self._services.add("datang", phrase.format(catalogue.root.path.rpartition("/")[2]))
        agencies = table("agencies")
        for phrases_of, name in ((self._agencies, "strong"), (self._weak, "weak")):
            for label, phrases in entries(agencies[name], ","):
                for phrase in phrases:
                    phrases_of.add(label, phrase)
        self._over = {label: frozenset(ids) for label, ids in entries(agencies["over"], ",")}
        self._shown, self._wanted_for, self._from = (
            frozenset(tables[name].split()) for name in ("shown", "wanted_for", "from_where")
        )
        self._purpose, self._asked_by, self._means, self._verbs, self._needs = (
            frozenset(agencies[name].split()) for name in ("purpose", "asked_by", "means", "verbs", "needs")
        )

    def _learn_alias(
        self, catalogue: Catalogue, label: str, alias: str, spelled: Callable[[str], Sequence[str]]
    ) -> None:
        """One word for a step ("perekaman") counts only where no document is named: "perekaman KK" is no KTP."""
        words = spelled(alias)
        if len(words) != 1 or label in catalogue.services_by_id:
            self._services.add(label, alias)
        elif words[0] == alias:
            self._alone.setdefault(alias, label)

    @property
    def words(self) -> set[str]:
        return {*self._services.words, *self._agencies.words, *self._weak.words, *self._beside, *self._alone}

    def named(self, words: Sequence[str]) -> Named:
        """Everything named; a document that another agency asks for leaves the agency out."""
        strong, weak = longest(self._agencies.find(words)), longest(self._weak.find(words))
        found = list(self._services.find(words))
        apart = (spot for spot in found if not _spans_another_deed(spot, found))
        spots = [spot for spot in longest(apart) if not _covered(spot, [*strong, *weak])]
        spots = [spot for spot in spots if not self._siblings.greeted(words, spot, spots)]
        services = self._services_of(words, [spot for spot in spots if not self._is_means(words, spot, spots)], weak)
        services = services or self._services_of(words, spots, weak)
        agency = self._agency(words, strong, spots, services) if services else next(iter(strong or weak), None)
        return Named(services, agency.label if agency else None, tuple(spots))

    def _agency(
        self, words: Sequence[str], strong: list[Found], spots: list[Found], services: Sequence[str]
    ) -> Found | None:
        """Whose business it is instead; none where the agency is only what a document is for."""
        owner = (agency for agency in strong if self._over.get(agency.label, frozenset()) >= {*services})
        decider = (agency for agency in strong if self._decides(words, agency, spots))
        return next(owner, None) or next(decider, None)

    def _decides(self, words: Sequence[str], agency: Found, spots: list[Found]) -> bool:
        """Whether the agency, and none of the documents, is what the message is about."""
        documents = [spot for spot in spots if not (spot.start and words[spot.start - 1] in self._means)]
        if any(words[spot.start] == "nik" for spot in documents):
            return False
        before = max((spot.end for spot in documents if spot.end <= agency.start), default=-1)
        if before >= 0:
            between = words[before : agency.start]
            return self._purpose.isdisjoint(between) and not self._verbs.isdisjoint(between)
        behind = min((spot.start for spot in documents), default=agency.end)
        if not self._needs.isdisjoint(words[agency.end : behind]):
            return False
        return self._asked_by.isdisjoint(words[max(0, agency.start - 3) : agency.start]) or not documents

    def _is_means(self, words: Sequence[str], spot: Found, spots: Sequence[Found]) -> bool:
        """Whether a document is only shown for another one, or is what the one before it is for."""
        if not self._shown.isdisjoint(words[max(0, spot.start - 1) : spot.start]):
            return True
        others = (other.end for other in spots if other.end <= spot.start and other.label != _COUNSEL)
        before = max(others, default=-1)
        return before >= 0 and not self._wanted_for.isdisjoint(words[max(before, spot.start - 3) : spot.start])

    def _is_circumstance(self, words: Sequence[str], spot: Found) -> bool:
        """Whether a card only tells where somebody is from: "KTP Jawa, mau bikin KK"."""
        return spot.label in _CARDS and not self._from.isdisjoint(words[spot.end : spot.end + 1])

    def _services_of(self, words: Sequence[str], spots: list[Found], weak: list[Found]) -> tuple[str, ...]:
        told = sorted(spots, key=lambda spot: self._is_circumstance(words, spot))
        ids = [id_ for spot in told for id_ in self._refined(words, spot, spots)]
        if not ids:
            taken = {at for agency in weak for at in range(agency.start, agency.end)}
            said = [self._alone[word] for at, word in enumerate(words) if word in self._alone and at not in taken]
            # "Kantor pindah ke mana": the office itself may have moved.
            ids = [id_ for id_ in said if id_ != "pindah" or "kantor" not in words]
        known = [id_ for id_ in dict.fromkeys(ids) if id_ in self._ids]
        if len(known) > 1:  # "tanya syarat KK" asks about the KK, not about the counter where one may ask
            known = [id_ for id_ in known if id_ != _COUNSEL]
        return tuple(sorted((id_ for id_ in known if not _is_general(id_, known)), key=lambda id_: id_ != _COPY))

    def _deeds(self, words: Sequence[str], spots: list[Found]) -> Sequence[str]:
        """All deeds, unless a kind is said elsewhere in the message: "kakek meninggal, mau buat akta"."""
        if any(other.label in _DEEDS for other in spots):
            return ()
        taken = {at for spot in spots for at in range(spot.start, spot.end)}
        kinds = {self._kinds[word] for at, word in enumerate(words) if word in self._kinds and at not in taken}
        return next(((kind,) for kind in dict.fromkeys(self._kinds.values()) if kind in kinds), _DEEDS)

    def _refined(self, words: Sequence[str], spot: Found, spots: list[Found]) -> Sequence[str]:
        """A card with the step said beside it, a deed without its kind as all of them."""
        if spot.label == _DEED:
            return self._deeds(words, spots)
        if spot.label != _CARD:
            return (spot.label,)
        said = [
            self._beside[word] for at, word in enumerate(words) if word in self._beside and _nearest(at, spots) is spot
        ]
        return tuple(dict.fromkeys(said)) or (_CARD,)


def _spans_another_deed(spot: Found, found: Sequence[Found]) -> bool:
    """Whether a gap was filled with another deed's name: "akta lahir anak, nikah siri"."""
    return spot.label in _DEEDS and any(
        other.label in _DEEDS and other.label != spot.label and other.start == spot.start and other.end < spot.end
        for other in found
    )


def _is_general(id_: str, ids: Sequence[str]) -> bool:
    """Whether one of its own steps is named too, which says more."""
    return any(other.startswith(f"{id_}_") for other in ids)


def _covered(spot: Found, agencies: Sequence[Found]) -> bool:
    """Whether the words belong to a longer name of another agency's business: "pindah sekolah"."""
    return any(
        agency.start <= spot.start and spot.end <= agency.end and agency.end - agency.start > spot.end - spot.start
        for agency in agencies
    )


def _nearest(at: int, spots: Sequence[Found]) -> Found | None:
    """The document that a word is about: within reach, the one behind it where two are as near."""
    near = [(_distance(at, spot), -spot.start, spot) for spot in spots if _distance(at, spot) <= _REACH]
    return min(near, key=lambda entry: entry[:2])[2] if near else None


def _distance(at: int, spot: Found) -> int:
    return spot.start - at if at < spot.start else max(0, at - spot.end + 1)


def _aliases(catalogue: Catalogue) -> Iterator[tuple[str, Sequence[str]]]:
    for service in catalogue.services:
        yield service.id, service.aliases
        for step in service.steps:
            yield step.id, step.aliases


def _steps_by_word(lines: str) -> dict[str, str]:
    return {word: step for step, words in entries(lines, ",") for word in words}
