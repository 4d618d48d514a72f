"""Staff are asked by the loop, and answer by one tap."""

from __future__ import annotations

import pytest
from telegram.error import Forbidden, RetryAfter, TelegramError, TimedOut

from bot.delivery.reminder import ReminderKeeper
from bot.language.messages import Answer
from bot.rules.catalogue import State
from bot.store import Store
from bot.store.errors import DatabaseAway
from handlers.keyboards import keyboard
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, SITTI, TEXTS
from tests.rules.small_office import at


class StopError(Exception):
    """Ends a loop that runs for ever."""


def keeper(counter: Counter, *, at_work: bool = True, **more: object) -> ReminderKeeper:
    office = counter.house.office

    def render(answer: Answer) -> tuple[str, object]:
        zone, now = office.catalogue.office.timezone, office.live.clock()
        return TEXTS.render(answer, "id", now, zone), keyboard(
            answer, lambda words: TEXTS.plain(words, "id", now, zone)
        )

    bot = counter.application.bot
    return ReminderKeeper(office.reminding, bot, render, office.live.clock, lambda: at_work, **more)  # type: ignore[arg-type]


def asked(counter: Counter) -> list[int]:
    return [one["chat_id"] for one in counter.called("sendMessage")]


async def outage(counter: Counter, line: str = "lapor pusat putus") -> None:
    await counter.house.posts(line)
    counter.house.watch.goes_on(hours=3)


async def test_the_reporter_is_asked_after_three_hours_and_once(counter: Counter) -> None:
    await outage(counter)

    await keeper(counter).look()
    await keeper(counter).look()  # as after a restart

    assert asked(counter) == [SITTI.id]
    assert "masih gangguan?" in counter.text
    assert counter.buttons == ["ask:well:1", "ask:still:1"]


async def test_only_the_process_that_sends_asks(counter: Counter) -> None:
    await outage(counter)

    await keeper(counter, at_work=False).look()

    assert asked(counter) == []


async def test_at_opening_everybody_is_asked_and_one_tap_confirms(counter: Counter, fresh: Store) -> None:
    await counter.house.posts("lapor pusat putus")
    counter.house.watch.now = at(3, 8)
    await keeper(counter).look()
    assert asked(counter) == [SITTI.id, ARMAN.id]
    assert counter.buttons == ["same", "ask:changed"]

    await counter.taps("same", ARMAN.id)
    await keeper(counter).look()

    assert "dikonfirmasi" in counter.text
    await counter.taps("ask:changed", ARMAN.id)
    assert "Apa yang berubah?" in counter.text
    assert "lp:1:o:0" in counter.buttons
    async with fresh.reading() as session:
        assert len(await session.reports()) == 2
        assert len(await session.asked("opening:")) == 2


async def test_masih_gangguan_is_written_down_and_changes_nothing_else(counter: Counter, fresh: Store) -> None:
    await outage(counter, "lapor pusat putus kabel putus; sampai besok")

    await counter.taps("ask:still:1", SITTI.id)

    assert "masih gangguan. Terima kasih" in counter.text
    (fact,) = counter.house.office.live.view().board.facts
    assert (fact.cause, fact.number, fact.estimate is not None and fact.estimate.until is not None) == (
        "kabel putus",
        2,
        True,
    )
    async with fresh.reading() as session:
        assert await session.unreleased_notices() != ()  # the outage's own, and no other
        assert await session.notices_of(2) == ()


async def test_an_estimate_that_has_passed_is_given_up_or_replaced(counter: Counter) -> None:
    await outage(counter, "lapor pusat putus; sampai 11.00")
    await counter.taps("ask:until:1:2023-02-03", SITTI.id)
    shown = next(button for button in counter.buttons if button.startswith("p:"))
    await counter.taps(shown, SITTI.id)
    (fact,) = counter.house.office.live.view().board.facts
    assert fact.estimate is not None
    assert fact.estimate.until is not None
    assert fact.estimate.until.at.date() == at(3).date()

    counter.house.watch.now = at(3, 19)
    await counter.taps("ask:still:1", SITTI.id)

    assert "belum ada perkiraan" in counter.text


async def test_a_day_that_is_over_is_no_estimate(counter: Counter) -> None:
    await outage(counter)

    await counter.taps("ask:until:1:2023-02-01", SITTI.id)

    assert "sudah lewat" in counter.text


async def test_sudah_pulih_shows_what_citizens_will_read_first(counter: Counter) -> None:
    await outage(counter)

    await counter.taps("ask:well:1", SITTI.id)
    assert counter.text.startswith("<b>Pratinjau")
    await counter.taps(counter.buttons[0], SITTI.id)

    assert counter.house.office.live.view().board.state_of(("ktp_cetak", "kendari/kantor")) is State.AVAILABLE
    await counter.taps("ask:still:1", ARMAN.id)
    assert "tidak berlaku" in counter.text


@pytest.mark.parametrize("error", [TimedOut("away"), Forbidden("bot was blocked by the user")])
async def test_a_question_that_may_have_arrived_or_never_will_is_not_repeated(
    counter: Counter, error: TelegramError
) -> None:
    await outage(counter)
    asks = Refusing(error)
    one = keeper(counter)
    one.bot = asks

    await one.look()
    await one.look()

    assert asks.tries == 1


async def test_what_surely_did_not_arrive_is_asked_again(counter: Counter) -> None:
    await outage(counter)
    one = keeper(counter)
    one.bot = asks = Refusing(RetryAfter(5))

    await one.look()
    await one.look()

    assert asks.tries == 2


async def test_a_failure_that_is_a_bug_does_not_end_the_asking(counter: Counter) -> None:
    await outage(counter)
    one = keeper(counter)
    one.bot = asks = Refusing(ValueError("a bug"))

    await one.look()

    assert asks.tries == 1


@pytest.mark.parametrize("trouble", [DatabaseAway("away"), ValueError("a bug")])
async def test_the_loop_goes_on_through_trouble(counter: Counter, trouble: Exception) -> None:
    looks = 0

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise StopError

    def at_work() -> bool:
        if looks < 2:
            raise trouble
        return False

    one = keeper(counter, sleep=sleep)
    one.at_work = at_work

    with pytest.raises(StopError):
        await one.run()

    assert looks == 3


class Refusing:
    """A Telegram that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self.error, self.tries = error, 0

    async def send_message(self, *_args: object, **_kwargs: object) -> object:
        self.tries += 1
        raise self.error
