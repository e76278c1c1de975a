"""The rules engine and the plain second judge agree on every case file."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.judge.casefile import CaseFile, Ruling
from engine.judge.durable_judge import DurableJudge
from engine.judge.plain_judge import judge
from engine.judge.program import Program
from tests.engine.judge.strategies import case_files, programs

quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def judged(program: Program, file: CaseFile) -> list[Ruling]:
    """The engine's rulings by a judge of its own."""
    durable = DurableJudge(program)
    try:
        return durable.judge(file)
    finally:
        durable.close()


@quick
@given(program=programs(), file=case_files())
def test_both_judges_agree(program: Program, file: CaseFile) -> None:
    """On random bundles and random case files the rulings are equal, with the order of their reasons."""
    assert judged(program, file) == judge(program, file)


@quick
@given(program=programs(), files=st.lists(case_files(), min_size=2, max_size=2))
def test_one_judge_remembers_nothing_of_earlier_case_files(program: Program, files: list[CaseFile]) -> None:
    """A judge that has judged others gives what a new one gives."""
    durable = DurableJudge(program)
    try:
        one_after_another = [durable.judge(file) for file in files]
    finally:
        durable.close()

    assert one_after_another == [judge(program, file) for file in files]


@quick
@given(program=programs(), file=case_files(), seed=st.integers(0, 99))
def test_order_of_what_is_given_changes_nothing(program: Program, file: CaseFile, seed: int) -> None:
    """Units, outages and remarks in another order give the same rulings, from both judges."""
    shuffled = Random(seed)  # an order, no secret
    parts = [shuffled.sample(part, len(part)) for part in (file.units, file.outages, file.remarks)]
    other = CaseFile(file.person, file.period, file.as_of, *map(tuple, parts))

    assert judged(program, other) == judged(program, file)
    assert judge(program, other) == judge(program, file)


@quick
@given(program=programs(), file=case_files())
def test_leaving_out_units_without_a_ruling_changes_no_other(program: Program, file: CaseFile) -> None:
    """What the sieve may drop: a unit that complies, is pending or is ignored has no say in the rulings on others."""
    rulings = judged(program, file)
    ruled = {ruling.n for ruling in rulings}
    sieved = CaseFile(
        file.person, file.period, file.as_of, tuple(unit for unit in file.units if unit.n in ruled), file.outages, file.remarks
    )

    assert judged(program, sieved) == rulings


def test_random_case_files_meet_every_ground() -> None:
    """The strategies are no empty promise: each reason, each verdict and chains of absorption occur."""
    met: Counter[str] = Counter()

    @settings(max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(program=programs(), file=case_files())
    def count(program: Program, file: CaseFile) -> None:
        rulings = judge(program, file)
        absorbed = {ruling.n: ruling.absorbed_by for ruling in rulings if ruling.absorbed_by is not None}
        rule = {unit.n: unit.rule for unit in file.units}
        met.update(reason for ruling in rulings for reason in ruling.reasons)
        met.update(ruling.verdict for ruling in rulings)
        met.update("chain" for n in absorbed if any((rule[n], rule[other]) in program.pairs and other in absorbed for other in absorbed))
        met.update("exact" for unit in file.units if unit.done and unit.done in (unit.limit, unit.opens, unit.former))
        met.update("several outages" for unit in file.units if sum(o.begins <= unit.due <= o.ends for o in file.outages) > 1)

    count()

    assert [name for name in GROUNDS if met[name] < 5] == []


GROUNDS = (
    "early", "missing", "late", "forbidden", "excuse.outage", "unproven.bracket", "unproven.actor", "review.timetable", "review.remark",
    "exempt.remark", "notice.assumed", "absorb", "violation", "notice", "review", "unproven", "excused", "exempt", "chain", "exact",
    "several outages",
)  # fmt: skip
