"""No personal number passes, however it is spelled, and nothing else is taken for one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.privacy import PLACEHOLDER, Kind, find_private, mask

NIK = "7471000101900001"
A_WOMANS_NIK = "7471004101900002"
PHONE = "081234567890"


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        A_WOMANS_NIK,
        "7471002902920001",
        f"NIK{NIK}",
        f"nik saya {NIK} belum online",
        "7471 0001 0190 0001",
        "7471.0001.0190.0001",
        "747100-010190-0001",
        "7471 - 0001 - 0190 - 0001",
        "74710001\u200b01900001",
        "７４７１０００１０１９００００１",
        f"1 {NIK}",
        "nik 7471009999990001",
        "no kk: 7471000101900000",
        "7471009999990001 itu nomor kartu keluarga saya",
    ],
)
def test_a_nik_or_family_card_number_is_found_in_every_spelling(text: str) -> None:
    found = find_private(text)

    assert [span.kind for span in found] == [Kind.NIK_OR_KK]


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        "0812-3456-7890",
        "+62 852-4123-4567",
        "62 852 4123 4567",
        "(0852) 4123 4567",
        "+62 (0)852 4123 4567",
        "wa saya 085241234567 ya",
        "０８１２３４５６７８９０",
    ],
)
def test_a_mobile_number_is_found_in_every_spelling(text: str) -> None:
    found = find_private(text)

    assert [span.kind for span in found] == [Kind.PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "ktp sudah bisa?",
        "jam 08.00 sampai 14.00",
        "tanggal 27-1-2017",
        "74710001019000011",
        "9971000101900001",
        "7471009901900001",
        "7471000113900001",
        "7471000101900000",
        "08012345",
        "0852412345678901",
        "Perpres 96/2018 Pasal 15",
        "4111 1111 1111 1111",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_private(text) == ()
    assert mask(text) == text


def test_two_numbers_side_by_side_are_two() -> None:
    found = find_private(f"{NIK}\n{A_WOMANS_NIK} hp {PHONE}")

    assert [span.kind for span in found] == [Kind.NIK_OR_KK, Kind.NIK_OR_KK, Kind.PHONE]


def test_the_mask_keeps_the_words_around_a_number() -> None:
    masked = mask(f"NIK {NIK} dan HP +62 812 3456 7890, belum online")

    assert masked == f"NIK {PLACEHOLDER} dan HP {PLACEHOLDER}, belum online"


@given(st.text())
def test_any_text_can_be_masked_and_then_holds_no_number(text: str) -> None:
    assert find_private(mask(text)) == ()


@given(st.text(), st.text())
def test_a_number_between_any_words_is_never_left_standing(before: str, after: str) -> None:
    masked = mask(f"{before} NIK: {NIK}; {after}")

    assert NIK not in masked


@given(st.lists(st.sampled_from(["", " ", ".", "-", " - "]), min_size=16, max_size=16))
def test_gaps_anywhere_do_not_hide_a_number(gaps: list[str]) -> None:
    written = "".join(digit + gap for digit, gap in zip(NIK, gaps, strict=True))

    assert len(find_private(f"x {written}")) == 1


@given(st.text())
def test_spans_are_in_order_and_inside_the_text(text: str) -> None:
    ends = [0]
    for span in find_private(text):
        assert ends[-1] <= span.start < span.end <= len(text)
        ends.append(span.end)


@pytest.mark.parametrize("piece", ["1", "1 ", "0812 ", "no ", "７", NIK + " ", "+62 ", "\u200b1"])
def test_a_long_text_takes_no_longer_for_each_character(piece: str) -> None:
    def seconds(length: int) -> float:
        """Of this thread alone, and the best of some: what else the machine does says nothing of the search."""
        text, taken = piece * (length // len(piece)), []
        for _ in range(5):
            began = time.thread_time()
            mask(text)
            taken.append(time.thread_time() - began)
        return min(taken)

    few, many = seconds(2_500), seconds(40_000)

    assert many < few * 16 * 4 + 0.001  # a quadratic search takes 256 times as long for 16 times as much
