"""What differs where many read an answer."""

from __future__ import annotations

import pytest

from bot.language.answers_groups import admins_only, how_to_ask, in_group, kabari_for_oneself
from bot.language.answers_subscriptions import subscribed, which_subscription
from bot.language.kabari import LINK, kabari_payload, kabari_wanted
from bot.language.messages import Answer, Button, say
from bot.rules.notices import Wish
from tests.language.gallery import view
from tests.language.office import CATALOGUE, OFFICE, board

SEEN = view(board())


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("k:kk", "kabari_kk"),
        ("k:ktp_rekam,ktp_cetak", "kabari_ktp_rekam--ktp_cetak"),
        (f"k:ktp_cetak,kk:{OFFICE}", "kabari_ktp_cetak--kk-kendari_kantor"),
    ],
)
def test_a_link_asks_for_what_the_tap_would(action: str, payload: str) -> None:
    assert kabari_payload(CATALOGUE, action) == payload

    ids, place = kabari_wanted(CATALOGUE, payload)
    assert f"k:{','.join(ids)}" + (f":{place}" if place else "") == action


def test_a_link_that_would_be_too_long_names_services_and_then_lets_choose() -> None:
    steps = f"k:akta_lahir,akta_mati,ktp_rekam,legalisir:{OFFICE}"
    more = f"k:akta_lahir,akta_mati,akta_kawin,ktp_rekam,legalisir:{OFFICE}"

    assert kabari_payload(CATALOGUE, steps) == f"{LINK}akta_lahir--akta_mati--ktp--legalisir-kendari_kantor"
    assert kabari_payload(CATALOGUE, more) == LINK
    assert kabari_wanted(CATALOGUE, LINK) == ((), None)


def test_only_kabari_becomes_a_link() -> None:
    kabari, hours, plain = (
        Button(say("button.kabari"), action="k:kk"),
        Button(say("button.hours"), action="h"),
        Button(say("button.map"), url="https://peta.example"),
    )

    told = in_group(Answer((say("board.title"),), ((kabari,), (hours, plain))), CATALOGUE, "loket_bot")

    linked = Button(kabari.label, url="https://t.me/loket_bot?start=kabari_kk")
    assert told == Answer((say("board.title"),), ((linked,), (hours, plain)))


def test_a_group_reads_who_may_end_its_subscription() -> None:
    told = in_group(subscribed(SEEN, ["kk"], Wish.ALWAYS), CATALOGUE, "loket_bot")

    assert [line.id for line in told.lines] == ["subscribed.always", "groups.always_stored"]


def test_who_asks_to_be_told_is_sent_to_the_private_chat() -> None:
    told = kabari_for_oneself(which_subscription(SEEN))

    assert told.lines[-1].id == "groups.kabari"
    assert all((button.action or "").startswith("k:") for row in told.buttons for button in row)
    assert kabari_for_oneself(Answer((say("thanks.welcome"),))) == Answer((say("thanks.welcome"),))


def test_a_group_is_told_how_to_ask_and_who_decides() -> None:
    assert [line.id for line in how_to_ask(SEEN, "loket_bot").lines] == [
        "groups.hello",
        "groups.how",
        "groups.subscribe",
    ]
    assert admins_only().id == "groups.admins_only"
