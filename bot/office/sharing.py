"""What citizens pass on: an answer as a text for anywhere, or as a card in another chat."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language import sharing
from bot.language.messages import Answer, Message, say
from bot.language.questions import Intent, Recogniser
from bot.office.boards import LiveBoard
from bot.office.placing import Placing
from bot.rules.validity import beginnings_ahead


class Sharing:
    """The side of the office that is read elsewhere. Nothing is asked of the store: what was typed leaves no trace."""

    def __init__(self, live: LiveBoard, recogniser: Recogniser, placing: Placing) -> None:
        self._live = live
        self._recogniser = recogniser
        self._placing = placing

    def text(self, bot: str, ids: Sequence[str], place: str | None = None) -> Answer:
        """The answer of now about these services and steps, or about all, to be sent anywhere."""
        view = self._live.view(place)
        if view.nowhere:  # a button that had no room for the place
            return self._placing.asks()
        known = tuple(one for one in ids if one in view.catalogue.services_by_id or one in view.catalogue.steps)
        told = sharing.to_share(view, known, beginnings_ahead(self._live.reports, view.now))
        return sharing.with_link(told, sharing.bot_link(view.catalogue, bot, known, view.place))

    def cards(self, bot: str, typed: str) -> tuple[tuple[sharing.Card, ...], Message]:
        """What may be meant by what somebody has typed behind the bot's name so far; what to say if nothing is.

        Of many offices the one that is typed along.
        """
        typed, places = self._placing.apart(typed)
        view, question = self._live.view(places[0] if len(places) == 1 else None), self._recogniser.recognise(typed)
        if view.nowhere:
            return (), sharing.place_missing(view, question.services, places)
        all_asked = question.intent is Intent.ALL_STATUS
        wanted = sharing.wanted_by(view.catalogue, typed, question.services, all_asked=all_asked)
        return sharing.cards(view, bot, wanted, beginnings_ahead(self._live.reports, view.now)), say("share.none")
