"""The shape that Statuspage made common: what its clients read, filled from our board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.language.incident_texts import affected, announcement_lines, title, update_lines, when
from bot.language.messages import Capital, Message, Value, Words, say
from bot.language.outages import outage_lines
from bot.language.public_page import HISTORY, incident_number, name_of, state_message
from bot.language.view import Standing, View, standings_of
from bot.rules.catalogue import Service, State
from bot.rules.incidents import Incident, IncidentUpdate, effects, since
from bot.rules.reports import Report
from bot.web.wording import Wording

Json = dict[str, Any]

_STATUS = {
    State.AVAILABLE: "operational",
    State.LIMITED: "degraded_performance",
    State.UNAVAILABLE: "major_outage",
    State.UNKNOWN: "operational",  # nobody reported anything; the description says so
}
_SEVERITY = ("major_outage", "partial_outage", "degraded_performance", "operational")
_MOST_INCIDENTS = 50  # of a whole country; ask for a place to read all of its own
_RESOLVED, _COMPLETED = "resolved", "completed"


@dataclass(frozen=True)
class Statuspage:
    """One view as Statuspage would tell it."""

    view: View
    wording: Wording
    base: str
    reports: Sequence[Report]
    incidents: Sequence[Incident]

    def summary(self) -> Json:
        """Everything of now: components, what goes on, what is planned."""
        shown = self._shown()
        return {
            **self.status(),
            "components": list(shown.values()),
            "incidents": [self._incident(one, shown) for one in self._outages() if one.ended is None],
            "scheduled_maintenances": [self._incident(one, shown) for one in self._maintenance() if one.ended is None],
        }

    def status(self) -> Json:
        """The whole in one word."""
        standings = standings_of(self.view, self.view.catalogue.steps)
        found = {_status_of(one) for one in standings}
        if found == {"major_outage"}:
            indicator = "critical"
        elif found & {"major_outage", "partial_outage"}:
            indicator = "major"
        else:
            indicator = "minor" if "degraded_performance" in found else "none"
        silent = all(one.state is State.UNKNOWN for one in standings)
        told = say("feed.status.unknown") if silent else say(f"feed.status.{indicator}")
        return {"page": self._page(), "status": {"indicator": indicator, "description": self._plain(told)}}

    def components(self) -> Json:
        return {"page": self._page(), "components": list(self._shown().values())}

    def all_incidents(self) -> Json:
        shown = self._shown()
        return {"page": self._page(), "incidents": [self._incident(one, shown) for one in self._outages()]}

    def all_maintenance(self) -> Json:
        shown = self._shown()
        told = [self._incident(one, shown) for one in self._maintenance()]
        return {"page": self._page(), "scheduled_maintenances": told}

    def _page(self) -> Json:
        catalogue = self.view.catalogue
        newest = self.reports[-1].at if self.reports else self._now()
        return {
            "id": catalogue.root.path,
            "name": self._name(Words(catalogue.office.name)),
            "url": self.base,
            "time_zone": str(self.wording.zone),
            "updated_at": self._time(newest),
        }

    def _shown(self) -> dict[str, Json]:
        """Every group and component by id, groups before their components."""
        shown: dict[str, Json] = {}
        for service in self.view.catalogue.services:
            standings = standings_of(self.view, [step.id for step in service.steps])
            components = [self._component(one, place) for place, one in enumerate(standings, 1)]
            shown[_group(service)] = self._group(service, components, len(shown) + 1)
            shown |= {one["id"]: one for one in components}
        return shown

    def _group(self, service: Service, components: Sequence[Json], position: int) -> Json:
        status = next(one for one in _SEVERITY if any(part["status"] == one for part in components))
        return {
            **self._bare(_group(service), self._name(Words(service.name)), status, position),
            "updated_at": max(part["updated_at"] for part in components),
            "group": True,
            "components": [part["id"] for part in components],
        }

    def _component(self, standing: Standing, position: int) -> Json:
        confirmed = [cell.confirmed_at for cell in standing.cells if cell.confirmed_at]
        return {
            **self._bare(standing.step.id, self._name(Words(standing.step.name)), _status_of(standing), position),
            "description": self._description(standing),
            "updated_at": self._time(max(confirmed, default=self._first())),
            "group_id": _group(self.view.service(standing.step)),
        }

    def _bare(self, component: str, name: str, status: str, position: int) -> Json:
        return {
            "id": component,
            "page_id": self.view.catalogue.root.path,
            "name": name,
            "status": status,
            "description": None,
            "position": position,
            "created_at": self._time(self._first()),
            "updated_at": self._time(self._first()),
            "start_date": None,
            "showcase": False,
            "only_show_if_degraded": False,
            "group_id": None,
            "group": False,
        }

    def _description(self, standing: Standing) -> str | None:
        """Why it is not simply operational; silence is no good news, and says that it is silence."""
        if standing.state is State.UNKNOWN:
            return self._plain(say("feed.unknown"))
        where = [
            self._plain(say("feed.at", place=self.view.place_name(cell.counter), state=state_message(str(cell.state))))
            for cell in standing.cells
            if not standing.alike and not self.view.nowhere  # else a line for each office of the country
        ]
        return " ".join([*where, *map(self._plain, outage_lines(self.view, [standing]))]) or None

    def _outages(self) -> list[Incident]:
        recent = since(self.incidents, self.view.now - HISTORY)
        return [one for one in recent if not one.planned][: _MOST_INCIDENTS if self.view.nowhere else None]

    def _maintenance(self) -> list[Incident]:
        to_come = [one for one in self.incidents if one.to_come]
        return to_come + [one for one in since(self.incidents, self.view.now - HISTORY) if one.planned]

    def _incident(self, incident: Incident, shown: Mapping[str, Json]) -> Json:
        number = incident_number(incident)
        updates = [self._update(incident, index) for index in range(len(incident.updates))][::-1]
        ended = self._time(incident.ended) if incident.ended else None
        return {
            "id": number,
            "page_id": self.view.catalogue.root.path,
            "name": self._plain(title(self.view, incident)),
            "status": self._status(incident),
            "impact": "maintenance" if incident.planned else self._impact(incident),
            "created_at": self._time(incident.announced_at or incident.began),
            "started_at": self._time(min(incident.since.at, incident.began)),
            "updated_at": self._time(incident.changed_at),
            "monitoring_at": None,
            "resolved_at": ended,
            "shortlink": f"{self.base}/#g{number}",
            "incident_updates": updates or [self._announcement(incident)],
            "components": [shown[step] for step in effects(self.view.catalogue, incident) if step in shown],
            **(self._schedule(incident) if incident.planned else {}),
        }

    def _schedule(self, incident: Incident) -> Json:
        until = incident.estimate.until if incident.estimate else None
        return {
            "scheduled_for": self._time(incident.began),
            "scheduled_until": self._time(until.at) if until else None,
        }

    def _status(self, incident: Incident) -> str:
        if not incident.planned:
            return _RESOLVED if incident.ended else "identified" if incident.cause else "investigating"
        if incident.to_come:
            return "scheduled"
        if incident.ended:
            return _COMPLETED
        until = incident.estimate.until if incident.estimate else None
        return "verifying" if until and until.at <= self.view.now else "in_progress"

    def _impact(self, incident: Incident) -> str:
        struck = effects(self.view.catalogue, incident)
        if State.UNAVAILABLE not in struck.values():
            return "minor" if struck else "none"
        whole = len(struck) == len(self.view.catalogue.steps)
        return "critical" if whole and State.LIMITED not in struck.values() else "major"

    def _update(self, incident: Incident, index: int) -> Json:
        update = incident.updates[index]
        return self._told(incident, str(update.report), self._status_at(incident, index), update.at, self._body(update))

    def _announcement(self, incident: Incident) -> Json:
        """Maintenance to come: the report that announced it."""
        said = [when(incident), *announcement_lines(incident), affected(self.view, incident)]
        body = " ".join(self._plain(line) for line in said if line)
        return self._told(incident, str(incident.id[0]), "scheduled", incident.changed_at, body)

    def _status_at(self, incident: Incident, index: int) -> str:
        """What the incident was with this report."""
        if incident.ended and index == len(incident.updates) - 1:
            return _COMPLETED if incident.planned else _RESOLVED
        if incident.planned:
            return "in_progress"
        known = any(one.cause for update in incident.updates[: index + 1] for one in update.assertions)
        return "identified" if known else "investigating"

    def _told(self, incident: Incident, report: str, status: str, at: datetime, body: str) -> Json:
        number, told = incident_number(incident), self._time(at)
        return {
            "id": f"{number}.{report}",
            "incident_id": number,
            "status": status,
            "body": body,
            "created_at": told,
            "updated_at": told,
            "display_at": told,
            "affected_components": None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def _body(self, update: IncidentUpdate) -> str:
        return " ".join(self._plain(line) for line in update_lines(self.view, update))

    def _plain(self, message: Message) -> str:
        return self.wording.plain(message)

    def _name(self, words: Value) -> str:
        return self._plain(name_of(Capital(words)))

    def _first(self) -> datetime:
        return self.reports[0].at if self.reports else self._now()

    def _now(self) -> datetime:
        return self.view.now.replace(second=0, microsecond=0)

    def _time(self, at: datetime) -> str:
        return at.astimezone(self.wording.zone).isoformat(timespec="milliseconds")


def _group(service: Service) -> str:
    """A service of one step shares its id with it; the group's own must differ."""
    return f"layanan-{service.id}"


def _status_of(standing: Standing) -> str:
    """As where one would go; where others are worse off, partly."""
    states = {cell.state for cell in standing.cells}
    if standing.state in (State.AVAILABLE, State.LIMITED) and State.UNAVAILABLE in states:
        return "partial_outage"
    if standing.state is State.AVAILABLE and State.LIMITED in states:
        return "degraded_performance"
    return _STATUS[standing.state]
