"""From a bundle's `judgement:` to the law that the judges take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.judgement.law import ADVERSE, OF_FINDINGS, Comparison, Count, Law, Pattern, Rule, Tie
from ingest.wording import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.judgement import Fact, Judgement
    from rules.norm import Strict

_OPERATORS = {"is_": "is", "is_not": "is_not", "one_of": "one_of", "at_least": "at_least", "at_most": "at_most"}
_HARMLESS = ("lower", "minor")


def compiled(rules: Sequence[Judgement]) -> Law:
    """Give the law of a bundle's rules: those that change severities or exempt, and what they rest on, come first, else in their order.

    So every other rule sees the severities that count in the end, wherever a school put its own rules.
    """
    first = _first(rules)
    made = [_rule(rule, late=place not in first) for place, rule in enumerate(rules)]
    return Law.of(tuple(sorted(made, key=lambda rule: rule.late)))


def _first(rules: Sequence[Judgement]) -> set[int]:
    """The places of the rules on single findings, and of all whose conclusions are conditions of one of these."""
    found = {place for place, rule in enumerate(rules) if rule.concludes in OF_FINDINGS}
    for place in reversed(range(len(rules))):
        if place in found:
            facts = (rules[place].when, *rules[place].when.also, *rules[place].when.absent)
            found |= {at for at in range(place) if any(_refers(fact, rules[at]) for fact in facts)}
    return found


def _refers(fact: Fact, rule: Judgement) -> bool:
    """Tell whether a condition can speak of a rule's conclusions."""
    if fact.conclusion is None:
        return False
    named = {"concludes": rule.concludes, "judgement": rule.id}
    tests = [test for test in _tests(fact.conclusion) if test.field in named]
    return all((named[test.field] in test.values) != (test.operator == "is_not") for test in tests)


def _rule(rule: Judgement, *, late: bool) -> Rule:
    adverse = rule.concludes in ADVERSE or (rule.severity is not None and rule.severity not in _HARMLESS)
    when = rule.when
    count = Count(when.count.at_least, when.count.within_days or 0, when.count.same) if when.count else None
    # Whatever speaks against a person must itself count against the person: what is there for an adverse conclusion, what is absent
    # for a favourable one.
    return Rule(
        id=rule.id,
        concludes=rule.concludes,
        subject=_pattern(when, against=adverse),
        severity=rule.severity or "",
        count=count,
        ties=(
            *(Tie(_pattern(other, against=adverse), other.same, other.different) for other in when.also),
            *(Tie(_pattern(other, against=not adverse), other.same, other.different, absent=True) for other in when.absent),
        ),
        late=late,
    )


def _pattern(fact: Fact, *, against: bool) -> Pattern:
    return Pattern(fact.kind, _tests(fact.tests), against and fact.kind == "finding")


def _tests(compared: Strict) -> tuple[Comparison, ...]:
    found = []
    for name, info in type(compared).model_fields.items():
        comparison = getattr(compared, name)
        for key in _OPERATORS if comparison is not None else ():
            value = getattr(comparison, key, None)
            if value is not None:
                found.append(Comparison(info.alias or name, _OPERATORS[key], value if isinstance(value, tuple) else (value,)))
    return tuple(found)


def absence(rule: Judgement, place: int) -> str:
    """Give in words what a rule found to be absent: the tie at `place` of its compiled form."""
    other = rule.when.absent[place - len(rule.when.also)]
    tests = ", ".join(f"{test.field}: {', '.join(map(str, test.values))}" for test in _tests(other.tests))
    return f"{_kinds()[other.kind]} ({tests})" if tests else _kinds()[other.kind]


def _kinds() -> dict[str, str]:
    return {
        "finding": _("нарушение"),
        "remark": _("замечание"),
        "decision": _("решение"),
        "conclusion": _("вывод"),
        "totals": _("итоги"),
    }
