"""The time zones of an office's places: most have one, a country three."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.rules.place_tree import PlaceTree, upwards


class Zones:
    """Which place keeps which time: its own zone, else that of the nearest place above, else the office's."""

    def __init__(self, office: ZoneInfo, own: Mapping[str, ZoneInfo | None], tree: PlaceTree, *, many: bool) -> None:
        self._office = office
        self._tree = tree
        self._of = {path: next(filter(None, map(own.get, upwards(path))), office) for path in own}
        self.many = many or len({office, *self._of.values()}) > 1
        """Whether there are several: then what is told has the zone of the place that it is about."""

    def of(self, path: str | None) -> ZoneInfo:
        """Of a place; what is of no place, or of one that is not known, keeps the office's."""
        return self._of.get(path or "", self._office)

    def among(self, paths: Iterable[str]) -> ZoneInfo:
        """Of what concerns several places: that of the lowest above all of them."""
        return self.of(self._tree.common(paths)) if self.many else self._office

    def every(self, paths: Iterable[str]) -> Collection[ZoneInfo]:
        """All that some of these places keep; the office's where there are none."""
        return ({self.of(path) for path in paths} if self.many else None) or {self._office}
