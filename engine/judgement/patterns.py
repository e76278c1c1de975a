"""The second stage's reasoning as patterns of durable-rules; values only, the library itself is used in `engine.judge.durable_judge`.

The kinds of facts: `deed` (an act on a finding), `cover` (a waiver that speaks of one), `life` (a finding with what its deeds say),
`decides` (an act of which the last one counts), `finding` and `judged` (a finding before and after the rules that change severities and
exempt), `remark`, `decision`, `totals`, `conclusion`; for the tie `at` of rule `place` `x0_1` (a subject) and `o0_1` (another fact), and
`w0` (a subject with what all ties of the rule found).

A pattern that joins facts holds nothing but kinds and comparisons between them: with an alternative (`$or`) among these the library
(release 2.0.28) takes pairs for which a comparison is false. So each fact is tested alone first, and told again as one to be joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.judge.grounds import Pattern as Written
from engine.judge.grounds import every, joined
from engine.judgement.dossier import DECISIVE
from engine.judgement.law import Comparison, Pattern, Rule, Tie

_OPERATORS = {"is_not": "$neq", "at_least": "$gte", "at_most": "$lte"}


def tested(test: Comparison) -> Written:
    """Give the pattern of one comparison."""
    field = property_of(test.field)
    if test.operator == "is":
        return {field: test.values[0]}
    if test.operator == "one_of":
        return {field: test.values[0]} if len(test.values) == 1 else {"$or": [{field: value} for value in test.values]}
    return {_OPERATORS[test.operator]: {field: test.values[0]}}


def property_of(field: str) -> str:
    """Give the property of facts that holds a field; `kind` is what every fact is."""
    return "which" if field == "kind" else field


def kind_of(pattern: Pattern, rule: Rule) -> str:
    """Give the kind of the facts of which a rule's pattern speaks."""
    return "judged" if pattern.kind == "finding" and rule.late else pattern.kind


def conditions(pattern: Pattern, rule: Rule) -> Iterator[Written]:
    """Give the conditions of a pattern, its kind first."""
    yield {"kind": kind_of(pattern, rule)}
    if pattern.against:
        yield {"against": 1}
    for test in pattern.tests:
        yield tested(test)


def subject(rule: Rule, place: int) -> Written:
    """Give the pattern of a rule's subject, what is counted for it included."""
    counted = [{"$gte": {f"c{place}": rule.count.at_least}}] if rule.count else []
    return every(*conditions(rule.subject, rule), *counted)


def tied(rule: Rule, place: int, tie: Tie) -> tuple[Written, Written]:
    """Give the patterns of the subjects and of the other facts that a tie can join: those that have the fields it names."""
    named = [{"$neq": {field: -1 if field == "finding" else ""}} for field in (*tie.same, *tie.different)]
    return every(subject(rule, place), *named), every(*conditions(tie.pattern, rule), *named)


def join(rule: Rule, place: int, at: int, tie: Tie) -> list[Mapping[str, Written]]:
    """Give the patterns that join a subject `x` with another fact `o` (`s` would be a name of the library's own)."""
    # Equal fields come first: the library finds joins by a hash of those.
    parts: list[Written] = [{field: {"x": field}} for field in tie.same]
    parts += [{"$neq": {field: {"x": field}}} for field in tie.different]
    if tie.pattern.kind == rule.subject.kind:
        parts.append({"$neq": {"n": {"x": "n"}}})
    return [{"x": every({"kind": f"x{place}_{at}"})}, {"o": joined("x", {"kind": f"o{place}_{at}"}, *parts)}]


def concluded(rule: Rule, place: int) -> Written:
    """Give the pattern of a subject whose ties found what they should."""
    return every({"kind": f"w{place}"}, *({f"t{at}": 0 if tie.absent else 1} for at, tie in enumerate(rule.ties)))


def _one_of(field: str, values: frozenset[str]) -> Written:
    return {"$or": [{field: value} for value in sorted(values)]}


DECIDES: Written = every({"kind": "deed"}, {"own": 0}, _one_of("what", DECISIVE))
"""An act of which the last one counts."""

SUPERSEDED: list[Mapping[str, Written]] = [
    {"d": {"kind": "decides"}},
    {"o": joined("d", {"kind": "decides"}, {"f": {"d": "f"}}, {"$gt": {"order": {"d": "order"}}})},
]
"""`d` no longer counts, because `o` came after it."""

SAID: Written = every({"kind": "deed"}, {"own": 0})
"""An act that has an effect; those of the person whom the finding names have none."""

COVERED: Written = every({"kind": "cover"}, {"own": 0}, {"$gte": {"day": {"$m": "starts"}}}, {"$lte": {"day": {"$m": "ends"}}})
"""A waiver in force on the finding's day."""

LIFE: Mapping[str, Written] = {
    "open": every({"kind": "life"}, {"last": "none"}, {"explanation": 0}, {"told": 0}),
    "notified": every({"kind": "life"}, {"last": "none"}, {"explanation": 0}, {"told": 1}),
    "explained": every({"kind": "life"}, {"last": "none"}, {"explanation": 1}),
    "disputed": every({"kind": "life"}, {"last": "dispute"}),
    "excused": every({"kind": "life"}, {"last": "excused"}),
    "withdrawn": every({"kind": "life"}, {"last": "withdrawn"}),
    "upheld": every({"kind": "life"}, {"last": "upheld"}, {"resolved": 0}, {"$lte": {"done": {"$m": "at"}}}),
    "remedied.resolved": every({"kind": "life"}, {"last": "upheld"}, {"resolved": 1}),
    "remedied.done": every({"kind": "life"}, {"last": "upheld"}, {"resolved": 0}, {"$gt": {"done": {"$m": "at"}}}),
}
"""The states of a finding; exactly one applies to every finding with deeds."""
