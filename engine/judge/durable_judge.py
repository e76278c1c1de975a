"""The judge on durable-rules: the only module that imports it, with every precaution the library needs.

Facts only, one live session, own ids 0, 1, 2 …, whole numbers and texts only, derived facts asserted outside actions, a `close` fact last,
and a tally that proves that the engine saw every fact. Context (outages, remarks) is asserted before the units; what joins it to a unit is
asserted with the unit when it is weighed, so that no rule needs an absence.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import durable_rules_engine as core
from durable import engine

from engine.judge.casefile import STRENGTH, CaseFile, JudgeFault, Ruling, Unit
from engine.judge.program import Program, resolved, shared_acts

Pattern = dict[str, Any]
Fact = dict[str, int | str]
_SESSION = "c"
_KEY = re.compile(r"^[a-z_]+$")


class _QuietHost(engine.Host):  # type: ignore[misc]  # the library is untyped
    """A host without the library's dispatch and timer threads."""

    def _run(self) -> None:
        pass


def _all(*parts: Pattern) -> Pattern:
    return {"$and": list(parts)}


def _joined(alias: str, *parts: Pattern) -> Pattern:
    """All of `parts`, some of which compare with the fact `alias`.

    The last such comparison of an `$and` must never be false: the library then steps over the end of its own list of comparisons
    (`reduceExpressionSequence` in 2.0.28 advances once too often) and reads foreign memory. So one that always holds stands last.
    """
    return {"$and": [*parts, {"$lte": {"_zero": {alias: "_q"}}}]}


def _own(operator: str, left: str, right: str) -> Pattern:
    """A comparison of two fields of the same fact."""
    return {operator: {left: {"$m": right}}}


_UNDONE: list[Pattern] = [{"ban": 0}, {"done": 0}, _own("$lte", "limit", "as_of"), {"$neq": {"missing": "ignore"}}]
_LATE: list[Pattern] = [{"ban": 0}, {"$gt": {"done": 0}}, _own("$gte", "done", "limit"), {"$neq": {"late": "ignore"}}]
_OPEN: list[Pattern] = [
    {"ban": 0},
    {"$gt": {"done": 0}},
    _own("$lt", "done", "limit"),
    {"$gt": {"opens": 0}},
    {"$neq": {"early": "ignore"}},
]
_BAN: list[Pattern] = [{"ban": 1}, _own("$gte", "done", "limit"), {"$neq": {"late": "ignore"}}]
_BROKEN: list[Pattern] = [*_BAN, _own("$gte", "low", "limit")]
_COVERED: Pattern
_FREE: Pattern
_COVERED, _FREE = {"$gt": {"moved": 0}}, {"moved": 0}

_Answer = tuple[str, str, str, tuple[str, ...]]
"""How a ground answers: verdict (a field of the unit after "=", else the text), status (likewise), due (a field of the unit), reasons."""


def _grounds() -> Iterator[tuple[str, list[Pattern], _Answer]]:
    """Every ground of a verdict: name, conditions on one weighed unit, answer. They exclude each other: at most one applies to a unit."""
    yield "early", [*_OPEN, _own("$lt", "done", "opens")], ("=early", "early", "opens", ("early",))
    crossing = [_own("$gte", "done", "opens"), _own("$lt", "low", "opens")]
    yield "early.unproven", [*_OPEN, *crossing], ("unproven", "early", "opens", ("unproven.bracket",))
    yield "missing", [*_UNDONE, _FREE], ("=missing", "missing", "due", ("missing",))
    yield "missing.excused", [*_UNDONE, _COVERED, _own("$gt", "moved", "as_of")], ("excused", "missing", "moved", ("excuse.outage",))
    over = _own("$lte", "moved", "as_of")
    yield "missing.moved", [*_UNDONE, _COVERED, over], ("=missing", "missing", "moved", ("excuse.outage", "missing"))
    yield "late.excused", [*_LATE, _COVERED, _own("$gt", "moved", "done")], ("excused", "=status", "moved", ("excuse.outage",))
    after = [*_LATE, _COVERED, _own("$lte", "moved", "done")]
    straddling = _own("$gt", "moved", "low")
    yield "late.moved.unproven", [*after, straddling], ("unproven", "=status", "moved", ("excuse.outage", "unproven.bracket"))
    yield "late.moved", [*after, _own("$lte", "moved", "low")], ("=late", "=status", "moved", ("excuse.outage", "late"))
    free = [*_LATE, _FREE]
    yield "late.unproven", [*free, _own("$lt", "low", "limit")], ("unproven", "=status", "due", ("unproven.bracket",))
    sure = [*free, _own("$gte", "low", "limit")]
    yield "late.retimed", [*sure, _own("$lt", "done", "former")], ("review", "=status", "due", ("review.timetable",))
    yield "late", [*sure, _own("$gte", "done", "former")], ("=late", "=status", "due", ("late",))
    yield "ban.unproven", [*_BAN, _own("$lt", "low", "limit")], ("unproven", "=status", "due", ("unproven.bracket",))
    yield "ban", [*_BROKEN, {"edit": 0}], ("=late", "=status", "due", ("forbidden",))
    edit = [*_BROKEN, {"edit": 1}]
    yield "edit.exempt", [*edit, {"answers": 1}], ("exempt", "=status", "due", ("exempt.remark",))
    yield "edit.review", [*edit, {"answers": 0}, {"hinted": 1}], ("review", "=status", "due", ("review.remark",))
    plain = [*edit, {"answers": 0}, {"hinted": 0}]
    yield "edit.unknown", [*plain, {"actor_known": 0}], ("unproven", "=status", "due", ("unproven.actor",))
    yield "edit", [*plain, {"actor_known": 1}], ("=late", "=status", "due", ("forbidden",))


def _joins() -> Iterator[tuple[str, list[Pattern], str]]:
    """What ties a unit to its context: name, patterns on outage or remark `x` and unit `u`, what it says of the unit."""
    covered = _joined("x", {"kind": "unit"}, {"ban": 0}, {"$gte": {"due": {"x": "begins"}}}, {"$lte": {"due": {"x": "ends"}}})
    yield "outage", [{"x": {"kind": "outage"}}, {"u": covered}], "moved"
    meant: list[Pattern] = [
        {"kind": "unit"}, {"edit": 1}, {"person": {"x": "person"}}, {"$gte": {"done": {"x": "issued"}}}, {"$lte": {"done": {"x": "until"}}},
    ]  # fmt: skip
    lesson = {"lesson": {"x": "lesson"}}
    named = ({"kind": "remark"}, {"$gte": {"lesson": 0}})
    yield (
        "remark",
        [{"x": _all(*named, {"$gte": {"student": 0}})}, {"u": _joined("x", *meant, lesson, {"student": {"x": "student"}})}],
        "answers",
    )
    yield "remark.lesson", [{"x": _all(*named, {"student": -1})}, {"u": _joined("x", *meant, lesson)}], "answers"
    yield "remark.loose", [{"x": _all({"kind": "remark"}, {"lesson": -1})}, {"u": _joined("x", *meant)}], "hinted"


class DurableJudge:
    """One compiled program; `judge` may be called any number of times, `close` releases the engine's memory."""

    def __init__(self, program: Program) -> None:
        """Compile the grounds of verdicts, the lowering of assumed terms and the absorption into a ruleset."""
        self._program = program
        self._found: dict[int, Ruling] = {}
        self._absorbed: dict[int, set[int]] = {}
        self._seen: set[int] = set()
        self._queue: deque[Fact] = deque()
        self._context: dict[str, int] = {}
        rules: dict[str, Pattern] = {name: {"all": patterns, "run": self._tie(says)} for name, patterns, says in _joins()}
        for name, conditions, answer in _grounds():
            rules[f"verdict.{name}"] = {"all": [{"u": _all({"kind": "weighed"}, *conditions)}], "run": self._verdict(answer)}
        assumed = _all({"kind": "found"}, {"assumed": 1}, {"verdict": "violation"})
        rules["notice.assumed"] = {"all": [{"f": assumed}], "run": self._lower}
        pair = _joined("w", {"kind": "pair"}, {"winner": {"w": "rule"}})
        loser = _joined("w", {"kind": "stands"}, {"act": {"w": "act"}}, {"rule": {"p": "loser"}}, {"$lte": {"strength": {"w": "strength"}}})
        rules["absorb"] = {"all": [{"w": {"kind": "stands"}}, {"p": pair}, {"l": loser}], "run": self._absorb}
        rules["~tally"] = {"all": [{"m": {"$ex": {"_q": 1}}}], "run": self._tally, "pri": 1000}
        self._rules = engine.Ruleset("judge", _QuietHost(), rules)

    def close(self) -> None:
        """Release the compiled rules."""
        core.delete_ruleset(self._rules._handle)  # noqa: SLF001  -- the library has no public way

    def judge(self, file: CaseFile) -> list[Ruling]:
        """Give the rulings on a case file in the order of `n`; raises JudgeFault when the engine did not see or finish everything."""
        file.check()
        self._found, self._absorbed, self._seen, self._queue = {}, {}, set(), deque()
        sent = 0
        try:
            for fact in self._facts(file):
                self._queue.append(fact)
                while self._queue:
                    self._assert(self._queue.popleft(), sent, file)
                    sent += 1
        finally:
            with suppress(core.error):  # nothing was asserted, so there is nothing to delete
                self._rules.delete_state(_SESSION)
        if self._seen != set(range(sent)):
            raise JudgeFault(f"{file.person}, {file.period}: the engine saw {len(self._seen)} of {sent} facts")
        return resolved(file, self._found, self._absorbed)

    def _facts(self, file: CaseFile) -> Iterator[Fact]:
        """Context, then units, then the findings that share an act, then `close`; each step is generated when the one before is done."""
        for winner, loser in self._program.pairs:
            yield {"kind": "pair", "winner": winner, "loser": loser}
        for o in file.outages:
            yield {"kind": "outage", "begins": o.begins, "ends": o.ends, "moved": o.moved}
        for r in file.remarks:
            yield {"kind": "remark", "person": r.person, "lesson": r.lesson, "student": r.student, "issued": r.issued, "until": r.until}
        for unit in file.units:
            self._context = {"moved": 0, "answers": 0, "hinted": 0}
            fact = _fact(unit)
            if file.outages or file.remarks:
                yield {"kind": "unit", **{name: fact[name] for name in _JOINED}}
            # What the joins said of the unit is asserted with it, outside their actions.
            yield {"kind": "weighed", "as_of": file.as_of, **fact, **self._context}
        units = {unit.n: unit for unit in file.units}
        for ruling in shared_acts(file, self._found, self._program):
            unit = units[ruling.n]
            yield {"kind": "stands", "n": ruling.n, "rule": unit.rule, "act": unit.act, "strength": STRENGTH[ruling.verdict]}
        yield {"kind": "close"}

    def _assert(self, fact: Fact, number: int, file: CaseFile) -> None:
        where = f"{file.person}, {file.period}: fact {number}"
        if not all(map(_KEY.match, fact)):
            raise JudgeFault(f"{where} has a key that is no plain name")
        try:
            offset = self._rules.assert_fact({**fact, "id": str(number), "sid": _SESSION, "_q": number, "_zero": 0})
        except (engine.MessageNotHandledException, engine.MessageObservedException, core.error, UnicodeError) as fault:
            raise JudgeFault(f"{where} was refused: {type(fault).__name__}") from fault
        finished: list[tuple[object, Mapping[str, object] | None]] = []
        self._rules.do_actions(offset, lambda error, state: finished.append((error, state)))
        if not finished or finished[0][0] or "exception" in (finished[0][1] or {}):
            raise JudgeFault(f"{where}: an action failed: {finished}")

    # ---- actions: each has exactly one parameter, two would mean "asynchronous" to the library --------------------------------------

    def _tie(self, says: str) -> Callable[[Any], None]:
        def run(c: Any) -> None:
            self._context[says] = c.x.moved if says == "moved" else 1

        return run

    def _verdict(self, answer: _Answer) -> Callable[[Any], None]:
        verdict, status, due, reasons = answer

        def run(c: Any) -> None:
            unit = c.u
            said = unit[verdict[1:]] if verdict.startswith("=") else verdict
            called = unit[status[1:]] if status.startswith("=") else status
            self._found[unit.n] = Ruling(unit.n, said, called, unit[due], reasons)
            if unit.assumed:
                self._queue.append({"kind": "found", "n": unit.n, "assumed": 1, "verdict": said})

        return run

    def _lower(self, c: Any) -> None:
        ruling = self._found[c.f.n]
        self._found[c.f.n] = Ruling(ruling.n, "notice", ruling.status, ruling.due, (*ruling.reasons, "notice.assumed"))

    def _absorb(self, c: Any) -> None:
        self._absorbed.setdefault(c.l.n, set()).add(c.w.n)

    def _tally(self, c: Any) -> None:
        self._seen.add(c.m._q)  # noqa: SLF001  -- a field of the fact


_JOINED = ("n", "ban", "due", "edit", "person", "lesson", "student", "done")


def _fact(unit: Unit) -> Fact:
    fact: Fact = {}
    for name in unit.__slots__:
        value = getattr(unit, name)
        fact[name] = int(value) if isinstance(value, bool) else value
    return fact
