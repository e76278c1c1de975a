"""A law that uses every kind of condition, a dossier that meets it, and small logs with findings on which people ruled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.judgement.dossier import Breach, Cover, Decided, Deed, Dossier, Warned
from engine.judgement.law import Comparison, Count, Law, Pattern, Rule, Tie

LATE = Breach(
    n=0, past=False, day=10, done=5, rule="a", clause="1", verdict="violation", status="late", severity="minor", role="teacher",
    class_="8А", subject="алгебра", lesson="L-1", days_late=2, days_ago=3,
)  # fmt: skip
"""A minor violation of rule a on day 10."""

CRITICAL = Pattern("finding", (Comparison("severity", "is", ("critical",)),), against=True)
LAW = Law.of(
    (
        Rule("twice", "repetition", Pattern("finding", (), against=True), count=Count(2, 30, ("rule",)), late=False),
        Rule(
            "graver", "severity", Pattern("finding", (), against=True), severity="critical",
            ties=(Tie(Pattern("conclusion", (Comparison("concludes", "is", ("repetition",)),)), same=("rule",)),), late=False,
        ),
        Rule(
            "candidate", "candidate", CRITICAL,
            ties=(
                Tie(Pattern("remark", (Comparison("state", "one_of", ("unmet", "late")),)), same=("finding",)),
                Tie(Pattern("decision"), same=("finding",), absent=True),
            ),
        ),
        Rule(
            "free", "eligible", Pattern("totals", (Comparison("obligations", "at_least", (1,)),)),
            ties=(Tie(Pattern("conclusion", (Comparison("concludes", "is", ("candidate",)),)), absent=True),),
        ),
    )
)  # fmt: skip
"""Two breaches of a rule make them critical; a critical one whose remark was not met makes a candidate, who is not eligible."""


def breach(**differs: Any) -> Breach:
    return replace(LATE, **differs)


def dossier(**differs: Any) -> Dossier:
    """Two breaches of rule a, one of them upheld, with a remark that was not met, and another one that was excused and waived."""
    given = Dossier(
        "t-1",
        "0",
        breaches=(breach(), breach(n=1, day=20), breach(n=2, rule="b")),
        deeds=(
            Deed(0, "notice", 6, 1, False), Deed(0, "upheld", 7, 2, False), Deed(2, "upheld", 7, 3, False), Deed(2, "excused", 8, 4, False),
        ),
        covers=(Cover(2, 5, 1, 12, False),),
        remarks=(Warned(0, "unmet", 9, 4, 0, "L-1"),),
        decisions=(Decided(0, "bonus", "", -1),),
        obligations=3,
    )  # fmt: skip
    return replace(given, **differs)
