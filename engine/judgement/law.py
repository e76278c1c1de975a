"""A bundle's `judgement:` as the judges take it: plain values that any worker process can carry.

Rules are taken in their order; each sees the conclusions of those before it. Those that change severities or exempt come first, with what
they rest on (`late` False): they see findings as the norms and the rulings leave them. The others (`late`) see what these made of them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

KINDS = ("finding", "remark", "decision", "conclusion", "totals")
"""The kinds of facts that conditions speak of."""

SHARED: dict[str, tuple[str, ...]] = {
    "finding": ("finding", "rule", "clause", "class", "subject", "lesson", "status", "severity"),
    "remark": ("finding", "lesson"),
    "decision": ("finding",),
    "conclusion": ("finding", "rule", "clause", "class", "subject", "lesson", "status", "severity"),
    "totals": (),
}
"""The fields by which two facts may be the same or different; `finding` is which finding a fact is (or is about)."""

LEVELS = ("minor", "major", "critical")
"""Severities from the least."""

ADVERSE = frozenset({"repetition", "systematic", "ineligible", "candidate"})
"""Conclusions against a person: they never rest on a finding that does not count against the person."""

OF_FINDINGS = frozenset({"severity", "exempt"})
"""Conclusions on single findings."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with constants: `is`, `is_not`, `one_of` (texts), `at_least`, `at_most` (whole numbers)."""

    field: str
    operator: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Facts of a kind for which every test holds; `against`: of findings only those that count against the person."""

    kind: str
    tests: tuple[Comparison, ...] = ()
    against: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """There is another fact (or, `absent`, none) of a pattern that shares the fields `same` with the subject and differs in `different`.

    A fact without a field neither shares it nor differs in it.
    """

    pattern: Pattern
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """At least so many findings of the subject's pattern that share `same` with it lie in the `within_days` days that end with its day.

    0 days: in its study period; a window may reach back into earlier ones.
    """

    at_least: int
    within_days: int = 0
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it concludes for the facts of its subject's pattern; `per` are the fields by which its conclusions are told apart."""

    id: str
    concludes: str
    subject: Pattern
    severity: str = ""
    count: Count | None = None
    ties: tuple[Tie, ...] = ()
    late: bool = True

    @property
    def per(self) -> tuple[str, ...]:
        """One conclusion for each value of these fields: the finding, what is counted by, or (none) one for the dossier."""
        if self.concludes in OF_FINDINGS:
            return ("finding",)
        return self.count.same if self.count else ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """All patterns of the rule."""
        return (self.subject, *(tie.pattern for tie in self.ties))


@dataclass(frozen=True)
class Law:
    """The rules of one version of a policy, in their order."""

    rules: tuple[Rule, ...] = ()
    key: str = field(default="", compare=False)

    @staticmethod
    def of(rules: tuple[Rule, ...]) -> Law:
        """Give the law of these rules, with the key by which a compiled one is known in every process."""
        text = json.dumps([asdict(rule) for rule in rules], ensure_ascii=False)
        return Law(rules, hashlib.sha256(text.encode()).hexdigest())

    def speaks_of(self, kind: str) -> bool:
        """Tell whether any rule looks at facts of a kind."""
        return any(pattern.kind == kind for rule in self.rules for pattern in rule.patterns)


def changed(severity: str, by: str) -> str:
    """Give the severity after `raise` or `lower`, or the one that `by` names."""
    if by in LEVELS:
        return by
    place = LEVELS.index(severity) + (1 if by == "raise" else -1)
    return LEVELS[min(max(place, 0), len(LEVELS) - 1)]
