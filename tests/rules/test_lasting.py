"""What is kept while what it was made of stays the same."""

from __future__ import annotations

from bot.rules.lasting import Lasting


def test_the_same_is_made_once_until_what_it_rests_on_changes() -> None:
    made: list[str] = []
    lasting: Lasting[int] = Lasting()

    def make() -> int:
        made.append("once more")
        return len(made)

    got = [lasting.of(stamp, key, make) for stamp, key in ((1, "a"), (1, "a"), (1, "b"), (2, "a"), (1, "a"))]

    assert got == [1, 1, 2, 3, 4]


def test_it_never_grows_without_end() -> None:
    lasting: Lasting[int] = Lasting()
    for key in range(2000):
        lasting.of(1, key, lambda: 1)

    assert len(lasting._kept) <= 512
