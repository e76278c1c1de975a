"""The rules engine and the plain second judge agree on every case file."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.judge.casefile import CaseFile, Outage, Remark, Unit
from engine.judge.durable_judge import DurableJudge
from engine.judge.plain_judge import judge
from engine.judge.program import Program

RULES = ("a", "b", "c", "d")
instants = st.integers(1, 12)
maybe = st.one_of(st.just(0), instants)
answers = st.sampled_from(["violation", "notice", "review", "ignore"])


@st.composite
def units(draw: st.DrawFn, n: int) -> Unit:
    done = draw(maybe)
    ban = draw(st.booleans())
    limit = draw(maybe if ban else instants)
    low = draw(st.integers(1, done)) if done else 0
    return Unit(
        n=n, rule=draw(st.sampled_from(RULES)), ban=ban, act=draw(st.integers(-2, 3)), opens=draw(maybe), limit=limit, due=limit,
        former=draw(maybe), done=done, low=low, late=draw(answers), missing=draw(answers), early=draw(answers),
        status=draw(st.sampled_from(["late", "forbidden"])), lesson=draw(st.integers(-1, 1)), student=draw(st.integers(-1, 1)),
        person=draw(st.integers(0, 1)), actor_known=draw(st.booleans()), edit=draw(st.booleans()), assumed=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def case_files(draw: st.DrawFn) -> CaseFile:
    size = draw(st.integers(0, 8))
    cuts = sorted(draw(st.sets(st.integers(1, 12), max_size=4)))
    outages = tuple(Outage(begins, ends, draw(st.integers(ends, 14))) for begins, ends in zip(cuts[::2], cuts[1::2], strict=False))
    remarks = draw(st.lists(st.builds(Remark, st.integers(0, 1), st.integers(-1, 1), st.integers(-1, 1), instants, instants), max_size=3))
    return CaseFile("t-1", "Q1", draw(instants), tuple(draw(units(n)) for n in range(size)), outages, tuple(remarks))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    # Only earlier letters absorb later ones, so that no rule absorbs itself.
    pairs = draw(st.sets(st.tuples(st.sampled_from(RULES), st.sampled_from(RULES)).filter(lambda pair: pair[0] < pair[1]), max_size=4))
    return Program.of({rule: [loser for winner, loser in pairs if winner == rule] for rule in RULES})


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(program=programs(), file=case_files())
def test_both_judges_agree(program: Program, file: CaseFile) -> None:
    """On random bundles and random case files the rulings are equal, with their reasons."""
    engine = DurableJudge(program)
    try:
        rulings = engine.judge(file)
    finally:
        engine.close()

    assert rulings == judge(program, file)
