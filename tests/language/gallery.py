"""Every kind of reply in its situation, to be read by eye: `python -m tests.language.gallery [id|en] [word]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.language import (
    answers_subscriptions,
    answers_talk,
    audit_texts,
    notice_texts,
    roster_texts,
    sharing,
    staff_board,
    staff_texts,
    statistics_texts,
)
from bot.language.answers import answer
from bot.language.answers_history import history_of_services
from bot.language.answers_status import status
from bot.language.messages import Answer
from bot.language.questions import DayAsked, Intent, Question
from bot.language.texts import Texts
from bot.language.view import View
from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.chats import Refusal
from bot.rules.history import DayTold, Record
from bot.rules.holding import Held
from bot.rules.lengths import Length
from bot.rules.notices import Change, Subscription, Wish
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report, ReportKind
from bot.rules.staff import Deed, DeedKind, Invitation, Member, Role
from bot.rules.statistics import Statistics
from bot.rules.usual import Usual
from tests.language.office import (
    CATALOGUE,
    MPP,
    OFFICE,
    SITTI,
    TWO_COUNTERS,
    WITA,
    WITHOUT_HOURS,
    at,
    board,
    down,
    everything,
    fact,
    limited,
    up,
)

LINK_CUT = (
    limited("ktp_rekam"),
    down("ktp_cetak"),
    up("ktp_ambil"),
    down("kk"),
    limited("akta_lahir"),
    limited("akta_mati"),
    down("ikd"),
    up("suket"),
    up("legalisir"),
)
MONDAY = Estimate(Moment(at(6, 16), whole_day=True))
SATURDAY = at(4, 10)


@dataclass(frozen=True)
class Scene:
    """One reply, and the time at which it is read."""

    name: str
    said: Answer
    now: datetime


def view(told: Board, catalogue: Catalogue = CATALOGUE, now: datetime | None = None, place: str | None = None) -> View:
    """An office's board at one time, by default Thursday at nine."""
    return View(catalogue, OfficeCalendar(catalogue), told, now or at(2), place)


def scenes() -> Iterator[Scene]:
    """All of them, in the order of the subjects."""
    yield from _states()
    yield from _usual()
    yield from _history()
    yield from _around_the_clock()
    yield from _counters()
    yield from _questions()
    yield from _subscriptions()
    yield from _notices()
    yield from _shared()
    yield from _talk()
    yield from _staff()


def _scene(name: str, seen: View, said: Answer) -> Scene:
    return Scene(name, said, seen.now)


def _states() -> Iterator[Scene]:
    told = {
        "available": (board(up("kk")), ["kk"]),
        "staff note": (board(up("kk", note="antrean panjang, datang pagi")), ["kk"]),
        "KTP in three steps": (board(*LINK_CUT), ["ktp"]),
        "KTP all well": (everything(), ["ktp"]),
        "KTP all down": (board(*everything(State.UNAVAILABLE).cells.values(), up("legalisir")), ["ktp"]),
        "one step down": (board(*LINK_CUT), ["ktp_cetak"]),
        "with an estimate": (board(down("ktp_cetak", fact(estimate=MONDAY)), up("ktp_ambil")), ["ktp_cetak"]),
        "nobody can say": (board(down("kk", fact(estimate=Estimate(None))), up("legalisir")), ["kk"]),
        "estimate passed": (board(down("ktp_cetak", fact(estimate=Estimate(Moment(at(1, 14)))))), ["ktp_cetak"]),
        "maintenance": (board(down("kk", fact(cause="pemutakhiran sistem", planned=True, estimate=MONDAY))), ["kk"]),
        "maintenance overdue": (
            board(down("kk", fact(cause="pemutakhiran sistem", planned=True, estimate=Estimate(Moment(at(2, 8)))))),
            ["kk"],
        ),
        "no cause given": (board(down("kk", fact(cause=None)), up("legalisir")), ["kk"]),
        "its own report": (board(down("ikd", fact("ikd", cause=None))), ["ikd"]),
        "stale": (board(down("ktp_cetak", confirmed_at=at(1, 15, 10), fresh=False)), ["ktp_cetak"]),
        "partly stale": (board(up("kk"), up("ikd", confirmed_at=at(1, 15, 10), fresh=False)), ["kk", "ikd"]),
        "unknown": (board(), ["ktp_cetak"]),
        "KTP unknown": (board(), ["ktp"]),
        "KTP partly unknown": (board(up("ktp_ambil")), ["ktp"]),
        "settling": (board(up("ktp_cetak", settling=True)), ["ktp_cetak"]),
        "limited": (board(limited("akta_lahir")), ["akta_lahir"]),
        "deeds alike": (board(*LINK_CUT), ["akta_lahir", "akta_mati"]),
        "deeds unlike": (
            board(up("akta_lahir"), down("akta_mati", fact("signature", cause=None))),
            ["akta_lahir", "akta_mati"],
        ),
        "several services": (board(*LINK_CUT), ["ktp_cetak", "kk", "legalisir"]),
        "two causes": (
            board(down("kk"), down("ktp_cetak", fact("blanks", cause="blangko KTP habis"))),
            ["kk", "ktp_cetak"],
        ),
    }
    for name, (boards, ids) in told.items():
        seen = view(boards)
        yield _scene(f"status, {name}", seen, status(seen, ids))
    bare = view(board(), WITHOUT_HOURS)
    yield _scene("status, nothing set, nothing known", bare, status(bare, ["ktp_cetak"]))
    waiting = view(board(*LINK_CUT))
    yield _scene("status, already waiting", waiting, status(waiting, ["ktp_cetak"], frozenset({"ktp_cetak"})))


def _usual() -> Iterator[Scene]:
    """How long outages last by experience, where nobody can say until when."""
    days = Usual(7, Length(2 * 3600, 1, 7 * 3600), Length(14 * 3600, 2, 14 * 3600))
    seen = replace(view(board(down("kk", fact(estimate=Estimate(None))))), usual={"central_link": days})
    yield _scene("as usual", seen, status(seen, ["kk"]))


def _history() -> Iterator[Scene]:
    """The last 90 days, under their picture."""
    seen = view(board())
    days = tuple(DayTold(date(2022, 11, 5) + timedelta(days=n), unavailable=3600.0 * (n > 86)) for n in range(90))
    bad = Record(days, (Length(3 * 3600, 1, 7 * 3600), Length(7 * 3600, 2, 14 * 3600)))
    good = Record(tuple(replace(day, unavailable=0.0, available=7 * 3600.0) for day in days), ())
    told = {("ktp_cetak", OFFICE): bad, ("kk", OFFICE): bad, ("legalisir", OFFICE): good}
    yield _scene("history", seen, history_of_services(seen, told, []).captions[0])
    yield _scene("history, cut short", seen, history_of_services(seen, told, []).captions[1])
    yield _scene("history, one service", seen, history_of_services(seen, told, ["kk"]).captions[0])
    yield _scene("history, none", seen, history_of_services(seen, {}, []).captions[0])


def _around_the_clock() -> Iterator[Scene]:
    times = {
        "Friday 06.30": at(3, 6, 30),
        "in the break": at(2, 12, 30),
        "in the evening": at(2, 19),
        "on Saturday": SATURDAY,
        "on a holiday": at(17, 9, month=8),
    }
    for name, now in times.items():
        for cell in (up("kk"), down("kk")):
            seen = view(board(cell, up("legalisir")), now=now)
            yield _scene(f"{name}, {cell.state}", seen, status(seen, ["kk"]))


def _counters() -> Iterator[Scene]:
    told = board(
        down("ktp_cetak"), up("ktp_cetak", counter=MPP), up("kk"), up("kk", counter=MPP), catalogue=TWO_COUNTERS
    )
    everywhere = view(told, TWO_COUNTERS)
    yield _scene("counters differ, one step", everywhere, status(everywhere, ["ktp_cetak"]))
    yield _scene("counters differ, KTP", everywhere, status(everywhere, ["ktp"]))
    yield _scene("counters differ, all", everywhere, answer_to(everywhere, Question(Intent.ALL_STATUS)))
    there = view(told, TWO_COUNTERS, place=MPP)
    yield _scene("one counter asked", there, status(there, ["ktp"]))


def answer_to(seen: View, question: Question, missed: int = 0) -> Answer:
    """The answer to a question in a view."""
    return answer(question, seen.board, seen.catalogue, seen.calendar, seen.now, place=seen.place, missed=missed)


def _questions() -> Iterator[Scene]:
    cut, closed, bare = view(board(*LINK_CUT)), view(board(*LINK_CUT), now=SATURDAY), view(board(), WITHOUT_HOURS)
    for intent in Intent:
        yield _scene(f"intent {intent}", cut, answer_to(cut, Question(intent)))
        yield _scene(f"intent {intent}, nothing set", bare, answer_to(bare, Question(intent)))
    yield _scene("all, closed", closed, answer_to(closed, Question(Intent.ALL_STATUS)))
    yield _scene("greeting, all well", cut, answer_to(view(everything()), Question(Intent.GREETING)))
    asked = {
        "hours on Monday": Question(Intent.OFFICE_HOURS, day=DayAsked(weekday=0)),
        "hours on Sunday": Question(Intent.OFFICE_HOURS, day=DayAsked(weekday=6)),
        "hours tomorrow at two": Question(Intent.OFFICE_HOURS, day=DayAsked(offset=1, at=at(3, 14).time())),
        "hours tomorrow at five": Question(Intent.OFFICE_HOURS, day=DayAsked(offset=1, at=at(3, 17).time())),
        "hours for KK": Question(Intent.OFFICE_HOURS, ("kk",)),
        "KTP tomorrow": Question(Intent.SERVICE_STATUS, ("ktp_cetak",), day=DayAsked(offset=1)),
        "requirements of KTP": Question(Intent.REQUIREMENTS, ("ktp",)),
        "requirements of a lost KTP": Question(Intent.REQUIREMENTS, ("ktp_cetak",), case="hilang"),
        "requirements unset": Question(Intent.REQUIREMENTS, ("legalisir",)),
        "why KTP": Question(Intent.REASON_OR_ETA, ("ktp",)),
        "my KTP": Question(Intent.PERSONAL_CASE, ("ktp_ambil",), second=Intent.REQUIREMENTS),
        "a driving licence": Question(Intent.OUT_OF_SCOPE, agency="sim"),
        "a NIK and a question": Question(Intent.SERVICE_STATUS, ("kk",), private=True),
        "a NIK alone": Question(Intent.OTHER, private=True, confidence=0.3),
    }
    for name, question in asked.items():
        yield _scene(f"asked: {name}", cut, answer_to(cut, question))
    for missed in range(3):
        yield _scene(
            f"not understood, {missed} before", cut, answer_to(cut, Question(Intent.OTHER, confidence=0.3), missed)
        )


def _subscriptions() -> Iterator[Scene]:
    seen = view(board(*LINK_CUT))
    steps = ["ktp_cetak"]
    own = [
        Subscription(1, 5, "ktp_cetak", "kendari", Wish.ONCE, at(1)),
        Subscription(2, 5, "kk", OFFICE, Wish.ALWAYS, at(1), outages=True),
    ]
    told = {
        "once": answers_subscriptions.subscribed(seen, steps),
        "always": answers_subscriptions.subscribed(seen, ["ktp_rekam", "ktp_cetak", "ktp_ambil"], Wish.ALWAYS),
        "already": answers_subscriptions.already_subscribed(seen, steps),
        "not needed": answers_subscriptions.not_needed(seen, ["ktp_ambil"]),
        "which": answers_subscriptions.which_subscription(seen),
        "stopped one": answers_subscriptions.unsubscribed(seen, own[:1], last=False),
        "stopped the last": answers_subscriptions.unsubscribed(seen, own[:1], last=True),
        "none": answers_subscriptions.no_subscription(),
        "list of others": answers_subscriptions.not_subscribed_there(seen, own),
        "list": answers_subscriptions.subscriptions(seen, own),
        "empty list": answers_subscriptions.subscriptions(seen, []),
        "outages on": answers_subscriptions.outages_toggled(seen, "kk", on=True),
        "outages off": answers_subscriptions.outages_toggled(seen, "kk", on=False),
    }
    for name, said in told.items():
        yield _scene(f"subscription, {name}", seen, said)


def went(step: str, was: State, now: State, counter: str = OFFICE) -> Change:
    """A step that changed."""
    return Change(step, counter, was, now)


def _notices() -> Iterator[Scene]:
    back = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE)]
    partly = [went("akta_lahir", State.UNAVAILABLE, State.LIMITED)]
    fallen = [went("ktp_cetak", State.AVAILABLE, State.UNAVAILABLE), went("ktp_rekam", State.AVAILABLE, State.LIMITED)]
    well, cut = view(everything()), view(board(*LINK_CUT))
    for name, now in {"morning": at(2), "evening": at(2, 18), "Saturday": SATURDAY, "Friday": at(3)}.items():
        seen = replace(well, now=now)
        yield _scene(f"resumption, {name}", seen, notice_texts.resumption(seen, back, told=1248))
    yield _scene("resumption, few", well, notice_texts.resumption(well, back, told=12, wish=Wish.ALWAYS))
    first = [went(step, State.UNKNOWN, State.AVAILABLE) for step in ("kk", "ikd")]
    yield _scene("resumption, first reports", well, notice_texts.resumption(well, first))
    yield _scene("resumption, limited", cut, notice_texts.resumption(cut, partly))
    bare = view(everything(), WITHOUT_HOURS)
    yield _scene("resumption, no hours", bare, notice_texts.resumption(bare, back))
    two = view(everything(catalogue=TWO_COUNTERS), TWO_COUNTERS)
    there = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE, MPP)]
    yield _scene("resumption, one counter", two, notice_texts.resumption(two, there))
    yield _scene("outage", cut, notice_texts.outage(cut, fallen))
    yield _scene("relapse", cut, notice_texts.relapse(cut, fallen))
    yield _scene("corrected", cut, notice_texts.corrected(cut, fallen))
    yield _scene("correction", cut, notice_texts.correction(cut, fallen, at(2, 8, 12)))


def _shared() -> Iterator[Scene]:
    cut, closed, bare = view(board(*LINK_CUT)), view(board(*LINK_CUT), now=SATURDAY), view(board(), WITHOUT_HOURS)
    for name, seen, ids in (("KTP", cut, ("ktp",)), ("all", cut, ()), ("closed", closed, ("kk",)), ("bare", bare, ())):
        text = sharing.with_link(sharing.to_share(seen, ids, ()), sharing.bot_link(seen.catalogue, "loket_bot", ids))
        yield _scene(f"shared, {name}", seen, sharing.with_ways(text, "…", ids, inline=True))
        yield _scene(f"to be shared, {name}", seen, sharing.offered(status(seen, ids), ids, OFFICE))
    for card in sharing.cards(cut, "loket_bot", (sharing.TODAY, "ktp", "ktp_cetak"), ()):
        yield _scene(f"card, {card.id}", cut, card.said)


def _talk() -> Iterator[Scene]:
    seen, bare = view(board(*LINK_CUT)), view(board(), WITHOUT_HOURS)
    for kind in ("voice", "sticker", "photo", "document", "video"):
        yield _scene(f"media, {kind}", seen, answers_talk.media(kind))
    for place in (seen, bare):
        yield _scene("privacy", place, answers_talk.privacy(place))
        yield _scene("private number", place, answers_talk.private_warning(place))
    yield _scene("forget?", seen, answers_talk.forget_asked())
    yield _scene("forgotten", seen, answers_talk.forgotten())
    yield _scene("help", seen, answers_talk.help_(seen))
    yield _scene("language?", seen, answers_talk.choose_language(Texts.load().languages))
    yield _scene("language", seen, answers_talk.language_chosen())
    yield _scene("trouble", seen, answers_talk.trouble())


def _staff() -> Iterator[Scene]:
    seen = view(board(*LINK_CUT))
    report = Report(12, at(2, 8, 5), SITTI, assertions=(Assertion("central_link", "kendari", State.UNAVAILABLE),))
    back = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE)]
    fallen = [went(step, State.AVAILABLE, State.UNAVAILABLE) for step in CATALOGUE.steps]
    read = notice_texts.resumption(view(everything()), back, told=1248)
    crowd = staff_texts.Audience(1248, at(2, 9, 2))
    held = (Held(("ktp_cetak",), fact()), Held(("kk",), fact("kk")))
    told = {
        "preview": staff_texts.preview(seen, "a1", back, read, crowd, "Sitti R."),
        "preview, held": staff_texts.preview(
            seen,
            "a1",
            [],
            read,
            staff_texts.Audience(0),
            "Sitti R.",
            held=held,
            spared=["ktp_ambil"],
            shut_on=at(4).date(),
        ),
        "preview, many": staff_texts.preview(seen, "a1", fallen * 2, read, staff_texts.Audience(3), "Sitti R."),
        "published": staff_texts.published(seen, 12, at(2, 8, 12), crowd),
        "published, nobody waits": staff_texts.published(seen, 12, at(2, 8, 12), staff_texts.Audience(0)),
        "cancelled": staff_texts.cancelled(),
        "refused": staff_texts.refused(),
        "undo, list": staff_texts.retractable(
            seen,
            [
                report,
                replace(report, number=11, kind=ReportKind.CONFIRMATION),
                replace(report, number=10, kind=ReportKind.RETRACTION),
            ],
        ),
        "undo, nothing": staff_texts.retractable(seen, []),
        "undo, preview": staff_texts.retraction_preview(seen, report, back, unsent=3, sent=1240),
        "undo, quiet": staff_texts.retraction_preview(seen, report, []),
        "undo, done": staff_texts.retracted(report, at(2, 9), sent=1240),
        "undo, done quietly": staff_texts.retracted(report, at(2, 9)),
        **{f"undo, not: {why}": staff_texts.not_retractable(why) for why in ("late", "others", "done")},
        "board": staff_board.board_for_staff(seen),
        "board, nothing": staff_board.board_for_staff(view(board())),
        "down": staff_board.what_is_down(seen),
        "down, nothing": staff_board.what_is_down(view(board())),
        "same": staff_board.confirmed_same(seen, at(2, 9)),
        "same, nothing": staff_board.nothing_to_confirm(),
    }
    for name, said in told.items():
        yield _scene(f"staff, {name}", seen, said)
    for name, said in _audit(seen, report, back):
        yield _scene(f"audit, {name}", seen, said)
    for name, said in _statistics(seen):
        yield _scene(f"statistics, {name}", seen, said)
    for name, said in _roster():
        yield _scene(f"roster, {name}", seen, said)


def _audit(seen: View, report: Report, back: list[Change]) -> Iterator[tuple[str, Answer]]:
    gone = Assertion(
        "a_step_of_old", "a/place/of/old", State.LIMITED, planned_from=at(3), spares=frozenset({"ktp_ambil"})
    )
    more = replace(
        report, number=13, assertions=(replace(gone, estimate=MONDAY), replace(gone, estimate=Estimate(None)))
    )
    nameless = replace(report, by=Author(0, ""), kind=ReportKind.CONFIRMATION)
    retracted = replace(report, number=14, kind=ReportKind.RETRACTION, retracts=13)
    said = replace(report.assertions[0], place=MPP, cause="kabel putus", since=Moment(at(2, 8)))
    reports = [replace(report, assertions=(said,)), more, nameless, retracted]
    deeds = [
        Deed(at(2), SITTI, kind, about, "staff", "admin")
        for about, kind in zip(["Budi", ""] * 5, DeedKind, strict=False)
    ]
    refused = [Refusal(at(2), SITTI.id, "/lapor •••"), Refusal(at(2), 747100901, "/start undang_… (used)")]
    entries = [*reports, *deeds, *refused]
    changed = {12: tuple(back * 5), 13: tuple(back)}
    for skipped in range(0, len(entries), audit_texts.PAGE):
        names = {SITTI.id: SITTI.name}
        yield f"page from {skipped}", audit_texts.page(seen, entries, changed, names, skipped)
    yield "nothing", audit_texts.page(seen, [], {}, {}, 0)
    yield "file", audit_texts.file_caption(1248)


def _statistics(seen: View) -> Iterator[tuple[str, Answer]]:
    hours = tuple(7 * hour if 7 <= hour <= 16 else 0 for hour in range(24))
    services = {"ktp": 812, "kk": 140, "gone": 3}
    asked = Statistics(sum(hours), 31, services, hours, 212, 1248, (timedelta(minutes=20), timedelta(minutes=55)))
    yield "usual", statistics_texts.statistics(seen, asked)
    yield "slow", statistics_texts.statistics(seen, replace(asked, delays=(timedelta(hours=5),)))
    yield "nobody named a service", statistics_texts.statistics(seen, replace(asked, by_service={}, delays=()))
    yield "nothing", statistics_texts.statistics(seen, Statistics(0, 0, {}, (0,) * 24, 0, 3, ()))
    yield "picture", statistics_texts.picture_caption()
    for chart in statistics_texts.charts(seen, asked):
        yield f"chart, {len(chart.bars)}", Answer((chart.title, *(label for label, _ in chart.bars[:3])))
    yield "charts", Answer(tuple(one.title for one in statistics_texts.charts(seen, replace(asked, by_service={}))))


def _roster() -> Iterator[tuple[str, Answer]]:
    owner = Member(SITTI.id, SITTI.name, Role.OWNER)
    admin, clerk = (
        Member(747100203 + n, name, role, at(1))
        for n, (name, role) in enumerate((("Arman", Role.ADMIN), ("Wa Ode <b>Budi dari Kantor Kelurahan", Role.STAFF)))
    )
    named, nameless = Invitation(7, SITTI, Role.STAFF, "Rahma", at(2)), Invitation(8, SITTI, Role.ADMIN, None, at(2))
    link = "https://t.me/loket_bot?start=undang_AAAAAAAAAAAAAAAAAAAAAA"
    members = (owner, Member(747100299, "", Role.OWNER), admin, clerk)
    yield "list, for an owner", roster_texts.staff_list(members, (admin, clerk), (named, nameless), managing=True)
    yield "list, for staff", roster_texts.staff_list(members, (), (), managing=False)
    yield "invited", roster_texts.invited(named, link)
    yield "invited, an admin", roster_texts.invited(nameless, link)
    yield "welcome", roster_texts.welcome(clerk)
    yield "welcome, an admin", roster_texts.welcome(admin)
    yield "welcome back", roster_texts.welcome_back(clerk)
    yield "came", roster_texts.came(clerk, "Budi & Co")
    yield "remove", roster_texts.sure_to_remove(clerk)
    yield "removed", roster_texts.removed(clerk)


def shown(scene: Scene, texts: Texts, language: str) -> str:
    """A scene as plain text with its buttons."""
    lines = [f"── {scene.name} ──", texts.plain(scene.said, language, scene.now, WITA)]
    for row in scene.said.buttons:
        labels = (f"[{texts.plain(one.label, language, scene.now, WITA)}]({one.action or one.url})" for one in row)
        lines.append("  ".join(labels))
    return "\n".join([*lines, ""])


def main(language: str = "id", word: str = "") -> None:
    """Print the scenes whose name holds the word."""
    texts = Texts.load()
    sys.stdout.writelines(shown(scene, texts, language) + "\n" for scene in scenes() if word in scene.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
