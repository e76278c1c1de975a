"""Small situations in a school's journal: a class, its people, a few events; what the school's own rules of some clauses find in it."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

from engine.audit import Options, audit
from engine.findings import Finding
from ingest.reading import read_log
from ingest.writers import write_jsonl
from policies.bundle import Policies, SchoolProfile
from policies.loader import load_school
from service.auditing import parse_instant
from tests.conftest import SCHOOLS, Json

_STAFF = {
    "a-01": ["administrator"], "d-01": ["deputy_director"], "dir-01": ["director"], "t-01": ["teacher"], "t-02": ["teacher"],
    "h-01": ["teacher", "homeroom_teacher"],
}  # fmt: skip
_BEFORE = "2023-08-25T10:00"


@cache
def _loaded(slug: str) -> tuple[SchoolProfile, Policies]:
    return load_school(SCHOOLS, slug)


def _only(policies: Policies, clauses: frozenset[str]) -> Policies:
    """The rules of these clauses, with those whose terms they use and those they speak for."""
    (bundle,) = policies.versions
    named = {r.id for r in bundle.rules if clauses & {r.clause, *r.also, *r.also_late}}
    near = {other for r in bundle.rules if r.id in named for other in (*r.absorbs, *getattr(r, "terms_of", ()))}
    near |= {r.id for r in bundle.rules if named & set(r.absorbs)}
    return Policies([bundle.model_copy(update={"rules": tuple(r for r in bundle.rules if r.id in named | near)})])


class Situation:
    """A class «8А» with students s-01, s-02 and its lessons; times without an offset are by the school's clock."""

    def __init__(self, school: str, grade: int = 8, students: int = 2) -> None:
        self.school = school
        self.events: list[Json] = []
        for person, roles in _STAFF.items():
            self.add("person.registered", _BEFORE, "a-01", person=person, roles=roles)
        self.add("class.formed", _BEFORE, "a-01", class_="8А", grade=grade, homeroom_teacher="h-01")
        for number in range(1, students + 1):
            self.add("student.joined", _BEFORE, "a-01", student=f"s-{number:02}", class_="8А", date="2023-09-01")

    def add(self, kind: str, time: str, actor: str | None = "t-01", /, notbefore: str | None = None, **data: Any) -> Self:
        """Add an event; `class_` and `from_` stand for the names that Python keeps; `notbefore` makes the evidence a bracket."""
        made: Json = {"specversion": "1.0", "id": f"e-{len(self.events):03}", "source": "journal", "type": kind, "time": _full(time)}
        made["data"] = {name.rstrip("_"): value for name, value in data.items()}
        if actor is not None:
            made["actor"] = actor
        if notbefore is not None:
            made |= {"evidence": "bracketed", "notbefore": _full(notbefore)}
        self.events.append(made)
        return self

    def lesson(self, name: str, start: str, subject: str = "История", teacher: str = "t-01", at: str = _BEFORE, **data: Any) -> Self:
        """Add a lesson of 40 minutes; `at` is when it was put into the timetable."""
        ends = (datetime.fromisoformat(start) + timedelta(minutes=40)).isoformat()
        data = {"class_": "8А", **data}
        return self.add(
            "lesson.scheduled", at, "a-01", lesson=name, subject=subject, teacher=teacher, starts_at=_full(start), ends_at=ends, **data
        )

    def move(self, time: str, lesson: str, start: str) -> Self:
        """Move a lesson."""
        ends = (datetime.fromisoformat(start) + timedelta(minutes=40)).isoformat()
        return self.add("lesson.moved", time, "a-01", lesson=lesson, starts_at=_full(start), ends_at=ends)

    def cancel(self, time: str, lesson: str) -> Self:
        """Cancel a lesson."""
        return self.add("lesson.cancelled", time, "d-01", lesson=lesson)

    def substitute(self, time: str, lesson: str, teacher: str = "t-02") -> Self:
        """Let somebody else hold a lesson."""
        return self.add("lesson.substituted", time, "d-01", lesson=lesson, teacher=teacher)

    def topic(self, time: str, lesson: str = "L-1", text: str = "Реформы", **more: Any) -> Self:
        """Record a topic."""
        return self.add("topic.recorded", time, lesson=lesson, text=text, **more)

    def homework(self, time: str, lesson: str = "L-1", text: str = "§ 12, № 345", **more: Any) -> Self:
        """Record homework."""
        return self.add("homework.recorded", time, lesson=lesson, text=text, **more)

    def work(self, time: str, kind: str = "control", lesson: str = "L-1", **data: Any) -> Self:
        """Set the work W-1."""
        return self.add("work.set", time, **{"work": "W-1", "lesson": lesson, "kind": kind, **data})

    def mark(
        self, time: str, value: str = "4", actor: str | None = "t-01", student: str = "s-01", lesson: str = "L-1", **more: Any
    ) -> Self:
        """Enter a mark."""
        return self.add("mark.recorded", time, actor, lesson=lesson, student=student, value=value, **more)

    def marks(self, time: str, **more: Any) -> Self:
        """Enter the marks of both students for the work W-1."""
        return self.mark(time, work="W-1", **more).mark(time, student="s-02", work="W-1", **more)

    def change(self, time: str, value: str = "5", old: str = "4", actor: str | None = "t-01", **more: Any) -> Self:
        """Change the mark of s-01 in L-1."""
        return self.add("mark.changed", time, actor, **{"lesson": "L-1", "student": "s-01", "value": value, "old": old, **more})

    def delete(self, time: str, **more: Any) -> Self:
        """Delete the mark of s-01 in L-1."""
        return self.add("mark.deleted", time, **{"lesson": "L-1", "student": "s-01", **more})

    def absent(self, time: str, code: str = "ОТ", actor: str = "t-01", student: str = "s-01", lesson: str = "L-1") -> Self:
        """Enter an absence."""
        return self.add("attendance.recorded", time, actor, lesson=lesson, student=student, code=code)

    def reason(self, time: str, code: str = "Б", actor: str = "h-01", lesson: str = "L-1") -> Self:
        """Change the absence of s-01."""
        return self.add("attendance.changed", time, actor, lesson=lesson, student="s-01", code=code, old="ОТ")

    def remark(self, time: str, **data: Any) -> Self:
        """Issue the remark R-1 to t-01."""
        return self.add("remark.issued", time, "d-01", **{"remark": "R-1", "to": "t-01", **data})

    def resolve(self, time: str) -> Self:
        """Resolve the remark R-1."""
        return self.add("remark.resolved", time, remark="R-1")

    def outage(self, begins: str, ends: str) -> Self:
        """Let the journal be out of order."""
        return self.add("outage.began", begins, "a-01").add("outage.ended", ends, "a-01")

    def period(self, name: str, kind: str, starts: str, ends: str) -> Self:
        """Declare a study period."""
        return self.add("period.set", _BEFORE, "a-01", period=name, kind=kind, starts=starts, ends=ends)

    def period_mark(self, time: str, student: str = "s-01", subject: str = "История", period: str = "Q1", **more: Any) -> Self:
        """Enter a period mark."""
        return self.add("period_mark.recorded", time, class_="8А", subject=subject, student=student, period=period, value="4", **more)

    def group(self, student: str, group: str, subject: str = "История", from_: str = "2023-09-01", time: str = _BEFORE) -> Self:
        """Put a student into a group."""
        return self.add("group.assigned", time, "a-01", student=student, class_="8А", subject=subject, group=group, from_=from_)

    def order(self, time: str, kind: str, from_: str, to: str | None = None) -> Self:
        """Sign the order O-1 on s-01."""
        data = {"order": "O-1", "kind": kind, "person": "s-01", "date": time[:10], "from": from_} | ({"to": to} if to else {})
        return self.add("order.signed", time, "dir-01", **data)

    def findings(self, as_of: str, *clauses: str) -> list[Finding]:
        """Give the findings under these clauses (any, when none is named) of the school's rules of these clauses."""
        profile, policies = _loaded(self.school)
        wanted = frozenset(clauses)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.jsonl"
            write_jsonl(self.events, path)
            log = read_log([path], profile.zone_info)
        options = Options(as_of=parse_instant(as_of, profile.zone_info), workers=0, second_judge=True)
        found = audit(log, profile, _only(policies, wanted) if wanted else policies, options).findings
        return [finding for finding in found if not wanted or wanted & {finding.clause, *finding.also}]

    def found(self, as_of: str, *clauses: str) -> list[tuple[str, str, str]]:
        """Give clause, verdict and status of each finding."""
        return [(f.clause, f.verdict, f.status) for f in self.findings(as_of, *clauses)]

    def students(self, as_of: str, *clauses: str) -> list[tuple[str, tuple[str, ...]]]:
        """Give status and students of each finding."""
        return [(f.status, f.students) for f in self.findings(as_of, *clauses)]

    def people(self, as_of: str, *clauses: str) -> list[tuple[str | None, str]]:
        """Give who answers for each finding, and in which role."""
        return [(f.responsible, f.role) for f in self.findings(as_of, *clauses)]

    def due(self, as_of: str, *clauses: str) -> list[str]:
        """Give the local instant at which each finding was due, without the offset."""
        return [str(f.due_at)[:19] for f in self.findings(as_of, *clauses)]


def _full(time: str) -> str:
    return f"{time}:00" if len(time) == len("2024-01-01T10:00") else time
