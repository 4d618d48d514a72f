"""`/statistik`: the words first, then the picture, and neither for strangers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.bars import Figure, png
from tests.handlers.desk import Counter
from tests.office.house import CITIZEN, SITTI


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What is counted is held on both engines by the tests of the store."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def test_before_anybody_asked_there_is_no_picture(counter: Counter) -> None:
    await counter.says("/statistik", SITTI.id)

    assert "Belum ada pertanyaan" in counter.text
    assert counter.called("sendPhoto") == []


async def test_the_numbers_come_in_words_and_as_a_picture(counter: Counter) -> None:
    await counter.says("ktp sudah bisa?", CITIZEN)
    await counter.says("/statistik", SITTI.id)

    assert "Pertanyaan warga: <b>1</b>" in counter.text
    assert "Paling sering ditanyakan: KTP" in counter.text
    assert "09.00–10.00 (1)" in counter.text
    (sent,) = counter.called("sendPhoto")
    assert "menurut jam" in sent["caption"]


def test_bars_are_drawn_with_long_names_and_large_numbers() -> None:
    hours = Figure(
        "Pertanyaan menurut jam", tuple((f"{hour:02}", hour * 999, f"{hour}.999") for hour in range(24)), True
    )
    names = Figure("Menurut layanan", (("Aktivasi Identitas Kependudukan Digital", 9, "9"), ("KK", 0, "0")), False)

    image = Image.open(BytesIO(png([hours, names])))

    assert image.format == "PNG"
    assert image.width == 1080
    assert len(image.getcolors(4096) or ()) > 3
