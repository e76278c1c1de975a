"""The judge's reasoning as patterns of durable-rules; values only, the library itself is used in `durable_judge`.

The kinds of facts: `outage` and `remark` (context), `unit` (what a unit joins with its context), `weighed` (a unit with what the context
says of it), `found` (a finding under an assumed term), `pair` (winner and loser rule), `stands` (findings of one rule, act and strength).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Pattern = Mapping[str, object]

GUARD = "zero"
"""A field that is 0 in every fact; see `joined`."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One way in which a weighed unit is decided; exactly one ground applies to every unit.

    `verdict` and `status` name a field of the unit after "=", else they are the text; no verdict: no ruling. `due` is a field of the unit,
    or `moved`.
    """

    name: str
    conditions: Sequence[Pattern]
    verdict: str = ""
    status: str = "=status"
    due: str = "due"
    reasons: tuple[str, ...] = ()

    @property
    def pattern(self) -> Pattern:
        """The pattern on the weighed unit."""
        return every({"kind": "weighed"}, *self.conditions)


@dataclass(frozen=True, slots=True)
class Tie:
    """A join of one fact of the context, `x`, with a unit, `u`; `says` is the field of the weighed unit that it fills."""

    name: str
    context: Pattern
    unit: Pattern
    says: str


def every(*parts: Pattern) -> Pattern:
    """Give the pattern that all of `parts` hold."""
    return {"$and": list(parts)}


def joined(alias: str, *parts: Pattern) -> Pattern:
    """Give the pattern that all of `parts` hold, some of which compare with the fact `alias`.

    The last such comparison must never be false: after a false one the library steps past the end of its list of comparisons and reads
    foreign memory (release 2.0.28, `reduceExpressionSequence`). So one that always holds stands last.
    """
    return every(*parts, {"$lte": {GUARD: {alias: "_q"}}})


def _own(operator: str, left: str, right: str) -> Pattern:
    """A comparison of two fields of the same fact."""
    return {operator: {left: {"$m": right}}}


def _above(field: str, value: int = 0) -> Pattern:
    return {"$gt": {field: value}}


def _not(field: str, value: str) -> Pattern:
    return {"$neq": {field: value}}


def grounds() -> Iterator[Ground]:
    """Give the grounds on obligations and on bans."""
    yield from _in_time()
    yield from _undone()
    yield from _late()
    yield from _ban()


def _in_time() -> Iterator[Ground]:
    owed: list[Pattern] = [{"ban": 0}]
    # Records and terms before 1970 are no instants that the log can hold: nothing is said of them.
    yield Ground("no_instant", [*owed, {"$lt": {"done": 0}}])
    yield Ground("no_term", [*owed, _above("done"), {"$lte": {"limit": 0}}])
    in_time = [*owed, _above("done"), _own("$lt", "done", "limit")]
    yield Ground("complies.unopened", [*in_time, {"$lte": {"opens": 0}}])
    yield Ground("complies.any_time", [*in_time, _above("opens"), {"early": "ignore"}])
    opened = [*in_time, _above("opens"), _not("early", "ignore")]
    yield Ground("early", [*opened, _own("$lt", "done", "opens")], "=early", "early", "opens", ("early",))
    after = [*opened, _own("$gte", "done", "opens")]
    yield Ground("early.unproven", [*after, _own("$lt", "low", "opens")], "unproven", "early", "opens", ("unproven.bracket",))
    yield Ground("complies", [*after, _own("$gte", "low", "opens")])


def _undone() -> Iterator[Ground]:
    undone: list[Pattern] = [{"ban": 0}, {"done": 0}]
    yield Ground("pending", [*undone, _own("$gt", "limit", "as_of")])
    due = [*undone, _own("$lte", "limit", "as_of")]
    yield Ground("missing.ignored", [*due, {"missing": "ignore"}])
    owed = [*due, _not("missing", "ignore")]
    free, moved = [*owed, {"covered": 0}], [*owed, {"covered": 1}]
    yield Ground("missing", free, "=missing", "missing", "due", ("missing",))
    yield Ground("missing.excused", [*moved, _own("$gt", "moved", "as_of")], "excused", "missing", "moved", ("excuse.outage",))
    over = [*moved, _own("$lte", "moved", "as_of")]
    yield Ground("missing.moved", over, "=missing", "missing", "moved", ("excuse.outage", "missing"))


def _late() -> Iterator[Ground]:
    late: list[Pattern] = [{"ban": 0}, _above("done"), _above("limit"), _own("$gte", "done", "limit")]
    yield Ground("late.ignored", [*late, {"late": "ignore"}])
    moved = [*late, _not("late", "ignore"), {"covered": 1}]
    yield Ground("late.excused", [*moved, _own("$gt", "moved", "done")], "excused", due="moved", reasons=("excuse.outage",))
    over = [*moved, _own("$lte", "moved", "done")]
    crossing = ("excuse.outage", "unproven.bracket")
    yield Ground("late.moved.unproven", [*over, _own("$gt", "moved", "low")], "unproven", due="moved", reasons=crossing)
    yield Ground("late.moved", [*over, _own("$lte", "moved", "low")], "=late", due="moved", reasons=("excuse.outage", "late"))
    free = [*late, _not("late", "ignore"), {"covered": 0}]
    yield Ground("late.unproven", [*free, _own("$lt", "low", "limit")], "unproven", reasons=("unproven.bracket",))
    sure = [*free, _own("$gte", "low", "limit")]
    yield Ground("late.retimed", [*sure, _own("$lt", "done", "former")], "review", reasons=("review.timetable",))
    yield Ground("late", [*sure, _own("$gte", "done", "former")], "=late", reasons=("late",))


def _ban() -> Iterator[Ground]:
    window = [{"ban": 1}, _above("limit")]
    outside = [*window, _own("$gte", "done", "limit")]
    yield Ground("ban.complies", [*window, _own("$lt", "done", "limit")])
    yield Ground("ban.ignored", [*outside, {"late": "ignore"}])
    certain = [*outside, _not("late", "ignore")]
    yield Ground("ban.unproven", [*certain, _own("$lt", "low", "limit")], "unproven", reasons=("unproven.bracket",))
    yield from _broken("ban", [*certain, _own("$gte", "low", "limit")])
    plain: list[Pattern] = [{"ban": 1}, {"$lte": {"limit": 0}}]
    yield Ground("plain_ban.ignored", [*plain, {"late": "ignore"}])
    yield from _broken("plain_ban", [*plain, _not("late", "ignore")])


def _broken(name: str, broken: Sequence[Pattern]) -> Iterator[Ground]:
    yield Ground(name, [*broken, {"edit": 0}], "=late", reasons=("forbidden",))
    edit = [*broken, {"edit": 1}]
    yield Ground(f"{name}.edit.exempt", [*edit, {"answers": 1}], "exempt", reasons=("exempt.remark",))
    yield Ground(f"{name}.edit.review", [*edit, {"answers": 0}, {"hinted": 1}], "review", reasons=("review.remark",))
    alone = [*edit, {"answers": 0}, {"hinted": 0}]
    yield Ground(f"{name}.edit.unknown", [*alone, {"actor_known": 0}], "unproven", reasons=("unproven.actor",))
    yield Ground(f"{name}.edit", [*alone, {"actor_known": 1}], "=late", reasons=("forbidden",))


def ties() -> Iterator[Tie]:
    """Give the joins of units with outages and remarks; which remark means any student or no lesson is told apart by rules of their own."""
    inside: list[Pattern] = [{"$gte": {"due": {"x": "begins"}}}, {"$lte": {"due": {"x": "ends"}}}]
    yield Tie("outage", {"kind": "outage"}, joined("x", {"kind": "unit"}, {"ban": 0}, *inside), "moved")
    edit: list[Pattern] = [{"kind": "unit"}, {"ban": 1}, {"edit": 1}, {"person": {"x": "person"}}]
    when: list[Pattern] = [{"$gte": {"done": {"x": "issued"}}}, {"$lte": {"done": {"x": "until"}}}]
    for lesson, says in (("named", "answers"), ("none", "hinted")):
        for student in ("named", "any"):
            context: list[Pattern] = [{"kind": "remark"}]
            context.append(_other("lesson") if lesson == "named" else {"lesson": -1})
            context.append(_other("student") if student == "named" else {"student": -1})
            # Equal fields come first: the library finds joins by a hash of those.
            equal: list[Pattern] = [{"lesson": {"x": "lesson"}}] if lesson == "named" else []
            equal += [{"student": {"x": "student"}}] if student == "named" else []
            yield Tie(f"remark.{lesson}.{student}", every(*context), joined("x", *edit, *equal, *when), says)


def _other(field: str) -> Pattern:
    return {"$neq": {field: -1}}


ASSUMED = every({"kind": "found"}, {"assumed": 1}, {"verdict": "violation"})
"""A violation of a term that the school assumed."""

ABSORPTION: tuple[Mapping[str, Pattern], ...] = (
    {"w": {"kind": "stands"}},
    {"p": joined("w", {"kind": "pair"}, {"winner": {"w": "rule"}})},
    {"l": joined("w", {"kind": "stands"}, {"act": {"w": "act"}}, {"rule": {"p": "loser"}}, {"$lte": {"strength": {"w": "strength"}}})},
)
"""`l` gives no finding of its own, because `w` speaks for it."""
