"""What the second stage is given and what it answers: one dossier per person and study period, whole numbers and texts only.

Instants are microseconds since 1970-01-01 UTC (0 none), days are day numbers, `n` are numbers of facts within their kind and dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

from engine.judge.casefile import LARGEST, JudgeFault

DEEDS = ("notice", "remark", "resolved", "explanation", "dispute", "upheld", "excused", "withdrawn")
DECISIVE = frozenset({"dispute", "upheld", "excused", "withdrawn"})
"""Of these the last one counts: a ruling settles a finding, a dispute opens it again."""

WEIGHTLESS = frozenset({"disputed", "excused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Breach:
    """A finding; `past`: of an earlier study period, only counted, as the dossier of that period left it (`Memory`).

    `done`: the instant of the record, 0 none; "" does not apply.
    """

    n: int
    past: bool
    day: int
    done: int
    rule: str
    clause: str
    verdict: str
    status: str
    severity: str
    role: str
    class_: str
    subject: str
    lesson: str
    days_late: int
    days_ago: int


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did about breach `breach` (see DEEDS), `order` in the log; `own`: a ruling by the person whom the finding names."""

    breach: int
    what: str
    at: int
    order: int
    own: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """A waiver that speaks of breach `breach`, in force on the days from `starts` through `ends`; `own`: approved by its person."""

    breach: int
    waiver: int
    starts: int
    ends: int
    own: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A remark to the person: open, met, late (met after its term) or unmet; `finding`: the breach it is about, -1 none."""

    n: int
    state: str
    days_open: int
    days_overdue: int
    finding: int
    lesson: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on the person; one for each finding it names, `finding` -1 where it names none of this dossier."""

    n: int
    kind: str
    measure: str
    finding: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person in one study period; nobody ("") has findings, of which only single ones are judged. `law`: place of the law in force."""

    person: str
    period: str
    law: int = 0
    breaches: tuple[Breach, ...] = ()
    deeds: tuple[Deed, ...] = ()
    covers: tuple[Cover, ...] = ()
    remarks: tuple[Warned, ...] = ()
    decisions: tuple[Decided, ...] = ()
    obligations: int = 0

    @property
    def size(self) -> int:
        """How much there is to judge."""
        return len(self.breaches) + len(self.deeds) + len(self.covers) + len(self.remarks) + len(self.decisions)

    def check(self) -> None:
        """Raise JudgeFault unless every value is of its type and fits: the engine would compare wrong ones silently."""
        self._values(str, [self.person, self.period])
        self._values(int, [self.obligations])
        for kind, name in _PARTS:
            for wanted, read in _COLUMNS[kind]:
                for item in getattr(self, name):
                    self._values(wanted, read(item))
        for items in (self.breaches, self.remarks, self.decisions):
            if len({item.n for item in items}) != len(items):
                raise JudgeFault("two facts have the same number", self.person, self.period)
        known = {breach.n for breach in self.breaches if not breach.past}
        if not known.issuperset([deed.breach for deed in self.deeds]) or not known.issuperset([cover.breach for cover in self.covers]):
            raise JudgeFault("an act is about no finding of this study period", self.person, self.period)
        if any(deed.what not in DEEDS for deed in self.deeds):
            raise JudgeFault("an act that there is not", self.person, self.period)

    def _values(self, wanted: type, values: Iterable[object]) -> None:
        for value in values:
            if type(value) is not wanted:
                raise JudgeFault(f"{value!r} should be {wanted.__name__}", self.person, self.period)
            if wanted is int and not -LARGEST <= value <= LARGEST:  # type: ignore[operator]  # an int, as just tested
                raise JudgeFault(f"{value!r} is no 63-bit whole number", self.person, self.period)
            if wanted is str and not str(value).isascii():
                self._encodable(str(value))

    def _encodable(self, text: str) -> None:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise JudgeFault("a text holds half of a surrogate pair", self.person, self.period) from None


def _columns(kind: type) -> list[tuple[type, Callable[[object], tuple[object, ...]]]]:
    """The fields of a value class by type, each type with a reader of all its fields at once."""
    found: list[tuple[type, Callable[[object], tuple[object, ...]]]] = []
    for wanted in (int, str, bool):
        names = [item.name for item in fields(kind) if item.type == wanted.__name__]
        if len(names) == 1:
            names *= 2  # of one name an attrgetter gives no tuple
        if names:
            found.append((wanted, attrgetter(*names)))
    return found


_PARTS = ((Breach, "breaches"), (Deed, "deeds"), (Cover, "covers"), (Warned, "remarks"), (Decided, "decisions"))
_COLUMNS = {kind: _columns(kind) for kind, _items in _PARTS}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A conclusion: place of its rule in the law, values of the fields it is told apart by, and what it rests on.

    `reasons`: (kind of fact, its number), sorted; `absent`: the place of the tie that found nothing. A conclusion's number is its place
    among those of the dossier.
    """

    rule: int
    about: tuple[str | int, ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """The answer on a dossier: breach → state (others are open), → waiver, → severity (where it changed), and the conclusions in order."""

    states: tuple[tuple[int, str], ...]
    waivers: tuple[tuple[int, int], ...]
    severities: tuple[tuple[int, str], ...]
    drawn: tuple[Drawn, ...]


Memory = dict[int, tuple[str, str, bool]]
"""What earlier dossiers made of a breach: number → state, severity, whether a waiver covers it."""


@dataclass(frozen=True, slots=True)
class History:
    """All dossiers of one person, in the order of study periods: what a worker is given at once."""

    person: str
    dossiers: tuple[Dossier, ...]

    @property
    def period(self) -> str:
        """The study period, "" for several."""
        return self.dossiers[0].period if len(self.dossiers) == 1 else ""

    @property
    def size(self) -> int:
        """How much there is to judge."""
        return sum(dossier.size for dossier in self.dossiers)


def in_order(history: History, judge: Callable[[Dossier, Memory], Opinion]) -> list[Opinion]:
    """Give the opinion on each dossier, every one judged with what the earlier ones left."""
    memory: Memory = {}
    opinions = []
    for dossier in history.dossiers:
        opinion = judge(dossier, memory)
        opinions.append(opinion)
        states, severities, covered = dict(opinion.states), dict(opinion.severities), dict(opinion.waivers)
        for breach in dossier.breaches:
            if not breach.past:
                n = breach.n
                memory[n] = (states.get(n, "open"), severities.get(n, breach.severity), n in covered)
    return opinions


def remembered(breach: Breach, memory: Memory) -> tuple[str, str, bool]:
    """Give state, severity and whether a waiver covers a breach of an earlier period; an open one where nothing is known."""
    return memory.get(breach.n, ("open", breach.severity, False))


def field_of(breach: Breach, name: str) -> str | int:
    """Give a field of a breach by its name in the language."""
    value: str | int = breach.n if name == "finding" else getattr(breach, "class_" if name == "class" else name)
    return value
