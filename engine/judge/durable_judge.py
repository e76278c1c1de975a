"""The judge on durable-rules: the only module that imports it, with every precaution the library needs.

Facts only, one live session, own ids 0, 1, 2 …, whole numbers and texts only, derived facts asserted outside actions, a `close` fact last,
and a tally that proves that the engine saw every fact. Context (outages, remarks) is asserted before the units; what joins it to a unit is
asserted with the unit when it is weighed, so that no rule needs an absence. Every unit must be decided by exactly one ground.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import durable_rules_engine as core
from durable import engine

from engine.judge import absorption
from engine.judge.casefile import CaseFile, JudgeFault, Ruling, Unit
from engine.judge.grounds import ABSORPTION, ASSUMED, GUARD, Ground, Pattern, Tie, grounds, ties
from engine.judge.program import Program

Fact = Mapping[str, int | str]
Rule = tuple[Sequence[Mapping[str, Pattern]], Callable[[Mapping[str, Fact]], None]]
_SESSION = "c"
_RESERVED = frozenset({"id", "sid", "_q", GUARD})


class _QuietHost(engine.Host):  # type: ignore[misc]  # the library is untyped
    """A host without the library's dispatch and timer threads."""

    def _run(self) -> None:
        pass


class Engine:
    """A typed face of the library: one ruleset, one session, and proof of what was delivered.

    `rules`: name → patterns by alias, and what to do with the facts that matched them, by alias.
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._seen: set[int] = set()
        self._sent = 0
        compiled: dict[str, object] = {
            name: {"all": list(patterns), "run": self._action(patterns, act)} for name, (patterns, act) in rules.items()
        }
        compiled["~tally"] = {"all": [{"m": {"$ex": {"_q": 1}}}], "run": lambda c: self._seen.add(c.m["_q"]), "pri": 1000}
        self._rules = engine.Ruleset("judge", _QuietHost(), compiled)

    @staticmethod
    def _action(patterns: Sequence[Mapping[str, Pattern]], act: Callable[[Mapping[str, Fact]], None]) -> Callable[[Any], None]:
        aliases = [alias for pattern in patterns for alias in pattern]

        # Exactly one parameter: with two the library would wait for an answer that never comes.
        def run(c: Any) -> None:
            act({alias: getattr(c, alias) for alias in aliases})

        return run

    def tell(self, fact: Fact) -> None:
        """Assert one fact and run what follows from it; raises JudgeFault when the engine refuses it or an action fails."""
        number = self._sent
        if "kind" not in fact or _RESERVED & fact.keys() or not all(map(str.isidentifier, fact)):
            raise JudgeFault(f"fact {number} has no kind, or a key that is reserved or no identifier")
        self._sent += 1
        try:
            offset = self._rules.assert_fact({**fact, "id": str(number), "sid": _SESSION, "_q": number, GUARD: 0})
        except (engine.MessageNotHandledException, engine.MessageObservedException, core.error, ValueError) as fault:
            raise JudgeFault(f"fact {number} was refused: {type(fault).__name__}") from fault
        finished: list[tuple[object, Mapping[str, object] | None]] = []
        self._rules.do_actions(offset, lambda error, state: finished.append((error, state)))
        if len(finished) != 1 or finished[0][0] or "exception" in (finished[0][1] or {}):
            raise JudgeFault(f"an action failed after fact {number}: {finished}")

    def prove(self) -> None:
        """Raise JudgeFault unless every fact that was told was seen."""
        if self._seen != set(range(self._sent)):
            raise JudgeFault(f"the engine saw {len(self._seen)} of {self._sent} facts")

    def forget(self) -> None:
        """Drop all facts, so that the next case file starts from nothing."""
        self._seen.clear()
        self._sent = 0
        # An error says that nothing was asserted, so that there is nothing to delete.
        with suppress(core.error):
            self._rules.delete_state(_SESSION)

    def release(self) -> None:
        """Give the compiled rules' memory back; the engine is of no use afterwards."""
        core.delete_ruleset(self._rules._handle)  # noqa: SLF001  # the library has no public way


class DurableJudge:
    """One compiled program; `judge` may be called any number of times, `close` releases the engine's memory."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._queue: deque[Fact] = deque()
        self._units: dict[int, Unit] = {}
        self._decided: set[int] = set()
        self._found: dict[int, Ruling] = {}
        self._says: dict[str, int] = {}
        self._absorbed: dict[int, set[int]] = {}
        rules: dict[str, Rule] = {tie.name: ([{"x": tie.context}, {"u": tie.unit}], self._tied(tie)) for tie in ties()}
        rules |= {f"ground.{ground.name}": ([{"u": ground.pattern}], self._decides(ground)) for ground in grounds()}
        rules["notice.assumed"] = ([{"f": ASSUMED}], self._lowers)
        rules["absorb"] = (ABSORPTION, self._absorbs)
        self._engine = Engine(rules)

    def close(self) -> None:
        """Release the compiled rules."""
        self._engine.release()

    def judge(self, file: CaseFile) -> list[Ruling]:
        """Give the rulings on a case file in the order of `n`; raises JudgeFault when the engine did not see or finish everything."""
        file.check()
        self._units = {unit.n: unit for unit in sorted(file.units, key=lambda unit: unit.n)}
        self._decided, self._found, self._absorbed = set(), {}, {}
        self._queue.clear()
        try:
            groups = self._reason(file)
        except JudgeFault as fault:
            raise JudgeFault(fault.reason, file.person, file.period) from fault
        finally:
            self._engine.forget()
        return absorption.resolved(self._units, self._found, groups.values(), self._absorbed)

    def _reason(self, file: CaseFile) -> absorption.Groups:
        self._tell_all(_context(file))
        for unit in self._units.values():
            self._weigh(unit, file)
        groups = absorption.groups(self._program, self._units, self._found)
        self._tell_all(absorption.facts(self._program, groups))
        self._tell_all([{"kind": "close"}])
        self._engine.prove()
        if self._decided != self._units.keys():
            raise JudgeFault(f"{len(self._units.keys() - self._decided)} units were not decided")
        return groups

    def _tell_all(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            self._queue.append(fact)
            while self._queue:
                self._engine.tell(self._queue.popleft())

    def _weigh(self, unit: Unit, file: CaseFile) -> None:
        """Let the context say what it has to say of the unit, then have it decided."""
        self._says = {"moved": 0, "covered": 0, "answers": 0, "hinted": 0}
        if (file.outages and not unit.ban) or (file.remarks and unit.ban and unit.edit):
            self._tell_all([{"kind": "unit", **_fields(unit, _JOINED)}])
        self._tell_all([{"kind": "weighed", "as_of": file.as_of, **_fields(unit, _WEIGHED), **self._says}])

    # ---- what the rules do -----------------------------------------------------------------------------------------------------------

    def _tied(self, tie: Tie) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            if tie.says != "moved":
                self._says[tie.says] = 1
                return
            moved = int(facts["x"]["moved"])
            self._says["moved"] = max(moved, self._says["moved"]) if self._says["covered"] else moved
            self._says["covered"] = 1

        return act

    def _decides(self, ground: Ground) -> Callable[[Mapping[str, Fact]], None]:
        def act(facts: Mapping[str, Fact]) -> None:
            n, moved = int(facts["u"]["n"]), int(facts["u"]["moved"])
            if n in self._decided:
                raise JudgeFault(f"unit {n} was decided twice")
            self._decided.add(n)
            if not ground.verdict:
                return
            unit = self._units[n]
            due = moved if ground.due == "moved" else getattr(unit, ground.due)
            self._found[n] = Ruling(n, _named(ground.verdict, unit), _named(ground.status, unit), due, ground.reasons)
            if unit.assumed:
                self._queue.append({"kind": "found", "n": n, "assumed": 1, "verdict": self._found[n].verdict})

        return act

    def _lowers(self, facts: Mapping[str, Fact]) -> None:
        ruling = self._found[int(facts["f"]["n"])]
        self._found[ruling.n] = replace(ruling, verdict="notice", reasons=(*ruling.reasons, "notice.assumed"))

    def _absorbs(self, facts: Mapping[str, Fact]) -> None:
        self._absorbed.setdefault(int(facts["l"]["n"]), set()).add(int(facts["w"]["n"]))


_JOINED = ("ban", "edit", "due", "done", "person", "lesson", "student")
_WEIGHED = ("n", "ban", "opens", "limit", "former", "done", "low", "late", "missing", "early", "actor_known", "edit")


def _fields(unit: Unit, names: Iterable[str]) -> dict[str, int | str]:
    values = {name: getattr(unit, name) for name in names}
    # True would be equal to 1 and to "true" in the engine.
    return {name: int(value) if value is True or value is False else value for name, value in values.items()}


def _named(answer: str, unit: Unit) -> str:
    return str(getattr(unit, answer[1:])) if answer.startswith("=") else answer


def _context(file: CaseFile) -> Iterable[Fact]:
    for o in file.outages:
        yield {"kind": "outage", "begins": o.begins, "ends": o.ends, "moved": o.moved}
    for r in file.remarks:
        yield {"kind": "remark", "person": r.person, "lesson": r.lesson, "student": r.student, "issued": r.issued, "until": r.until}
