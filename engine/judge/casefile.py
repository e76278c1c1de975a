"""What a judge is given and what it answers: whole numbers and texts only, so that any worker process can carry them.

Instants are microseconds since 1970-01-01 UTC, 0 = none; ids are codes, -1 = none.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

LARGEST = 2**63 - 1


class JudgeFault(RuntimeError):
    """A case file has no verdict; never to be read as "nothing was found"."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One instance of an obligation or (`ban`) a prohibition.

    `act`: the same number is the same act or cell; `opens`: first allowed instant; `limit`: first instant that is too late (0: a plain
    ban); `due`: the one to show; `former`: the limit by the timetable known then; the record was made in [low, done]; `late`, `missing`,
    `early`: the verdict to give, or ignore; `status`: what a breach by an act is called; `assumed`: a violation is only a notice.
    """

    n: int
    rule: str
    ban: bool
    act: int
    opens: int
    limit: int
    due: int
    former: int
    done: int
    low: int
    late: str
    missing: str
    early: str
    status: str
    lesson: int
    student: int
    person: int
    actor_known: bool
    edit: bool
    assumed: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """A registered outage: a term that it covers (begins ≤ due ≤ ends) moves to `moved`."""

    begins: int
    ends: int
    moved: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark to a person that is open from `issued` to `until`; lesson -1: none is named, student -1: any."""

    person: int
    lesson: int
    student: int
    issued: int
    until: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All candidates of one person in one period, with the context they are judged in; outages do not overlap."""

    person: str
    period: str
    as_of: int
    units: tuple[Unit, ...]
    outages: tuple[Outage, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def check(self) -> None:
        """Raise JudgeFault unless every value is of its type and fits: the engine would compare wrong ones silently."""
        items: list[Unit | Outage | Remark] = [*self.units, *self.outages, *self.remarks]
        for item in items:
            for value in astuple(item):
                if type(value) is str:
                    continue
                if type(value) not in (int, bool) or abs(value) > LARGEST:
                    raise JudgeFault(f"{self.person}, {self.period}: {value!r} is no text and no 63-bit whole number")
        ordered = sorted(self.outages, key=lambda outage: outage.begins)
        if any(later.begins <= earlier.ends for earlier, later in zip(ordered, ordered[1:], strict=False)):
            raise JudgeFault(f"{self.person}, {self.period}: outages overlap")


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer on one unit that has one: a finding (violation, notice, review, unproven), or excused or exempt.

    `due` is the term that counted, `reasons` the grounds in order, `absorbed` the units whose finding this one speaks for, `absorbed_by`
    the unit that speaks for this one.
    """

    n: int
    verdict: str
    status: str
    due: int
    reasons: tuple[str, ...]
    absorbed: tuple[int, ...] = ()
    absorbed_by: int | None = None


STRENGTH = {"violation": 3, "review": 2, "notice": 1, "unproven": 0}
"""A finding is absorbed only by one at least as strong."""
