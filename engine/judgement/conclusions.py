"""What the second stage answers: conclusions on a person with their reasons, the life of each finding, faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Json = str | int | None | list[str] | list[dict[str, str]] | dict[str, str]

UPHELD = frozenset({"upheld", "remedied"})
"""States of a finding that somebody upheld; `remedied`: upheld, and put right since."""

WEIGHTLESS = frozenset({"disputed", "excused", "withdrawn"})
"""States in which a finding never counts against a person."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that a conclusion rests on.

    `kind`: finding, remark, decision, conclusion, totals, or absent (there is no such fact). `id`: the finding's, remark's or
    conclusion's id, the id of the decision's event, "" for totals, the condition in words for absent.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion of the bundle's `judgement:` on a person in a study period.

    `rule`: id of the judgement rule; `concludes`: repetition, systematic, severity, exempt, eligible, ineligible or candidate; `period`:
    id of the study period, "" outside of all; `about`: what the facts share (`same`), or the finding whose severity changes; `severity`:
    what a severity rule does, else ""; `findings`: ids of all findings at the end of the chain of reasons, sorted.
    """

    id: str
    rule: str
    title: str
    concludes: str
    person: str
    period: str
    about: tuple[tuple[str, str], ...]
    severity: str
    reasons: tuple[Reason, ...]
    findings: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """Give the conclusion as the object written to `conclusions.jsonl`."""
        return {
            "id": self.id,
            "rule": self.rule,
            "title": self.title,
            "concludes": self.concludes,
            "person": self.person,
            "period": self.period,
            "about": dict(self.about),
            "severity": self.severity,
            "reasons": [{"kind": reason.kind, "id": reason.id} for reason in self.reasons],
            "findings": list(self.findings),
        }

    def order(self) -> tuple[str, str, str, str]:
        """Give the key by which conclusions are sorted in every output."""
        return (self.person, self.period, self.rule, self.id)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did about a finding, in the order of time.

    `what`: notice, remark (issued), resolved (the remark), explanation, dispute, upheld, excused, withdrawn; `at`: microseconds UTC;
    `by`: person id or ""; `event`: number in the log; `own`: a ruling of the person whom the finding names, which has no effect.
    """

    what: str
    at: int
    by: str
    event: int
    own: bool = False
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A case file without a verdict: whose, in which study period (id, "" outside of all), why; never "nothing was found"."""

    person: str
    period: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """Give the fault as it stands in `summary.json`."""
        return {"person": self.person, "period": self.period, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the second stage made of an audit's findings.

    `states`, `severities`, `waivers`: finding id → state, final severity, id of the waiver (event) that covers it; only findings that
    differ from an open one. `acts`: finding id → what people did about it; `unknown`: (id, reason) of events without effect.
    """

    conclusions: tuple[Conclusion, ...]
    states: Mapping[str, str]
    severities: Mapping[str, str]
    waivers: Mapping[str, str]
    acts: Mapping[str, tuple[Act, ...]]
    faults: tuple[Fault, ...]
    unknown: tuple[tuple[str, str], ...]
