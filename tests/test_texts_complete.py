"""Every text exists in every language, is used, and stands in `locales/` alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.language.texts import MAIN_LANGUAGE, Texts

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")])
TEXTS = Texts.load().by_language
IDS = TEXTS[MAIN_LANGUAGE].keys()
SPEAKERS = {"say", "Message", "text"}  # their first argument is a message id
ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")

# Words of the answers. The recogniser and the reports' grammar know them too, as words that people type: those are
# bare and lower-case, what is read has a capital, a stop or markup.
TELLTALE = re.compile(
    r"\b(belum|sudah|bisa|silakan|mohon|maaf|terima kasih|bapak|ibu|selamat|petugas|kabari|kembali|hubungi|antrean"
    r"|pengurusan|diperbarui|perkiraan|sekarang|siang|malam|sore|langganan anda)\b",
    re.IGNORECASE,
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def pattern_of(node: ast.JoinedStr) -> re.Pattern[str]:
    """An id put together at run time, as the ids that it may become."""
    parts = (re.escape(part.value) if isinstance(part, ast.Constant) else r"[a-z0-9_.]+" for part in node.values)
    return re.compile("".join(str(part) for part in parts))


def spoken(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Every call that names a message, with each expression that its id may be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in SPEAKERS:
            first = node.args[0]
            for choice in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                yield node, choice


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string of a module but its docstrings."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node


def composed() -> list[re.Pattern[str]]:
    found = [node for _, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    return [pattern for pattern in map(pattern_of, found) if re.match(r"[a-z][a-z0-9_]*\\\.|\[a-z", pattern.pattern)]


def test_every_message_that_the_code_names_has_a_text():
    missing = [
        f"{path}:{call.lineno} {named.value}"
        for path, tree in trees()
        for call, named in spoken(tree)
        if isinstance(named, ast.Constant) and isinstance(named.value, str) and named.value and named.value not in IDS
        if ID.fullmatch(named.value)
    ]

    assert not missing


def test_every_message_put_together_at_run_time_has_a_text():
    missing = [
        f"{path}:{call.lineno} {ast.unparse(named)}"
        for path, tree in trees()
        for call, named in spoken(tree)
        if isinstance(named, ast.JoinedStr) and not any(map(pattern_of(named).fullmatch, IDS))
    ]

    assert not missing


def test_every_text_is_used():
    literal = {node.value for _, tree in trees() for node in strings(tree)}
    patterns = composed()

    unused = [name for name in IDS if name not in literal and not any(one.fullmatch(name) for one in patterns)]

    assert not unused


def test_a_message_gets_every_parameter_that_its_text_asks_for():
    wrong = [
        f"{path}:{call.lineno} {named.value} lacks {sorted(lacking)}"
        for path, tree in trees()
        for call, named in spoken(tree)
        if isinstance(named, ast.Constant) and named.value in IDS and _name(call.func) == "say"
        if not any(keyword.arg is None for keyword in call.keywords)  # `**params` is judged when it is rendered
        if (lacking := fields(TEXTS[MAIN_LANGUAGE][str(named.value)]) - {str(word.arg) for word in call.keywords})
    ]

    assert not wrong


def test_there_is_more_than_one_language():
    assert {"id", "en"} <= TEXTS.keys()


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_text_exists_in_this_language(language: str):
    assert not sorted(IDS ^ TEXTS[language].keys())


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_has_the_same_parameters_in_this_language(language: str):
    differing = [
        name
        for name, text in TEXTS[language].items()
        if name in IDS and fields(text) != fields(TEXTS[MAIN_LANGUAGE][name])
    ]

    assert not differing


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_text_opens_and_closes_the_same_tags(language: str):
    def tags(text: str) -> list[str]:
        return re.findall(r"</?([a-z]+)>", text)

    broken = [
        name
        for name, text in TEXTS[language].items()
        if any(text.count(f"<{tag}>") != text.count(f"</{tag}>") for tag in tags(text))
    ]

    assert not broken


def test_no_word_for_citizens_stands_in_python():
    found = [
        f"{path}:{node.lineno} {node.value!r}"
        for path, tree in trees()
        for node in strings(tree)
        if not ID.fullmatch(str(node.value)) and "\\" not in str(node.value)  # nor a pattern
        if TELLTALE.search(str(node.value)) and re.search(r"[A-Z.!?,:<]", str(node.value))
    ]

    assert not found
