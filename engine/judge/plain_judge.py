"""The second opinion: the judge's semantics in plain Python, against which the rules engine is tested on every run.

It shares no step of the reasoning with the engine's judge, and is the readable statement of what a verdict means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.judge.casefile import STRENGTH, CaseFile, Ruling, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.judge.casefile import Outage, Remark
    from engine.judge.program import Program


def judge(program: Program, file: CaseFile) -> list[Ruling]:
    """Give the rulings on a case file in the order of `n`; units that comply, are pending or are ignored have none."""
    file.check()
    found: dict[int, Ruling] = {}
    for unit in sorted(file.units, key=lambda unit: unit.n):
        ruling = _ban(unit, file.remarks) if unit.ban else _obligation(unit, file)
        if ruling is not None:
            found[unit.n] = _lowered(unit, ruling)
    return _absorbed(program, file, found)


def _lowered(unit: Unit, ruling: Ruling) -> Ruling:
    """A violation of a term that the school assumed is only a notice."""
    if unit.assumed and ruling.verdict == "violation":
        return replace(ruling, verdict="notice", reasons=(*ruling.reasons, "notice.assumed"))
    return ruling


def _obligation(unit: Unit, file: CaseFile) -> Ruling | None:
    if unit.done == 0:
        return _undone(unit, file)
    if 0 < unit.done < unit.limit:
        return _early(unit)
    if unit.done >= unit.limit > 0:
        return _late(unit, file)
    return None


def _early(unit: Unit) -> Ruling | None:
    if unit.opens <= 0 or unit.early == "ignore":
        return None
    if unit.done < unit.opens:
        return Ruling(unit.n, unit.early, "early", unit.opens, ("early",))
    if unit.low < unit.opens:
        return Ruling(unit.n, "unproven", "early", unit.opens, ("unproven.bracket",))
    return None


def _undone(unit: Unit, file: CaseFile) -> Ruling | None:
    if unit.limit > file.as_of or unit.missing == "ignore":
        return None
    moved = _moved(unit, file.outages)
    if moved is not None and moved > file.as_of:
        return Ruling(unit.n, "excused", "missing", moved, ("excuse.outage",))
    if moved is not None:
        return Ruling(unit.n, unit.missing, "missing", moved, ("excuse.outage", "missing"))
    return Ruling(unit.n, unit.missing, "missing", unit.due, ("missing",))


def _late(unit: Unit, file: CaseFile) -> Ruling | None:
    if unit.late == "ignore":
        return None
    moved = _moved(unit, file.outages)
    if moved is not None:
        if unit.done < moved:
            return Ruling(unit.n, "excused", unit.status, moved, ("excuse.outage",))
        if unit.low < moved:
            return Ruling(unit.n, "unproven", unit.status, moved, ("excuse.outage", "unproven.bracket"))
        return Ruling(unit.n, unit.late, unit.status, moved, ("excuse.outage", "late"))
    if unit.low < unit.limit:
        return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.bracket",))
    if unit.former > 0 and unit.done < unit.former:
        return Ruling(unit.n, "review", unit.status, unit.due, ("review.timetable",))
    return Ruling(unit.n, unit.late, unit.status, unit.due, ("late",))


def _moved(unit: Unit, outages: Iterable[Outage]) -> int | None:
    """The term to which outages move the unit's, the latest of several; None when none covers it."""
    return max((outage.moved for outage in outages if outage.begins <= unit.due <= outage.ends), default=None)


def _ban(unit: Unit, remarks: Iterable[Remark]) -> Ruling | None:
    if unit.limit > 0 and unit.done < unit.limit:
        return None
    if unit.late == "ignore":
        return None
    if unit.limit > 0 and unit.low < unit.limit:
        return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.bracket",))
    if unit.edit:
        lessons = {remark.lesson for remark in remarks if _asks_for(remark, unit)}
        if unit.lesson in lessons - {-1}:
            return Ruling(unit.n, "exempt", unit.status, unit.due, ("exempt.remark",))
        if -1 in lessons:
            return Ruling(unit.n, "review", unit.status, unit.due, ("review.remark",))
        if not unit.actor_known:
            return Ruling(unit.n, "unproven", unit.status, unit.due, ("unproven.actor",))
    return Ruling(unit.n, unit.late, unit.status, unit.due, ("forbidden",))


def _asks_for(remark: Remark, unit: Unit) -> bool:
    """Tell whether the remark was open to this person for this student when the edit was made; the lesson is not looked at."""
    return remark.person == unit.person and remark.issued <= unit.done <= remark.until and remark.student in (unit.student, -1)


def _absorbed(program: Program, file: CaseFile, found: dict[int, Ruling]) -> list[Ruling]:
    """Write absorption in: within one act, a finding is silenced by one at least as strong whose rule speaks for its rule."""
    units = {unit.n: unit for unit in file.units}
    pairs = set(program.pairs)
    acts: dict[int, list[Ruling]] = {}
    for ruling in found.values():
        if ruling.verdict in STRENGTH:
            acts.setdefault(units[ruling.n].act, []).append(ruling)
    spoken_for: dict[int, int] = {}
    for act in acts.values():
        absorbers = {
            loser.n: [
                winner.n
                for winner in act
                if (units[winner.n].rule, units[loser.n].rule) in pairs and STRENGTH[winner.verdict] >= STRENGTH[loser.verdict]
            ]
            for loser in act
        }
        for loser, winners in absorbers.items():
            free = [n for n in winners if not absorbers[n]]
            if free:
                spoken_for[loser] = min(free, key=lambda n: (units[n].rule, n))
    silenced: dict[int, list[int]] = {}
    for loser, winner in sorted(spoken_for.items()):
        silenced.setdefault(winner, []).append(loser)
    for n, losers in silenced.items():
        found[n] = replace(found[n], reasons=(*found[n].reasons, "absorb"), absorbed=tuple(losers))
    return [replace(ruling, absorbed_by=spoken_for.get(n)) for n, ruling in sorted(found.items())]
