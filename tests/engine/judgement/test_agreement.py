"""The rules engine and the plain second judge agree on every dossier under every law."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.judgement.dossier import Dossier, History, Opinion, in_order
from engine.judgement.durable import DurableJudgement
from engine.judgement.law import Law
from engine.judgement.plain import judge_history
from tests.engine.judgement.strategies import dossiers, histories, laws

quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def judged(law: Law, history: History, *, sieve: bool = True) -> list[Opinion]:
    """The engine's opinions by a judge of its own."""
    durable = DurableJudgement(law, sieve=sieve)
    try:
        return in_order(history, durable.judge)
    finally:
        durable.close()


@quick
@given(law=laws(), history=histories())
def test_both_judges_agree(law: Law, history: History) -> None:
    """On random laws and random dossiers states, waivers, severities and conclusions are equal, with all their reasons."""
    assert judged(law, history) == judge_history([law], history)


@quick
@given(law=laws(), history=histories())
def test_the_sieve_changes_nothing(law: Law, history: History) -> None:
    """Findings that can match no rule need not be told to the engine."""
    assert judged(law, history, sieve=False) == judged(law, history)


@quick
@given(law=laws(), given=st.lists(dossiers(), min_size=2, max_size=2))
def test_one_judge_remembers_nothing_of_earlier_dossiers(law: Law, given: list[Dossier]) -> None:
    """A judge that has judged others gives what a new one gives."""
    durable = DurableJudgement(law)
    try:
        found = [durable.judge(dossier, {}) for dossier in given]
    finally:
        durable.close()

    assert found == [judge_history([law], History(dossier.person, (dossier,)))[0] for dossier in given]


@quick
@given(law=laws(), history=histories(), seed=st.integers(0, 99))
def test_order_of_what_is_given_changes_nothing(law: Law, history: History, seed: int) -> None:
    """Findings, acts, waivers, remarks and decisions in another order give the same opinions, from both judges."""
    shuffled = Random(seed)  # an order, no secret
    parts = ("breaches", "deeds", "covers", "remarks", "decisions")
    other = replace(
        history,
        dossiers=tuple(
            replace(dossier, **{name: tuple(shuffled.sample(getattr(dossier, name), len(getattr(dossier, name)))) for name in parts})
            for dossier in history.dossiers
        ),
    )

    assert judged(law, other) == judged(law, history)
    assert judge_history([law], other) == judge_history([law], history)


def test_random_dossiers_meet_every_state_and_conclusion() -> None:
    """The strategies are no empty promise: each state, each conclusion and each kind of reason occurs."""
    met: Counter[str] = Counter()

    @settings(max_examples=600, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(law=laws(), history=histories())
    def count(law: Law, history: History) -> None:
        for opinion in judge_history([law], history):
            met.update(state for _n, state in opinion.states)
            met.update("waiver" for _ in opinion.waivers)
            met.update("changed" for _ in opinion.severities)
            met.update(law.rules[drawn.rule].concludes for drawn in opinion.drawn)
            met.update(kind for drawn in opinion.drawn for kind, _n in drawn.reasons)

    count()

    assert [name for name in OUTCOMES if met[name] < 5] == []


OUTCOMES = (
    "notified", "explained", "disputed", "upheld", "excused", "withdrawn", "remedied", "waiver", "changed", "repetition", "systematic",
    "severity", "exempt", "eligible", "ineligible", "candidate", "finding", "remark", "decision", "conclusion", "totals", "absent",
)  # fmt: skip
