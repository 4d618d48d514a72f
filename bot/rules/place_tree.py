"""The tree of places by their paths: what lies below what, which places are offices, how a link calls each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property


class PlaceTree:
    """Paths in the order of the catalogue; what is asked often is worked out once."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = tuple(dict.fromkeys(paths))

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """What lies directly below each place; a place that is missing here has nothing below it."""
        found: dict[str, list[str]] = {}
        for path in self._paths:
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return {above: tuple(paths) for above, paths in found.items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The counters."""
        return tuple(path for path in self._paths if path not in self.below)

    @cached_property
    def leaves_under(self) -> Mapping[str, tuple[str, ...]]:
        """The counters at or below each place."""
        return _under(self.leaves)

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """The places that people call an office: a territory with a counter directly below it.

        A city with its main office and a mall is one; where a single counter is the whole tree, it is the office.
        """
        known = frozenset(self._paths)
        above = ((path.rpartition("/")[0], path) for path in self.leaves)
        return tuple(dict.fromkeys(parent if parent in known else path for parent, path in above))

    @cached_property
    def offices_under(self) -> Mapping[str, tuple[str, ...]]:
        """The offices at or below each place."""
        return _under(self.offices)

    @property
    def many(self) -> bool:
        """Whether citizens must say which office they mean; one office never hears of any other."""
        return len(self.offices) > 1

    def office_of(self, path: str) -> str | None:
        """The office at a place or above it; None for a territory above offices."""
        return next((one for one in upwards(path) if one in self._offices), None)

    def common(self, paths: Iterable[str]) -> str | None:
        """The lowest place at or above all of them."""
        above: tuple[str, ...] | None = None
        for path in paths:
            own = upwards(path)
            above = own if above is None else tuple(one for one in above if one in own)
        return above[0] if above else None

    def widest(self, leaves: Iterable[str]) -> tuple[str, ...]:
        """The fewest places that are these counters and no other."""
        left = dict.fromkeys(leaves)
        found: dict[str, None] = {}
        for leaf in list(left):
            wide = (one for one in reversed(upwards(leaf)) if left.keys() >= set(self.leaves_under.get(one, (leaf,))))
            found[next(wide, leaf)] = None
        return tuple(found)

    @cached_property
    def _offices(self) -> frozenset[str]:
        return frozenset(self.offices)

    @cached_property
    def links(self) -> Mapping[str, str]:
        """How a link calls each place, which takes no `/`: of many offices by as little as tells it from all others."""
        if not self.many:
            return {path: path.replace("/", "_") for path in self._paths}
        known = Counter(tail for path in self._paths for tail in _tails(path))
        return {path: next((tail for tail in _tails(path) if known[tail] == 1), _whole(path)) for path in self._paths}

    @cached_property
    def linked(self) -> Mapping[str, str]:
        """The places by what a link calls them, or by their whole path as an earlier link may have it."""
        return {_whole(path): path for path in self._paths} | {link: path for path, link in self.links.items()}


def _under(wanted: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for path in wanted:
        for above in upwards(path):
            found.setdefault(above, []).append(path)
    return {above: tuple(paths) for above, paths in found.items()}


def _whole(path: str) -> str:
    return path.replace("/", "_")


def _tails(path: str) -> Iterator[str]:
    """The end of a path as links write it, from its last part on to all of it."""
    parts = path.split("/")
    return ("_".join(parts[start:]) for start in range(len(parts) - 1, -1, -1))


@cache
def upwards(path: str) -> tuple[str, ...]:
    """A place and all above it, the lowest first."""
    parts = path.split("/")
    return tuple("/".join(parts[:end]) for end in range(len(parts), 0, -1))
