"""What a chat is told about its subscriptions: begun, there already, not needed, ended, listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.language.answers_office import in_rows
from bot.language.kabari import MAX_ACTION
from bot.language.messages import Answer, Button, Capital, Listing, Message, Value, Words, say
from bot.language.view import View, names, standings_of
from bot.rules.catalogue import Service, State, covers
from bot.rules.notices import Subscription, Wish

Rows = tuple[tuple[Button, ...], ...]

_MOST_STOPS = 30  # buttons; one office has at most 17 steps
_OFFERED = 6  # services to add, the first of the catalogue first: KTP


def subscribed(view: View, steps: Sequence[str], wish: Wish = Wish.ONCE) -> Answer:
    """It is noted, what is stored, how to stop; who hears every time may hear of outages too."""
    told = (say(f"subscribed.{wish}", steps=_named(view, steps)), say(f"subscribed.{wish}_stored"))
    lasting = _of(view, steps)[:1] if wish is Wish.ALWAYS else []
    toggles = ((_toggle(view, service, (), view.place),) for service in lasting)
    return Answer(told, (*_stop_row(view, steps), *toggles))


def _named(view: View, steps: Sequence[str]) -> Value:
    """The steps, and the place where only one is meant."""
    return _at(view, names(view, steps), view.place)


def _at(view: View, named: Value, place: str | None) -> Value:
    return say("status.at", step=named, places=view.place_name(place)) if place else named


def _there(view: View, place: str | None) -> str:
    """The place as a tap carries it: of many offices one is stopped without the others."""
    return f":{view.catalogue.place_word(place)}" if place and view.catalogue.tree.many else ""


def _stop_row(view: View, steps: Sequence[str]) -> Rows:
    """One tap that ends what was just begun."""
    services = tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
    ids = (",".join(steps), ",".join(services), "*")
    there = _there(view, view.place)
    action = next(spelled for one in ids if len((spelled := f"x:{one}{there}").encode()) <= MAX_ACTION)
    return ((Button(say("button.stop"), action=action),),)


def already_subscribed(view: View, steps: Sequence[str]) -> Answer:
    return Answer((say("subscribed.already", steps=_named(view, steps)),), _stop_row(view, steps))


def not_needed(view: View, steps: Sequence[str]) -> Answer:
    """It works now: nothing to wait for, but later outages can be heard of."""
    services = tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
    settling = any(cell.settling for standing in standings_of(view, steps) for cell in standing.cells)
    told = "subscribed.settling" if settling else "subscribed.not_needed"
    always = tuple((Button(say("button.always"), action=f"a:{service}"),) for service in services[:1])
    return Answer((say(told, steps=Capital(names(view, steps))),), always)


def which_subscription(view: View) -> Answer:
    """Asked to be told, without a word of what: what is down first, KTP before the rest."""
    buttons = [_add_button(service) for service in _worst_first(view)[:_OFFERED]]
    return Answer((say("subscribed.which"),), in_rows(buttons))


def _worst_first(view: View) -> list[Service]:
    """Services that are down before the others, each in the order of the catalogue."""

    def works(service: Service) -> bool:
        standings = standings_of(view, [step.id for step in service.steps])
        return all(standing.state is not State.UNAVAILABLE for standing in standings)

    return sorted(view.catalogue.services, key=works)


def _add_button(service: Service) -> Button:
    return Button(say("button.service", service=Capital(Words(service.short))), action=f"a:{service.id}")


def unsubscribed(view: View, ended: Sequence[Subscription], *, last: bool) -> Answer:
    """Ended, of many offices by their names; with the last one nothing about this chat is kept for it."""
    if last:
        return Answer((say("unsubscribed.last"),))
    by_place: dict[str | None, list[str]] = {}
    for one in ended:
        by_place.setdefault(_office_of(view, one), []).append(one.step)
    told = tuple(_at(view, names(view, steps), place) for place, steps in by_place.items())
    return Answer((say("unsubscribed.some", steps=Listing(told) if len(told) > 1 else told[0]),))


def _hears_here(view: View, one: Subscription) -> bool:
    return _office_of(view, one) is None or (view.place is not None and covers(one.place, view.place))


def _office_of(view: View, one: Subscription) -> str | None:
    """Where it is for, if there is more than one office."""
    return one.place if view.catalogue.tree.many else None


def not_subscribed_there(view: View, own: Sequence[Subscription]) -> Answer:
    """Nothing of the kind was there to end; what is there."""
    told = subscriptions(view, own)
    return replace(told, lines=(say("unsubscribed.not_there"), *told.lines))


def no_subscription() -> Answer:
    return Answer((say("unsubscribed.none"),))


def subscriptions(view: View, own: Sequence[Subscription]) -> Answer:
    """What is there with a stop button each, the outages on or off, and what could be added, KTP first."""
    if not own:
        return Answer((say("subscriptions.none"),), _to_add(view, ()))
    listed = _one_per_step(view, own)
    stops = in_rows(_stops(view, listed))
    toggled = [one for one in own if one.wish is Wish.ALWAYS] if len(listed) <= _MOST_STOPS else []
    lasting = dict.fromkeys((_service_of(view, one), _office_of(view, one)) for one in toggled)
    toggles = tuple((_toggle(view, view.catalogue.services_by_id[id_], own, place),) for id_, place in lasting)
    there = {_service_of(view, one) for one in own if _hears_here(view, one)}
    lines = [_subscription_line(view, one) for one in listed]
    return Answer((say("subscriptions.title"), *lines), (*stops, *toggles, *_to_add(view, there)))


def _service_of(view: View, one: Subscription) -> str:
    return view.catalogue.steps[one.step].service


def _one_per_step(view: View, own: Sequence[Subscription]) -> list[Subscription]:
    """The lasting wish where a step has both; of many offices at each."""

    def meant(one: Subscription) -> tuple[str, str | None]:
        return one.step, _office_of(view, one)

    lasting_last = sorted(own, key=lambda one: one.wish is Wish.ALWAYS)
    by_step = {meant(one): one for one in lasting_last}
    return [by_step[step] for step in dict.fromkeys(map(meant, own))]


def _subscription_line(view: View, one: Subscription) -> Message:
    place = None if one.place == view.catalogue.root.path else one.place
    step = _at(view, Words(view.catalogue.steps[one.step].name), place)
    outages = "_outages" if one.outages else ""
    return say(f"subscriptions.{one.wish}{outages}", step=Capital(step))


def _stop_button(view: View, one: Subscription) -> Button:
    place = _office_of(view, one)
    name = _at(view, Words(view.catalogue.steps[one.step].name), place)
    return Button(say("button.stop_step", step=name), action=_tap(f"x:{one.step}", _there(view, place)))


def _tap(what: str, there: str) -> str:
    """A tap at a place; everywhere, where the place left the catalogue and with it the short word for it."""
    return what + there if len((what + there).encode()) <= MAX_ACTION else what


def _stops(view: View, listed: Sequence[Subscription]) -> list[Button]:
    """One each; of very many one for each office, as a message holds only so many."""
    if len(listed) <= _MOST_STOPS:
        return [_stop_button(view, one) for one in listed]
    places = dict.fromkeys(one.place for one in listed)
    return [
        Button(say("button.stop_place", place=view.place_name(place)), action=_tap("x:*", _there(view, place)))
        for place in places
    ]


def _of(view: View, steps: Sequence[str]) -> list[Service]:
    owners = dict.fromkeys(view.catalogue.steps[step].service for step in steps)
    return [view.catalogue.services_by_id[owner] for owner in owners]


def _toggle(view: View, service: Service, own: Sequence[Subscription], place: str | None) -> Button:
    """Outages of a service on or off; of many offices at this one."""
    there = place if view.catalogue.tree.many else None
    here = [one for one in own if _service_of(view, one) == service.id and there in (None, one.place)]
    kind = "button.outages_off" if any(one.outages for one in here) else "button.outages_on"
    named = _at(view, Words(service.short), there)
    return Button(say(kind, service=named), action=_tap(f"o:{service.id}", _there(view, there)))


def _to_add(view: View, there: Collection[str]) -> Rows:
    """The services that are not there yet; a tap adds one for the office that the chat keeps."""
    missing = [service for service in view.catalogue.services if service.id not in there]
    buttons = [
        Button(say("button.add", service=Words(service.short)), action=f"a:{service.id}")
        for service in missing[:_OFFERED]
    ]
    return in_rows(buttons)


def outages_toggled(view: View, service: str, *, on: bool) -> Answer:
    named = view.catalogue.services_by_id.get(service) or view.catalogue.steps[service]
    name = _at(view, Words(named.name), view.place)
    return Answer((say("subscriptions.outages_on" if on else "subscriptions.outages_off", service=name),))
