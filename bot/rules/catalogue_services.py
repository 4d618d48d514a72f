"""Services, their steps and what these need, from a catalogue's tables."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rules.catalogue import Alternative, Need, Requirements, Resource, Service, State, Step, Text
from bot.rules.catalogue_tables import Table, meant

COUNTER, UTILITIES = "counter", "utilities"
"""What every step needs: the counter without exception, the utilities unless the step says otherwise."""

Notes = Mapping[str, Text | None]
"""Every resource by id, with the note of a step that its failure merely limits."""

_EFFECTS = (State.UNAVAILABLE, State.LIMITED)


def resources_of(top: Table) -> tuple[tuple[Resource, ...], Notes]:
    notes: dict[str, Text | None] = {}
    resources: list[Resource] = []
    for table in top.tables("resources", "id"):
        resource = Resource(
            id=table.id(),
            short=table.needed_word("short", '"…"'),
            name=table.needed_text("name"),
            local=table.flag("local") or False,
            aliases=table.folded("aliases"),
            spares=table.words("spares"),
            causes=table.words("causes"),
            outage=table.word("outage"),
        )
        notes[resource.id] = table.text("limited_note")
        resources.append(resource)
        table.done()
    return tuple(resources), notes


def services_of(top: Table, notes: Notes) -> tuple[Service, ...]:
    return tuple(_service(table, notes) for table in top.tables("services", "id"))


def _service(table: Table, notes: Notes) -> Service:
    """A service; one without parts has one step, which goes by its own id and name."""
    own, name, short = table.id(), table.needed_text("name"), table.needed_text("short")
    parts = table.tables("steps")
    if parts:
        steps = tuple(_part(part, own, notes) for part in parts)
    else:
        steps = (Step(own, own, name, short, _needs(table, notes), daily=table.count("daily")),)
    service = Service(
        id=own,
        name=name,
        short=short,
        steps=steps,
        aliases=table.folded("aliases"),
        requirements=tuple(_requirements(case) for case in table.tables("requirements")),
        alternatives=tuple(_alternative(other) for other in table.tables("alternatives", "service")),
    )
    table.done()
    return service


def _part(table: Table, service: str, notes: Notes) -> Step:
    name, short = table.needed_text("name"), table.needed_text("short")
    step = Step(table.id(), service, name, short, _needs(table, notes), table.folded("aliases"), table.count("daily"))
    table.done()
    return step


def _needs(table: Table, notes: Notes) -> tuple[Need, ...]:
    """What stands in `needs`, and what every step needs."""
    if not table.has("needs"):
        table.missing("needs", '["…"]; [] where it needs nothing but the counter')
    named = tuple(_need(entry, at, table, notes) for at, entry in enumerate(table.list("needs")))
    ids = [need.resource for need in named]
    for resource in dict.fromkeys(one for one in ids if ids.count(one) > 1):
        table.fault("needs", f'"{resource}" stands there twice; name it once')
    without = table.words("without")
    for word in without:
        if word != UTILITIES:
            table.fault("without", f'"{word}" cannot be excepted; only "{UTILITIES}" can')
    usual = [one for one in (COUNTER, UTILITIES) if one in notes and one not in ids and one not in without]
    return (*named, *(Need(one, State.UNAVAILABLE) for one in usual))


def _need(entry: object, at: int, table: Table, notes: Notes) -> Need:
    """A resource by its id, or a table that also says what its failure does."""
    if not isinstance(entry, Mapping):
        return Need(_resource(table.entry("needs", at, entry), table, notes), State.UNAVAILABLE)
    inner = table.inner(f"needs[{at}]", entry)
    resource = _resource(inner.needed_word("resource", '"…"'), table, notes)
    effect, note = _effect(inner), inner.text("note")
    inner.done()
    if effect is not State.LIMITED:
        return Need(resource, effect, note)
    note = note or notes.get(resource)
    if note is None and resource in notes:
        inner.fault("note", 'missing; a limited step needs one, as note = { id = "berkas diterima, …" }')
    return Need(resource, effect, note)


def _resource(word: str, table: Table, notes: Notes) -> str:
    if word and word not in notes:
        table.fault("needs", f'unknown resource "{word}"{meant(word, notes)}')
    return word


def _effect(inner: Table) -> State:
    word = inner.word("effect")
    if word is None or word in _EFFECTS:
        return State(word or State.UNAVAILABLE)
    inner.fault("effect", f'"{word}" is no effect{meant(word, _EFFECTS)}')
    return State.UNAVAILABLE


def _requirements(table: Table) -> Requirements:
    case = Requirements(
        title=table.needed_text("title"),
        items=table.texts("items"),
        basis=table.word("basis"),
        cues=table.folded("cues"),
    )
    if not case.items and not table.has("items"):
        table.missing("items", '["…"]')
    table.done()
    return case


def _alternative(table: Table) -> Alternative:
    other = Alternative(table.needed_word("service", '"…"'), table.flag("allowed"), table.text("text"))
    table.done()
    return other
