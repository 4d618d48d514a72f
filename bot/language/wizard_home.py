"""The first screen of a report by taps: the board in short, and what is likely today, a button each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.language.answers_board import group_lines
from bot.language.located import target_name
from bot.language.messages import Answer, Button, Capital, Listing, Message, Value, say
from bot.language.staff_board import what_is_down
from bot.language.view import View, names, standings_of
from bot.language.wizard_buttons import cancel, rows, tap, ways_out
from bot.rules.drafts import Draft, Entry, Offer, OfferKind

_MOST_NAMED = 3


def home(view: View, draft: Draft) -> Answer:
    """What stands, and what may have changed."""
    board = group_lines(view, standings_of(view, view.catalogue.steps))
    lines = (say("wizard.home"), *board, say("wizard.home.ask"))
    of = _buttons(view, draft)
    more = (tap(draft, say("button.more"), "more"), tap(draft, say("button.own_words"), "own"))
    likely = (
        *rows(of[OfferKind.RETURN], 1),
        *rows(of[OfferKind.CHANGE]),
        *rows(of[OfferKind.AGAIN], 1),
        *rows(of[OfferKind.OUTAGE]),
        *rows(of[OfferKind.NORMAL], 1),
    )
    return Answer(lines, (*likely, more, (cancel(draft),)))


def returns(view: View, draft: Draft) -> Answer:
    """`/pulih` alone: everything that is down; a tap, and it is well again."""
    down = what_is_down(view)
    well = rows(_buttons(view, draft)[OfferKind.RETURN], 1)
    return Answer((*down.lines, say("wizard.returns.ask")), (*well, ways_out(draft)))


def _buttons(view: View, draft: Draft) -> Mapping[OfferKind, Sequence[Button]]:
    """The offers, by what they stand for."""
    return {kind: [button for button, offer in _offered(view, draft) if offer.kind is kind] for kind in OfferKind}


def _offered(view: View, draft: Draft) -> Iterator[tuple[Button, Offer]]:
    for number, offer in enumerate(draft.offers):
        yield tap(draft, _label(view, offer), "o", number), offer


def _label(view: View, offer: Offer) -> Message:
    match offer.kind:
        case OfferKind.RETURN:
            return say("button.return", what=Capital(_located(view, offer.entry)))
        case OfferKind.CHANGE:
            return say("button.update", what=_located(view, offer.entry))
        case OfferKind.AGAIN:
            return say("button.again", what=_located(view, offer.entry))
        case OfferKind.OUTAGE:
            resource = view.catalogue.resources_by_id[offer.entry.targets[0]]
            return say("button.outage", outage=resource.outage or "")
        case _:
            return say("button.normal")


def _located(view: View, entry: Entry) -> Value:
    """With its place, where that is not the one that goes without saying."""
    what = subject(view, entry)
    if entry.place is None or view.catalogue.places_of(entry.targets[0]) == (entry.place,):
        return what
    return say("status.at", step=what, places=view.place_name(entry.place))


def subject(view: View, entry: Entry) -> Value:
    """What an entry is about; a service of which all steps are meant goes by its own name, and many are counted."""
    targets = entry.targets or tuple(dict.fromkeys(one.target for one in entry.ready))
    resources = [target_name(view, target) for target in targets if target in view.catalogue.resources_by_id]
    steps = names(view, (target for target in targets if target in view.catalogue.steps))
    items = (*resources, *steps.items)
    if len(items) <= _MOST_NAMED:
        return Listing(items)
    return say("wizard.subject.more", first=items[0], count=len(items) - 1)
