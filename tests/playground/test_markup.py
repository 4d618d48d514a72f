"""Telegram's HTML is read as Telegram reads it, and refused in its words."""

from __future__ import annotations

import pytest

from playground.entities import as_html, found_entities, with_found
from playground.markup import read_html, utf16
from playground.refusals import RefusalError

EMOJI = "🏟 🏟"  # nine bytes and a "<" make thirteen with the reference before it


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        (f"{EMOJI}&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        (f"{EMOJI}&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        (f"{EMOJI}&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        (f"{EMOJI}&lt;<i    aba  =  ", "Unclosed start tag at byte offset 13"),
        (f"{EMOJI}&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        (f'{EMOJI}&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        (f"{EMOJI}&lt;</", "Unexpected end tag at byte offset 13"),
        (f"{EMOJI}&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        (f"{EMOJI}&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (f"{EMOJI}&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b ", 'Unclosed start tag "b" at byte offset 0'),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_html(markup)

    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("&ge;&lt;&gt;&amp;&quot;&#65;&#x42;", '&ge;<>&"AB', []),
        ("a & b &#55296;", "a & b &#55296;", []),
        ("<b>Halo</b>", "Halo", [("bold", 0, 4)]),
        ("🪪 <strong>KTP</strong>", "🪪 KTP", [("bold", 3, 3)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>x", "x", []),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ("<span class='tg-spoiler'>a</span>", "a", [("spoiler", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<U>a</U >", "a", [("underline", 0, 1)]),
        ("<a>no address</a>", "no address", []),
        ("<code class=language-py>x</code>", "x", [("code", 0, 1)]),
    ],
)
def test_markup_becomes_text_and_entities(markup: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read, found = read_html(markup)

    assert read == text
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


def test_links_emoji_and_code_keep_what_they_carry() -> None:
    markup = (
        '<a href="https://x.id/?a=1&amp;b=2">x</a><tg-emoji emoji-id="5">👍</tg-emoji>'
        '<pre><code class="language-py">y</code></pre>'
    )

    _, (link, emoji, block) = read_html(markup)

    assert link["url"] == "https://x.id/?a=1&b=2"
    assert emoji["custom_emoji_id"] == "5"
    assert block["language"] == "py"


def test_an_emoji_counts_as_two_units() -> None:
    assert utf16("🪪a") == 3


def test_commands_mentions_links_and_addresses_are_found_unasked() -> None:
    text = "/status@loket_bot lihat https://x.go.id/a. @budi_s, a@b.id #ktp disdukcapil.kendarikota.go.id 1/2"

    found = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in found_entities(text)]

    assert found == [
        ("bot_command", "/status@loket_bot"),
        ("url", "https://x.go.id/a"),
        ("mention", "@budi_s"),
        ("email", "a@b.id"),
        ("hashtag", "#ktp"),
        ("url", "disdukcapil.kendarikota.go.id"),
    ]


def test_nothing_is_found_inside_code() -> None:
    text, marked = read_html("<code>/lapor ktp</code> /papan")

    assert [entity["type"] for entity in with_found(text, marked)] == ["code", "bot_command"]


@pytest.mark.parametrize(
    ("markup", "drawn"),
    [
        ("<b>a<i>b</i></b> &lt;script&gt;", "<b>a<i>b</i></b> &lt;script&gt;"),
        (
            '<a href="https://x.id/&quot;onclick=&quot;a">x</a>',
            '<a href="https://x.id/&quot;onclick=&quot;a" target="_blank" rel="noopener noreferrer">x</a>',
        ),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("🪪 <u>KTP</u>", "🪪 <u>KTP</u>"),
        ("<blockquote expandable>a</blockquote>", '<blockquote class="expandable">a</blockquote>'),
        ("/papan", '<span class="command">/papan</span>'),
    ],
)
def test_a_message_is_drawn_as_safe_html(markup: str, drawn: str) -> None:
    text, marked = read_html(markup)

    assert as_html(text, with_found(text, marked)) == drawn
