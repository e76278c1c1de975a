"""The second opinion on dossiers: the same semantics in plain Python, and the readable statement of what a conclusion means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.judgement.dossier import DECISIVE, WEIGHTLESS, Breach, Dossier, Drawn, History, Memory, Opinion, in_order, remembered
from engine.judgement.law import OF_FINDINGS, SHARED, Law, Pattern, Rule, Tie, changed

Value = str | int
Fact = Mapping[str, Value]
_HOLDS: dict[str, Callable[[Value, tuple[Value, ...]], bool]] = {
    "is": lambda value, values: value == values[0],
    "is_not": lambda value, values: value != values[0],
    "one_of": lambda value, values: value in values,
    "at_least": lambda value, values: int(value) >= int(values[0]),
    "at_most": lambda value, values: int(value) <= int(values[0]),
}


@dataclass
class _Desk:
    """One dossier under judgement: what is known so far."""

    law: Law
    dossier: Dossier
    breaches: dict[int, Breach] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)
    waivers: dict[int, int] = field(default_factory=dict)
    severities: dict[int, str] = field(default_factory=dict)
    exempt: set[int] = field(default_factory=set)
    drawn: list[Drawn] = field(default_factory=list)


def judge_history(laws: Sequence[Law], history: History) -> list[Opinion]:
    """Give the opinion on each dossier of a person, in their order."""
    return in_order(history, lambda dossier, memory: judge(laws[dossier.law], dossier, memory))


def judge(law: Law, dossier: Dossier, memory: Memory) -> Opinion:
    """Give the opinion on a dossier: the life of its findings first, then the rules in their order."""
    dossier.check()
    desk = _Desk(law, dossier)
    for breach in sorted(dossier.breaches, key=lambda breach: breach.n):
        _live(desk, breach, memory)
    rules = list(enumerate(law.rules))
    for place, rule in rules:
        if not rule.late:
            _apply(desk, place, rule)
    for n in desk.exempt:
        if desk.states[n] != "withdrawn":
            desk.states[n] = "excused"
    desk.breaches = {n: replace(breach, severity=desk.severities.get(n, breach.severity)) for n, breach in desk.breaches.items()}
    for place, rule in rules:
        if rule.late:
            _apply(desk, place, rule)
    own = {breach.n: breach.severity for breach in dossier.breaches if not breach.past}
    return Opinion(
        tuple((n, state) for n, state in desk.states.items() if n in own and state != "open"),
        tuple(sorted(desk.waivers.items())),
        tuple((n, severity) for n, severity in sorted(desk.severities.items()) if severity != own[n]),
        tuple(desk.drawn),
    )


def _live(desk: _Desk, breach: Breach, memory: Memory) -> None:
    """Say in which state a finding is, and which waiver covers it."""
    n, covered = breach.n, False
    if breach.past:
        desk.states[n], severity, covered = remembered(breach, memory)
        breach = replace(breach, severity=severity)
    else:
        desk.states[n] = _state(breach, desk.dossier)
        covers = [c.waiver for c in desk.dossier.covers if c.breach == n and not c.own and c.starts <= breach.day <= c.ends]
        if covers:
            desk.waivers[n], covered = min(covers), True
    desk.breaches[n] = breach
    if covered:
        desk.covered.add(n)


def _state(breach: Breach, dossier: Dossier) -> str:
    deeds = [deed for deed in dossier.deeds if deed.breach == breach.n and not deed.own]
    said = {deed.what for deed in deeds}
    decisive = max((deed for deed in deeds if deed.what in DECISIVE), key=lambda deed: deed.order, default=None)
    if decisive is None:
        return "explained" if "explanation" in said else "notified" if said & {"notice", "remark", "resolved"} else "open"
    if decisive.what == "dispute":
        return "disputed"
    if decisive.what == "upheld" and ("resolved" in said or breach.done > decisive.at):
        return "remedied"
    return decisive.what


def _apply(desk: _Desk, place: int, rule: Rule) -> None:
    """Draw the conclusions of one rule."""
    if not desk.dossier.person and rule.concludes not in OF_FINDINGS:
        return
    groups: dict[tuple[Value, ...], set[tuple[str, int]]] = {}
    for fact in _facts(desk, rule.subject, place):
        reasons = _reasons(desk, rule, place, fact)
        if reasons is not None:
            groups.setdefault(tuple(fact[name] for name in rule.per), set()).update(reasons)
    for about, grounds in sorted(groups.items()):
        desk.drawn.append(Drawn(place, about, tuple(sorted(grounds))))
        if rule.concludes == "severity":
            n = int(about[0])
            desk.severities[n] = changed(desk.severities.get(n, desk.breaches[n].severity), rule.severity)
        if rule.concludes == "exempt":
            desk.exempt.add(int(about[0]))


def _reasons(desk: _Desk, rule: Rule, place: int, fact: Fact) -> set[tuple[str, int]] | None:
    """What the conclusion on a subject rests on, None where there is none."""
    found = {(rule.subject.kind, int(fact["n"]))}
    if rule.count is not None:
        alike = list(_counted(desk, rule, fact))
        if len(alike) < rule.count.at_least:
            return None
        found |= {("finding", n) for n in alike}
    for at, tie in enumerate(rule.ties):
        others = [other for other in _facts(desk, tie.pattern, place) if _tied(tie, rule.subject.kind, fact, other)]
        if bool(others) == tie.absent:
            return None
        found |= {("absent", at)} if tie.absent else {(tie.pattern.kind, int(other["n"])) for other in others}
    return found


def _counted(desk: _Desk, rule: Rule, fact: Fact) -> Iterable[int]:
    count, day = rule.count, desk.breaches[int(fact["n"])].day
    assert count is not None
    for other in _facts(desk, rule.subject, -1, past=bool(count.within_days)):
        lies = day - count.within_days < desk.breaches[int(other["n"])].day <= day if count.within_days else True
        if lies and all(other[name] == fact[name] for name in count.same):
            yield int(other["n"])


def _tied(tie: Tie, kind: str, fact: Fact, other: Fact) -> bool:
    if tie.pattern.kind == kind and other["n"] == fact["n"]:
        return False
    named = all(_named(one[name]) for name in (*tie.same, *tie.different) for one in (fact, other))
    return named and all(fact[name] == other[name] for name in tie.same) and all(fact[name] != other[name] for name in tie.different)


def _named(value: Value) -> bool:
    return value not in ("", -1)


def _facts(desk: _Desk, pattern: Pattern, place: int, *, past: bool = False) -> list[Fact]:
    """The facts of a pattern; conclusions are those of rules before `place`."""
    dossier = desk.dossier
    found: list[Fact] = []
    if pattern.kind == "finding":
        found = [_finding(desk, breach) for breach in desk.breaches.values() if past or not breach.past]
        found = [fact for fact in found if fact["against"] or not pattern.against]
    elif pattern.kind == "remark":
        found = [
            {"n": r.n, "state": r.state, "days_open": r.days_open, "days_overdue": r.days_overdue, "finding": r.finding, "lesson": r.lesson}
            for r in dossier.remarks
        ]
    elif pattern.kind == "decision":
        found = [{"n": d.n, "kind": d.kind, "measure": d.measure, "finding": d.finding} for d in dossier.decisions]
    elif pattern.kind == "totals":
        found = [{"n": 0, "obligations": dossier.obligations}]
    else:
        found = [_conclusion(desk, n, drawn) for n, drawn in enumerate(desk.drawn) if drawn.rule < place]
    return [fact for fact in found if all(_HOLDS[test.operator](fact[test.field], test.values) for test in pattern.tests)]


def _finding(desk: _Desk, breach: Breach) -> Fact:
    n, state = breach.n, desk.states[breach.n]
    counts = breach.verdict == "violation" and state not in WEIGHTLESS and n not in desk.covered
    return {
        "n": n, "finding": n, "rule": breach.rule, "clause": breach.clause, "verdict": breach.verdict, "status": breach.status,
        "severity": breach.severity, "role": breach.role, "class": breach.class_, "subject": breach.subject, "lesson": breach.lesson,
        "days_late": breach.days_late, "days_ago": breach.days_ago, "state": state, "waived": "yes" if n in desk.covered else "no",
        "against": int(counts),
    }  # fmt: skip


def _conclusion(desk: _Desk, n: int, drawn: Drawn) -> Fact:
    rule = desk.law.rules[drawn.rule]
    fact: dict[str, Value] = defaultdict(str, {"n": n, "concludes": rule.concludes, "judgement": rule.id, "finding": -1})
    fact |= dict.fromkeys((name for name in SHARED["conclusion"] if name != "finding"), "")
    return {**fact, **dict(zip(rule.per, drawn.about, strict=True))}
