"""An answer is never longer than Telegram takes, and nothing is cut inside its markup."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.language.fitting import LONGEST, fitting

MORE = "… Masih ada lagi."

spoken = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=400)
lines = st.lists(
    st.builds(
        lambda words, times, bold: f"<b>{html.escape(words) * times}</b>" if bold else html.escape(words) * times,
        spoken,
        st.sampled_from((1, 3, 40)),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def read(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_what_fits_is_left_as_it_is() -> None:
    assert fitting(["<b>KTP</b> bisa", "KK bisa"], lambda: MORE) == "<b>KTP</b> bisa\nKK bisa"
    assert fitting(["&lt;" * LONGEST], lambda: MORE) == "&lt;" * LONGEST


def test_what_is_too_long_ends_at_a_line_and_says_that_there_is_more() -> None:
    line = "🪪" * 500

    assert fitting([line] * 9, lambda: MORE) == "\n".join([line] * 4 + [MORE])


def test_one_line_that_is_too_long_loses_its_markup_and_not_half_a_sign() -> None:
    cut = fitting(["<b>" + "a🪪" * 2000 + "</b>"], lambda: MORE)

    assert cut.startswith("a🪪a🪪")
    assert cut.endswith(("a\n" + MORE, "🪪\n" + MORE))
    assert "<" not in cut


@given(lines)
def test_no_answer_is_longer_than_telegram_takes(said: list[str]) -> None:
    text = fitting(said, lambda: MORE)

    assert len(read(text).encode("utf-16-le")) <= 2 * LONGEST
    assert text.count("<b>") == text.count("</b>")
    assert read(text) == read("\n".join(said)) or text.endswith(MORE)
