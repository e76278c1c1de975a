"""A school for the tests of recurring duties: two quarters of 2024, a class with its homeroom teacher, people in their roles."""

from __future__ import annotations

from collections.abc import Iterable

from tests.conftest import Json, event
from tests.rules.norms import lesson

BEFORE = "2024-08-26T10:00:00+05:00"
QUARTERS = [
    event(1, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(2, "period.set", BEFORE, period="Q2", kind="quarter", starts="2024-11-05", ends="2024-12-28"),
]
PEOPLE = [
    event(3, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(4, "person.registered", BEFORE, person="d-01", roles=["deputy_director"]),
    event(5, "person.registered", BEFORE, person="dir-01", roles=["director"]),
    event(6, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(7, "class.formed", BEFORE, class_="8Б", grade=8, homeroom_teacher="h-02"),
    event(8, "student.joined", BEFORE, student="s-01", class_="7А", date="2024-09-02"),
]
SCHOOL = [*QUARTERS, *PEOPLE]


def on(*days: str, class_: str = "7А") -> list[Json]:
    """Give one lesson of the class on each day, «09-04» for 4 September 2024."""
    return [lesson(int(day.replace("-", "")) * 10 + (class_ == "8Б"), f"2024-{day}", class_=class_) for day in days]


def control(number: int, time: str, kind: str = "deputy_check", role: str = "deputy_director", actor: str = "d-01", **data: object) -> Json:
    """Give a control made at «09-04T12:00» of 2024."""
    return event(number, "control.performed", f"2024-{time}:00+05:00", actor, control=kind, role=role, **data)


def report(number: int, time: str, kind: str = "progress", actor: str = "h-01", **data: object) -> Json:
    """Give a report delivered at «09-04T12:00» of 2024, on paper unless `data` says otherwise."""
    return event(number, "report.delivered", f"2024-{time}:00+05:00", actor, **({"report": kind, "form": "paper"} | data))


def instants(found: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Give findings with their instants cut to «09-30T00:00»."""
    return [tuple(str(item)[5:16] if str(item).startswith("202") and "T" in str(item) else item for item in row) for row in found]
