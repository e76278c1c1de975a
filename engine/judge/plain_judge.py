"""The second opinion: the judge's semantics in plain Python, against which the rules engine is tested on every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.judge.casefile import STRENGTH, CaseFile, Outage, Remark, Ruling, Unit
from engine.judge.program import Program, resolved, shared_acts

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(program: Program, file: CaseFile) -> list[Ruling]:
    """Give the rulings on a case file in the order of `n`; units that comply, are pending or give no verdict have none."""
    file.check()
    found: dict[int, Ruling] = {}
    for unit in file.units:
        ruling = _ban(unit, file.remarks) if unit.ban else _obligation(unit, file)
        if ruling is not None:
            found[unit.n] = _lowered(unit, ruling)
    units = {unit.n: unit for unit in file.units}
    sharing = shared_acts(file, found, program)
    absorbed: dict[int, set[int]] = {}
    pairs = set(program.pairs)
    for winner in sharing:
        for loser in sharing:
            w, l = units[winner.n], units[loser.n]
            if w.act == l.act and (w.rule, l.rule) in pairs and STRENGTH[winner.verdict] >= STRENGTH[loser.verdict]:
                absorbed.setdefault(loser.n, set()).add(winner.n)
    return resolved(file, found, absorbed)


def _lowered(unit: Unit, ruling: Ruling) -> Ruling:
    if unit.assumed and ruling.verdict == "violation":
        return Ruling(ruling.n, "notice", ruling.status, ruling.due, (*ruling.reasons, "notice.assumed"))
    return ruling


def _obligation(unit: Unit, file: CaseFile) -> Ruling | None:
    if unit.done == 0:
        return _undone(unit, file)
    if unit.done < unit.limit:
        if unit.opens == 0 or unit.early == "ignore" or unit.low >= unit.opens:
            return None
        if unit.done < unit.opens:
            return Ruling(unit.n, unit.early, "early", unit.opens, ("early",))
        return Ruling(unit.n, "unproven", "early", unit.opens, ("unproven.bracket",))
    if unit.late == "ignore":
        return None
    outage = _covering(unit, file.outages)
    if outage is not None:
        if unit.done < outage.moved:
            return Ruling(unit.n, "excused", unit.status, outage.moved, ("excuse.outage",))
        if unit.low < outage.moved:
            return Ruling(unit.n, "unproven", unit.status, outage.moved, ("excuse.outage", "unproven.bracket"))
        return Ruling(unit.n, unit.late, unit.status, outage.moved, ("excuse.outage", "late"))
    if unit.low < unit.limit:
        return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.bracket",))
    if unit.done < unit.former:
        return Ruling(unit.n, "review", unit.status, unit.due, ("review.timetable",))
    return Ruling(unit.n, unit.late, unit.status, unit.due, ("late",))


def _undone(unit: Unit, file: CaseFile) -> Ruling | None:
    if unit.limit > file.as_of or unit.missing == "ignore":
        return None
    outage = _covering(unit, file.outages)
    if outage is None:
        return Ruling(unit.n, unit.missing, "missing", unit.due, ("missing",))
    if outage.moved > file.as_of:
        return Ruling(unit.n, "excused", "missing", outage.moved, ("excuse.outage",))
    return Ruling(unit.n, unit.missing, "missing", outage.moved, ("excuse.outage", "missing"))


def _covering(unit: Unit, outages: Iterable[Outage]) -> Outage | None:
    return next((outage for outage in outages if outage.begins <= unit.due <= outage.ends), None)


def _ban(unit: Unit, remarks: Iterable[Remark]) -> Ruling | None:
    if unit.done < unit.limit or unit.late == "ignore":
        return None
    if unit.low < unit.limit:
        return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.bracket",))
    if unit.edit:
        own = [remark for remark in remarks if remark.person == unit.person and remark.issued <= unit.done <= remark.until]
        if any(remark.lesson == unit.lesson and remark.student in (unit.student, -1) for remark in own if remark.lesson >= 0):
            return Ruling(unit.n, "exempt", unit.status, unit.due, ("exempt.remark",))
        if any(remark.lesson < 0 for remark in own):
            return Ruling(unit.n, "review", unit.status, unit.due, ("review.remark",))
        if not unit.actor_known:
            return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.actor",))
    return Ruling(unit.n, unit.late, unit.status, unit.due, ("forbidden",))
