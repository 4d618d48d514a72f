"""Staff get the poster as a file; who asks for what is not there is told what is."""

from __future__ import annotations

import pytest

from tests.handlers.desk import Counter
from tests.office.house import CITIZEN, SITTI


async def test_staff_get_a_page_to_print(counter: Counter) -> None:
    await counter.says("/poster ktp di mpp", SITTI.id)

    (sent,) = counter.called("sendDocument")
    assert counter.telegram.files[-1].startswith(b"%PDF")
    assert "https://t.me/loket_bot?start=ktp-kendari_mpp" in sent["caption"]


@pytest.mark.parametrize("line", ["qwzx", "ktp qwzx"])
async def test_what_is_not_there_is_refused(counter: Counter, line: str) -> None:
    await counter.says(f"/poster {line}", SITTI.id)

    assert counter.called("sendDocument") == []
    assert counter.text.startswith("Saya tidak mengenal")


async def test_others_are_refused(counter: Counter) -> None:
    await counter.says("/poster ktp", CITIZEN)

    assert counter.called("sendDocument") == []
    assert "khusus petugas" in counter.text
