"""The judge on durable-rules: the only module that imports it, with every precaution the library needs.

Facts only, one live session, own ids 0, 1, 2 …, whole numbers and texts only, derived facts asserted outside actions, a `close` fact last,
and a tally that proves that the engine saw every fact. Context (outages, remarks, pairs) is asserted before the units, so that "no outage
covers it" is decided when the unit comes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import durable_rules_engine as core
from durable import engine

from engine.judge.casefile import STRENGTH, CaseFile, JudgeFault, Ruling, Unit
from engine.judge.program import Program, resolved, shared_acts

Pattern = dict[str, Any]
Patterns = list[Pattern]
Fact = dict[str, int | str]
_SESSION = "c"
_KEY = re.compile(r"^[a-z_]+$")


class _QuietHost(engine.Host):  # type: ignore[misc]  # the library is untyped
    """A host without the library's dispatch and timer threads."""

    def _run(self) -> None:
        pass


def _both(*parts: Pattern) -> Pattern:
    return {"$and": list(parts)}


def _unit(*parts: Pattern) -> Pattern:
    return _both({"kind": "unit"}, *parts)


def _own(operator: str, left: str, right: str) -> Pattern:
    """A comparison of two fields of the same fact."""
    return {operator: {left: {"$m": right}}}


_UNDONE = [{"ban": 0}, {"done": 0}, _own("$lte", "limit", "as_of"), {"$neq": {"missing": "ignore"}}]
_LATE = [{"ban": 0}, {"$gt": {"done": 0}}, _own("$gte", "done", "limit"), {"$neq": {"late": "ignore"}}]
_OPEN = [{"ban": 0}, {"$gt": {"done": 0}}, _own("$lt", "done", "limit"), {"$gt": {"opens": 0}}, {"$neq": {"early": "ignore"}}]
_BAN = [{"ban": 1}, _own("$gte", "done", "limit"), {"$neq": {"late": "ignore"}}]
_BROKEN = [*_BAN, _own("$gte", "low", "limit")]
_COVERS = [{"kind": "outage"}, {"$lte": {"begins": {"u": "due"}}}, {"$gte": {"ends": {"u": "due"}}}]
_OPEN_REMARK = [{"kind": "remark"}, {"person": {"u": "person"}}, {"$lte": {"issued": {"u": "done"}}}, {"$gte": {"until": {"u": "done"}}}]
_ANY_STUDENT = {"$or": [{"student": {"u": "student"}}, {"student": -1}]}
_EXACT = [*_OPEN_REMARK, {"$gte": {"lesson": 0}}, {"lesson": {"u": "lesson"}}]
_LOOSE = [*_OPEN_REMARK, {"lesson": -1}]

_Answer = tuple[str, str, str, tuple[str, ...]]
"""How a rule answers: verdict (a field of the unit after "=", else the text), status (likewise), due (a field of the unit, or "moved"),
reasons."""


def _grounds() -> Iterator[tuple[str, Patterns, _Answer]]:
    """Every ground of a verdict: name, patterns, answer. The conditions exclude each other, so at most one applies to a unit."""
    covered, free = {"o": _both(*_COVERS)}, {"o$not": _both(*_COVERS)}
    yield "early", [{"u": _unit(*_OPEN, _own("$lt", "done", "opens"))}], ("=early", "early", "opens", ("early",))
    crossing = [_own("$gte", "done", "opens"), _own("$lt", "low", "opens")]
    yield "early.unproven", [{"u": _unit(*_OPEN, *crossing)}], ("unproven", "early", "opens", ("unproven.bracket",))
    yield "missing", [{"u": _unit(*_UNDONE)}, free], ("=missing", "missing", "due", ("missing",))
    later = {"$gt": {"moved": {"u": "as_of"}}}
    yield "missing.excused", [{"u": _unit(*_UNDONE)}, {"o": _both(*_COVERS, later)}], ("excused", "missing", "moved", ("excuse.outage",))
    over = {"$lte": {"moved": {"u": "as_of"}}}
    yield "missing.moved", [{"u": _unit(*_UNDONE)}, {"o": _both(*_COVERS, over)}], ("=missing", "missing", "moved", ("excuse.outage", "missing"))
    late = {"u": _unit(*_LATE)}
    in_time = {"$gt": {"moved": {"u": "done"}}}
    yield "late.excused", [late, {"o": _both(*_COVERS, in_time)}], ("excused", "=status", "moved", ("excuse.outage",))
    after = {"$lte": {"moved": {"u": "done"}}}
    straddles = _both(*_COVERS, after, {"$gt": {"moved": {"u": "low"}}})
    yield "late.moved.unproven", [late, {"o": straddles}], ("unproven", "=status", "moved", ("excuse.outage", "unproven.bracket"))
    certain = _both(*_COVERS, after, {"$lte": {"moved": {"u": "low"}}})
    yield "late.moved", [late, {"o": certain}], ("=late", "=status", "moved", ("excuse.outage", "late"))
    bracketed = _unit(*_LATE, _own("$lt", "low", "limit"))
    yield "late.unproven", [{"u": bracketed}, free], ("unproven", "=status", "due", ("unproven.bracket",))
    sure = [*_LATE, _own("$gte", "low", "limit")]
    yield "late.retimed", [{"u": _unit(*sure, _own("$lt", "done", "former"))}, free], ("review", "=status", "due", ("review.timetable",))
    yield "late", [{"u": _unit(*sure, _own("$gte", "done", "former"))}, free], ("=late", "=status", "due", ("late",))
    yield "ban.unproven", [{"u": _unit(*_BAN, _own("$lt", "low", "limit"))}], ("unproven", "=status", "due", ("unproven.bracket",))
    yield "ban", [{"u": _unit(*_BROKEN, {"edit": 0})}], ("=late", "=status", "due", ("forbidden",))
    edit = {"u": _unit(*_BROKEN, {"edit": 1})}
    named = {"r": _both(*_EXACT, {"student": {"u": "student"}})}
    whole = {"r": _both(*_EXACT, {"student": -1})}
    no_named, no_whole = {"x$not": named["r"]}, {"y$not": whole["r"]}
    yield "edit.exempt", [edit, named], ("exempt", "=status", "due", ("exempt.remark",))
    yield "edit.exempt.lesson", [edit, whole], ("exempt", "=status", "due", ("exempt.remark",))
    yield "edit.review", [edit, {"r": _both(*_LOOSE)}, no_named, no_whole], ("review", "=status", "due", ("review.remark",))
    no_loose = {"z$not": _both(*_LOOSE)}
    unknown = {"u": _unit(*_BROKEN, {"edit": 1}, {"actor_known": 0})}
    yield "edit.unknown", [unknown, no_named, no_whole, no_loose], ("unproven", "=status", "due", ("unproven.actor",))
    known = {"u": _unit(*_BROKEN, {"edit": 1}, {"actor_known": 1})}
    yield "edit", [known, no_named, no_whole, no_loose], ("=late", "=status", "due", ("forbidden",))


class DurableJudge:
    """One compiled program; `judge` may be called any number of times, `close` releases the engine's memory."""

    def __init__(self, program: Program) -> None:
        """Compile the grounds of verdicts, the lowering of assumed terms and the absorption into a ruleset."""
        self._program = program
        self._found: dict[int, Ruling] = {}
        self._absorbed: dict[int, set[int]] = {}
        self._seen: set[int] = set()
        self._queue: deque[Fact] = deque()
        rules: dict[str, Pattern] = {name: {"all": patterns, "run": self._verdict(answer)} for name, patterns, answer in _grounds()}
        assumed = _both({"kind": "found"}, {"assumed": 1}, {"verdict": "violation"})
        rules["notice.assumed"] = {"all": [{"f": assumed}], "run": self._lower}
        pair = _both({"kind": "pair"}, {"winner": {"w": "rule"}})
        loser = _both({"kind": "stands"}, {"act": {"w": "act"}}, {"rule": {"p": "loser"}}, {"$lte": {"strength": {"w": "strength"}}})
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
            try:
                self._rules.delete_state(_SESSION)
            except core.error:
                pass  # nothing was asserted, so there is nothing to delete
        if self._seen != set(range(sent)):
            raise JudgeFault(f"{file.person}, {file.period}: the engine saw {len(self._seen)} of {sent} facts")
        return resolved(file, self._found, self._absorbed)

    def _facts(self, file: CaseFile) -> Iterator[Fact]:
        """Context, then units, then the findings that share an act, then `close`; each step is generated when the one before is done."""
        yield from ({"kind": "pair", "winner": winner, "loser": loser} for winner, loser in self._program.pairs)
        yield from ({"kind": "outage", "begins": o.begins, "ends": o.ends, "moved": o.moved} for o in file.outages)
        for r in file.remarks:
            yield {"kind": "remark", "person": r.person, "lesson": r.lesson, "student": r.student, "issued": r.issued, "until": r.until}
        for unit in file.units:
            yield _fact(unit, file.as_of)
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
            offset = self._rules.assert_fact({**fact, "id": str(number), "sid": _SESSION, "_q": number})
        except (engine.MessageNotHandledException, engine.MessageObservedException, core.error, UnicodeError) as fault:
            raise JudgeFault(f"{where} was refused: {type(fault).__name__}") from fault
        finished: list[tuple[object, Mapping[str, object] | None]] = []
        self._rules.do_actions(offset, lambda error, state: finished.append((error, state)))
        if not finished or finished[0][0] or "exception" in (finished[0][1] or {}):
            raise JudgeFault(f"{where}: an action failed: {finished}")

    # ---- actions: each has exactly one parameter, two would mean "asynchronous" to the library --------------------------------------

    def _verdict(self, answer: _Answer) -> Callable[[Any], None]:
        verdict, status, due, reasons = answer

        def run(c: Any) -> None:
            unit = c.u
            moment = c.o.moved if due == "moved" else unit[due]
            said = unit[verdict[1:]] if verdict.startswith("=") else verdict
            called = unit[status[1:]] if status.startswith("=") else status
            self._found[unit.n] = Ruling(unit.n, said, called, moment, reasons)
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


def _fact(unit: Unit, as_of: int) -> Fact:
    fact: Fact = {"kind": "unit", "as_of": as_of}
    for name in unit.__slots__:
        value = getattr(unit, name)
        fact[name] = int(value) if isinstance(value, bool) else value
    return fact
