"""The second stage on durable-rules: one compiled law, with the same precautions as the first (`engine.judge.durable_judge`).

Facts only, whole numbers and texts only, derived facts told outside of actions, no absence asked of the library: what a tie found of a
subject is told with the subject when its rule is weighed. Every finding with deeds must come to exactly one state.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from engine.judge.casefile import JudgeFault
from engine.judge.durable_judge import Engine, Fact, Rule
from engine.judgement import patterns
from engine.judgement.dossier import DECISIVE, WEIGHTLESS, Breach, Dossier, Drawn, Memory, Opinion, field_of, remembered
from engine.judgement.law import OF_FINDINGS, SHARED, Law, Tie, changed
from engine.judgement.law import Rule as Written
from engine.judgement.windows import Alike, alike

_TEXTS = ("rule", "clause", "verdict", "status", "severity", "role", "class", "subject", "lesson")
_NUMBERS = ("days_late", "days_ago")


class DurableJudgement:
    """One compiled law; `judge` may be called any number of times, `close` releases the engine's memory."""

    def __init__(self, law: Law, *, sieve: bool = True) -> None:
        self._law, self._sieve = law, sieve
        self._uses = {kind: law.speaks_of(kind) for kind in SHARED}
        self._rules = [(place, rule, rule.late) for place, rule in enumerate(law.rules)]
        self._engine = Engine(self._compiled())
        self._forget()

    def close(self) -> None:
        """Release the compiled rules."""
        self._engine.release()

    def judge(self, dossier: Dossier, memory: Memory) -> Opinion:
        """Give the opinion on a dossier; raises JudgeFault when the engine did not see or finish everything."""
        dossier.check()
        self._forget()
        try:
            return self._reason(dossier, memory)
        except JudgeFault as fault:
            raise JudgeFault(fault.reason, dossier.person, dossier.period) from fault
        finally:
            self._engine.forget()

    def _forget(self) -> None:
        self._queue: deque[Fact] = deque()
        self._breaches: dict[int, Breach] = {}
        self._states: dict[int, str] = {}
        self._covered: set[int] = set()
        self._waivers: dict[int, int] = {}
        self._severities: dict[int, str] = {}
        self._exempt: set[int] = set()
        self._drawn: list[Drawn] = []
        self._superseded: set[int] = set()
        self._said: list[Fact] = []
        self._alike: dict[int, Alike] = {}
        self._subjects: dict[int, dict[int, Fact]] = defaultdict(dict)
        self._others: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        self._concluded: dict[int, list[int]] = defaultdict(list)

    # ---- rules of the engine -----------------------------------------------------------------------------------------------------

    def _compiled(self) -> dict[str, Rule]:
        rules: dict[str, Rule] = {
            "life.decides": ([{"d": patterns.DECIDES}], self._decides),
            "life.superseded": (patterns.SUPERSEDED, lambda facts: self._superseded.add(int(facts["d"]["order"]))),
            "life.said": ([{"d": patterns.SAID}], lambda facts: self._said.append(facts["d"])),
            "life.covered": ([{"d": patterns.COVERED}], self._covers),
        }
        rules |= {f"life.{name}": ([{"f": pattern}], self._lives(name.split(".")[0])) for name, pattern in patterns.LIFE.items()}
        for place, rule, _late in self._rules:
            rules[f"{place}.subject"] = ([{"x": patterns.subject(rule, place)}], self._is_subject(place))
            for at, tie in enumerate(rule.ties):
                one, other = patterns.tied(rule, place, tie)
                rules[f"{place}.tie.{at}.x"] = ([{"f": one}], self._joins(f"x{place}_{at}", tie))
                rules[f"{place}.tie.{at}.o"] = ([{"f": other}], self._joins(f"o{place}_{at}", tie))
                rules[f"{place}.tie.{at}"] = (patterns.join(rule, place, at, tie), self._is_tied(place, at))
            if rule.ties:
                rules[f"{place}.concluded"] = ([{"w": patterns.concluded(rule, place)}], self._concludes(place))
        return rules

    def _decides(self, facts: Mapping[str, Fact]) -> None:
        self._queue.append({"kind": "decides", "f": facts["d"]["f"], "order": facts["d"]["order"]})

    def _joins(self, kind: str, tie: Tie) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            self._queue.append({"kind": kind, **{name: facts["f"][name] for name in ("n", *tie.same, *tie.different)}})

        return act

    def _covers(self, facts: Mapping[str, Fact]) -> None:
        n, waiver = int(facts["d"]["f"]), int(facts["d"]["waiver"])
        self._covered.add(n)
        self._waivers[n] = min(waiver, self._waivers.get(n, waiver))

    def _lives(self, state: str) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            n = int(facts["f"]["n"])
            if n in self._states:
                raise JudgeFault(f"finding {n} came to two states")
            self._states[n] = state

        return act

    def _is_subject(self, place: int) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            self._subjects[place][int(facts["x"]["n"])] = facts["x"]

        return act

    def _is_tied(self, place: int, at: int) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            self._others[place, at, int(facts["x"]["n"])].add(int(facts["o"]["n"]))

        return act

    def _concludes(self, place: int) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            self._concluded[place].append(int(facts["w"]["n"]))

        return act

    # ---- the course of a dossier -------------------------------------------------------------------------------------------------

    def _reason(self, dossier: Dossier, memory: Memory) -> Opinion:
        own = sorted((breach for breach in dossier.breaches if not breach.past), key=lambda breach: breach.n)
        self._live(dossier, own)
        for breach in dossier.breaches:
            if breach.past:
                self._states[breach.n], severity, covered = remembered(breach, memory)
                self._breaches[breach.n] = replace(breach, severity=severity)
                self._covered |= {breach.n} if covered else set()
        self._tell_context(dossier)
        for late in (False, True):
            rules = [(place, rule) for place, rule, of in self._rules if of is late]
            if rules:
                self._tell_findings(rules, late=late)
            for place, rule in rules:
                if dossier.person or rule.concludes in OF_FINDINGS:
                    self._weigh(place, rule)
            if not late:
                self._take_over()
        self._tell({"kind": "close"})
        self._engine.prove()
        before = {breach.n: breach.severity for breach in own}
        return Opinion(
            tuple((n, self._states[n]) for n in before if self._states[n] != "open"),
            tuple(sorted(self._waivers.items())),
            tuple((n, severity) for n, severity in sorted(self._severities.items()) if severity != before[n]),
            tuple(self._drawn),
        )

    def _live(self, dossier: Dossier, own: list[Breach]) -> None:
        """Have the state of every finding decided; one about which nobody did anything is open."""
        self._breaches |= {breach.n: breach for breach in own}
        for cover in sorted(dossier.covers, key=lambda cover: (cover.breach, cover.waiver, cover.starts, cover.ends, cover.own)):
            day = self._breaches[cover.breach].day
            times = {"day": day, "starts": cover.starts, "ends": cover.ends}
            self._tell({"kind": "cover", "f": cover.breach, "waiver": cover.waiver, "own": int(cover.own), **times})
        for deed in sorted(dossier.deeds, key=lambda deed: deed.order):
            times = {"at": deed.at, "order": deed.order, "own": int(deed.own)}
            self._tell({"kind": "deed", "f": deed.breach, "what": deed.what, **times})
        said: dict[int, list[Fact]] = defaultdict(list)
        for fact in self._said:
            said[int(fact["f"])].append(fact)
        acted = {deed.breach for deed in dossier.deeds}
        for breach in own:
            if breach.n in acted:
                self._tell(self._life(breach, said[breach.n]))
                if breach.n not in self._states:
                    raise JudgeFault(f"finding {breach.n} came to no state")
            else:
                self._states[breach.n] = "open"

    def _life(self, breach: Breach, said: list[Fact]) -> Fact:
        what = {fact["what"] for fact in said}
        last = [f for f in said if f["what"] in DECISIVE and int(f["order"]) not in self._superseded]
        if len(last) > 1:
            raise JudgeFault(f"finding {breach.n} has two last rulings")
        return {
            "kind": "life",
            "n": breach.n,
            "last": last[0]["what"] if last else "none",
            "at": last[0]["at"] if last else 0,
            "done": breach.done,
            "explanation": int("explanation" in what),
            "resolved": int("resolved" in what),
            "told": int(bool(what & {"notice", "remark", "resolved"})),
        }

    def _tell(self, fact: Fact) -> None:
        """Tell a fact, and those that follow from it."""
        self._queue.append(fact)
        while self._queue:
            self._engine.tell(self._queue.popleft())

    def _tell_context(self, dossier: Dossier) -> None:
        if self._uses["remark"]:
            for r in sorted(dossier.remarks, key=lambda r: r.n):
                days = {"days_open": r.days_open, "days_overdue": r.days_overdue}
                self._tell({"kind": "remark", "n": r.n, "state": r.state, **days, "finding": r.finding, "lesson": r.lesson})
        if self._uses["decision"]:
            for d in sorted(dossier.decisions, key=lambda d: d.n):
                self._tell({"kind": "decision", "n": d.n, "which": d.kind, "measure": d.measure, "finding": d.finding})
        if self._uses["totals"]:
            self._tell({"kind": "totals", "n": 0, "obligations": dossier.obligations})

    def _tell_findings(self, rules: list[tuple[int, Written]], *, late: bool) -> None:
        """Tell the findings to the rules of one half of the law; one that can be no subject and no other fact of a tie is left out."""
        if not any(pattern.kind == "finding" for _place, rule in rules for pattern in rule.patterns):
            return
        counting = [(place, rule) for place, rule in rules if rule.count]
        for place, rule in counting:
            self._alike[place] = alike(rule, self._breaches.values(), partial(self._counts, rule))
        whole = not self._sieve or any(self._needs_all(rule) for _place, rule in rules)
        for n, breach in sorted(self._breaches.items()):
            if breach.past:
                continue
            counts = {f"c{place}": len(self._alike[place].get(n, ())) for place, _rule in counting}
            if whole or any(counts[f"c{place}"] >= rule.count.at_least for place, rule in counting if rule.count):
                self._tell({"kind": "judged" if late else "finding", **self._fields(breach), **counts})

    @staticmethod
    def _needs_all(rule: Written) -> bool:
        return (rule.subject.kind == "finding" and not rule.count) or any(tie.pattern.kind == "finding" for tie in rule.ties)

    def _counts(self, rule: Written, breach: Breach) -> bool:
        """Tell whether a finding is one of those that a rule counts."""
        if rule.subject.against and not self._against(breach):
            return False
        for test in rule.subject.tests:
            value = self._states[breach.n] if test.field == "state" else self._value(breach, test.field)
            inside = value in test.values
            held = {"is": inside, "is_not": not inside, "one_of": inside}.get(test.operator)
            if held is None:
                bound = int(test.values[0])
                held = int(value) >= bound if test.operator == "at_least" else int(value) <= bound
            if not held:
                return False
        return True

    def _value(self, breach: Breach, name: str) -> str | int:
        if name == "waived":
            return "yes" if breach.n in self._covered else "no"
        return field_of(breach, name)

    def _against(self, breach: Breach) -> bool:
        return breach.verdict == "violation" and self._states[breach.n] not in WEIGHTLESS and breach.n not in self._covered

    def _fields(self, breach: Breach) -> Fact:
        return {
            "n": breach.n,
            "finding": breach.n,
            **{name: field_of(breach, name) for name in (*_TEXTS, *_NUMBERS)},
            "state": self._states[breach.n],
            "waived": "yes" if breach.n in self._covered else "no",
            "against": int(self._against(breach)),
        }

    def _weigh(self, place: int, rule: Written) -> None:
        """Have one rule decided on each of its subjects, and tell what it concludes to the rules after it."""
        subjects = self._subjects[place]
        if rule.ties:
            for n in sorted(subjects):
                found = {f"t{at}": int((place, at, n) in self._others) for at in range(len(rule.ties))}
                self._tell({"kind": f"w{place}", "n": n, **found})
        groups: dict[tuple[str | int, ...], set[tuple[str, int]]] = defaultdict(set)
        for n in self._concluded[place] if rule.ties else subjects:
            about = tuple(subjects[n][name] for name in rule.per)
            groups[about] |= self._reasons(place, rule, n)
        for about in sorted(groups):
            self._draw(place, rule, about, groups[about])

    def _reasons(self, place: int, rule: Written, n: int) -> set[tuple[str, int]]:
        reasons = {(rule.subject.kind, n)}
        if rule.count:
            reasons |= {("finding", other) for other in self._alike[place][n]}
        for at, tie in enumerate(rule.ties):
            reasons |= {("absent", at)} if tie.absent else {(tie.pattern.kind, other) for other in self._others[place, at, n]}
        return reasons

    def _draw(self, place: int, rule: Written, about: tuple[str | int, ...], reasons: set[tuple[str, int]]) -> None:
        number = len(self._drawn)
        self._drawn.append(Drawn(place, about, tuple(sorted(reasons))))
        if rule.concludes == "severity":
            n = int(about[0])
            self._severities[n] = changed(self._severities.get(n, self._breaches[n].severity), rule.severity)
        if rule.concludes == "exempt":
            self._exempt.add(int(about[0]))
        if self._uses["conclusion"]:
            fields = {"finding": -1, **dict.fromkeys(SHARED["conclusion"][1:], ""), **dict(zip(rule.per, about, strict=True))}
            self._tell({"kind": "conclusion", "n": number, "concludes": rule.concludes, "judgement": rule.id, **fields})

    def _take_over(self) -> None:
        """Let the rules of the second half see what those of the first changed."""
        for n in self._exempt:
            if self._states[n] != "withdrawn":
                self._states[n] = "excused"
        for n, severity in self._severities.items():
            self._breaches[n] = replace(self._breaches[n], severity=severity)
