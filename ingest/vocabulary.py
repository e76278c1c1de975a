"""The vocabulary of journal events (contract, section 1): one typed model per event type, and the columns that follow from it."""

from __future__ import annotations

from functools import cache

from ingest import events_entries, events_judgement, events_office, events_people
from ingest.fields import Column, EventData

ROLES = frozenset(
    [
        "teacher",
        "homeroom_teacher",
        "deputy_director",
        "director",
        "administrator",
        "backup_administrator",
        "secretary",
        "hr_operator",
        "study_operator",
        "student_operator",
        "technical_specialist",
        "site_admin",
        "parent",
        "student",
    ]
)


@cache
def models() -> dict[str, type[EventData]]:
    """Give event type → the model of its data, for every type of the contract."""
    found: dict[str, type[EventData]] = {}
    for module in (events_people, events_entries, events_office, events_judgement):
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, EventData) and "type" in vars(item):
                found[item.type] = item
    return found


@cache
def columns(event_type: str) -> tuple[Column, ...]:
    """Give the data columns of an event type; raises KeyError for a type outside the vocabulary."""
    return models()[event_type].columns()


@cache
def domains() -> tuple[str, ...]:
    """Give the names of all id spaces, sorted."""
    return tuple(sorted({column.domain for event_type in models() for column in columns(event_type) if column.kind == "id"} | {"person"}))
