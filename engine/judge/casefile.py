"""What a judge is given and what it answers: whole numbers and texts only, so that any worker process can carry them.

Instants are microseconds since 1970-01-01 UTC, 0 = none; ids are codes, -1 = none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

LARGEST = 2**63 - 1
"""The greatest whole number that the engine carries without changing it."""

STRENGTH = {"violation": 3, "review": 2, "notice": 1, "unproven": 0}
"""The verdicts of findings; a finding is absorbed only by one at least as strong."""

ANSWERS = frozenset({"violation", "review", "notice", "ignore"})
"""The verdicts that a unit may ask for; `ignore` gives no finding."""


class JudgeFault(RuntimeError):  # the project's word: an error of the judge, not of the user
    """A case file has no verdict; never to be read as "nothing was found".

    `person` and `period` name the case file; of several, `str` names each.
    """

    def __init__(self, reason: str, person: str = "", period: str = "") -> None:
        super().__init__(reason, person, period)
        self.reason, self.person, self.period = reason, person, period

    def __str__(self) -> str:
        return f"{self.person}, {self.period}: {self.reason}" if self.person or self.period else self.reason


@dataclass(frozen=True, slots=True)
class Unit:
    """One instance of an obligation or (`ban`) a prohibition.

    `act`: the same number is the same act or empty cell; `opens`: first allowed instant; `limit`: first instant that is too late (0: a
    plain ban); `due`: the one to show; `former`: the limit by the timetable known then; the record was made in [low, done];
    `late`, `missing`, `early`: the verdict to give, or ignore; `status`: what a breach by an act is called;
    `assumed`: a violation is only a notice.
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
    """A registered outage: a term that it covers (begins ≤ due ≤ ends) moves to `moved`; of several, to the latest."""

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
    """All candidates of one person in one period, with the context they are judged in; the order within them means nothing."""

    person: str
    period: str
    as_of: int
    units: tuple[Unit, ...]
    outages: tuple[Outage, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def size(self) -> int:
        """How much there is to judge."""
        return len(self.units)

    def check(self) -> None:
        """Raise JudgeFault unless every value is of its type and fits: the engine would compare wrong ones silently."""
        self._check_values(int, [self.as_of])
        self._check_values(str, [self.person, self.period])
        for kind, items in ((Unit, self.units), (Outage, self.outages), (Remark, self.remarks)):
            for wanted, read in _COLUMNS[kind]:
                for item in items:
                    self._check_values(wanted, read(item))
        for unit in self.units:
            if not ANSWERS.issuperset((unit.late, unit.missing, unit.early)):
                raise JudgeFault(f"unit {unit.n} asks for a verdict that there is not", self.person, self.period)
        if len({unit.n for unit in self.units}) != len(self.units):
            raise JudgeFault("two units have the same number", self.person, self.period)

    def _check_values(self, wanted: type, values: Iterable[object]) -> None:
        for value in values:
            if type(value) is not wanted:
                raise JudgeFault(f"{value!r} should be {wanted.__name__}", self.person, self.period)
            if wanted is int and not -LARGEST <= value <= LARGEST:  # type: ignore[operator]  # an int, as just tested
                raise JudgeFault(f"{value!r} is no 63-bit whole number", self.person, self.period)
            if wanted is str and not _encodable(str(value)):
                raise JudgeFault("a text holds half of a surrogate pair", self.person, self.period)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _columns(kind: type) -> list[tuple[type, Callable[[object], tuple[object, ...]]]]:
    """The fields of a value class by type, each type with a reader of all its fields at once."""
    columns: list[tuple[type, Callable[[object], tuple[object, ...]]]] = []
    for wanted in (int, str, bool):
        names = [field.name for field in fields(kind) if field.type == wanted.__name__]
        if len(names) == 1:
            names *= 2  # of one name an attrgetter gives no tuple
        if names:
            columns.append((wanted, attrgetter(*names)))
    return columns


_COLUMNS = {kind: _columns(kind) for kind in (Unit, Outage, Remark)}


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
