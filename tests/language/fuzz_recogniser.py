"""Feeds the recogniser whatever bytes a fuzzer invents, and holds it to its promises.

    python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris rapidfuzz
    PYTHONPATH=. /tmp/fuzz/bin/python -m tests.language.fuzz_recogniser -max_len=12000 -max_total_time=300

Atheris is no dependency of the project: it is built for few Pythons, and hypothesis does the everyday work in
`test_questions.py`. Fifty lines of the corpus are the seeds unless a folder of seeds is named.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.language", "bot.rules.privacy"]):
    from bot.language.questions import Context, Intent, Recogniser
    from bot.rules.privacy import find_private, mask

from tests.language.small import SMALL
from tests.language.understanding import corpus

RECOGNISER = Recogniser(SMALL)
INTENTS = list(Intent)
LONGEST = 0.25  # seconds; instrumented code is twenty times slower than in service


def promises(data: bytes) -> None:
    """No exception, no number left, the same answer twice, at once."""
    provider = atheris.FuzzedDataProvider(data)
    previous = Context(INTENTS[provider.ConsumeIntInRange(0, len(INTENTS) - 1)], ("ktp",))
    text = provider.ConsumeUnicode(12_000)

    started = time.process_time()
    question = RECOGNISER.recognise(text, previous)
    taken = time.process_time() - started

    assert question == RECOGNISER.recognise(text, previous)
    assert 0 < question.confidence <= 1
    assert not find_private(mask(text))
    assert taken < LONGEST, taken


def main() -> None:
    with tempfile.TemporaryDirectory() as seeds:
        for number, line in enumerate(corpus()[::40]):
            Path(seeds, str(number)).write_text(line.text, "utf-8")
        atheris.Setup([*sys.argv, seeds], promises)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
