"""When the engine loses something or brings its process down, a person's dossiers have no verdict: a fault, never an opinion."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.judge.casefile import JudgeFault
from engine.judge.workers import answers
from engine.judgement.batches import judge_histories
from engine.judgement.dossier import Cover, Deed, Dossier, History
from engine.judgement.durable import DurableJudgement
from engine.judgement.plain import judge, judge_history
from tests.engine.judgement.crashes import killed_batch
from tests.engine.judgement.examples import LAW, breach, dossier

GIVEN = dossier()
HISTORIES = [History(f"t-{n}", (dossier(person=f"t-{n}", obligations=n),)) for n in range(12)]
PLAIN = [judge_history([LAW], history) for history in HISTORIES]


@pytest.fixture
def durable() -> Iterator[DurableJudgement]:
    made = DurableJudgement(LAW, sieve=False)
    yield made
    made.close()


def assert_with(durable: DurableJudgement, change: Callable[[dict[str, Any], Callable[[dict[str, Any]], int]], int]) -> None:
    """Put `change` between the judge and the library."""
    library = durable._engine._rules
    original = library.assert_fact
    library.assert_fact = lambda fact: change(fact, original)


def told() -> int:
    """How many facts the engine is told of the dossier."""
    counted: list[int] = []
    made = DurableJudgement(LAW, sieve=False)
    assert_with(made, lambda fact, send: (counted.append(1), send(fact))[1])
    made.judge(GIVEN, {})
    made.close()
    return len(counted)


FACTS = told()


def refused(durable: DurableJudgement, given: Dossier = GIVEN) -> str:
    with pytest.raises(JudgeFault) as caught:
        durable.judge(given, {})
    assert (caught.value.person, caught.value.period) == ("t-1", "0")
    return str(caught.value)


@pytest.mark.parametrize("number", range(FACTS))
def test_a_lost_fact_is_noticed(durable: DurableJudgement, number: int) -> None:
    """Whichever fact never reaches the engine, the tally misses it."""
    assert_with(durable, lambda fact, send: 0 if fact["_q"] == number else send(fact))

    refused(durable)


def test_a_finding_that_comes_to_no_state_is_noticed(durable: DurableJudgement) -> None:
    """All facts are seen, but one finding's life has turned into something that no rule knows."""
    assert_with(durable, lambda fact, send: send({**fact, "last": "?"} if fact["kind"] == "life" and fact["n"] == 2 else fact))

    assert "finding 2 came to no state" in refused(durable)


def test_a_judge_goes_on_after_a_fault(durable: DurableJudgement) -> None:
    """A fault leaves nothing behind: the next dossier is judged as by a new judge."""
    original = durable._engine._rules.assert_fact
    assert_with(durable, lambda fact, send: 0 if fact["_q"] == 5 else send(fact))
    refused(durable)
    durable._engine._rules.assert_fact = original

    assert durable.judge(GIVEN, {}) == judge(LAW, GIVEN, {})


WRONG = {
    "text for number": dossier(breaches=(breach(day="10"),), deeds=(), covers=()),
    "truth for number": dossier(obligations=True),
    "number for truth": dossier(breaches=(breach(past=0),), deeds=(), covers=()),
    "64 bits": dossier(breaches=(breach(done=2**63),), deeds=(), covers=()),
    "surrogate": dossier(breaches=(breach(class_="\ud800"),), deeds=(), covers=()),
    "twin": dossier(breaches=(breach(), breach()), deeds=(), covers=()),
    "an act on nothing": dossier(breaches=(), covers=()),
    "a waiver of nothing": dossier(breaches=(breach(),), deeds=(), covers=(Cover(9, 1, 1, 1, False),)),
    "no such act": dossier(breaches=(breach(),), deeds=(Deed(0, "forgiven", 1, 1, False),), covers=()),
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG.keys())
def test_values_that_make_no_sense_are_refused_before_the_engine_sees_them(durable: DurableJudgement, given: Dossier) -> None:
    refused(durable, given)
    with pytest.raises(JudgeFault):
        judge(LAW, given, {})


@pytest.mark.parametrize("count", [0, 1, 2])
def test_number_of_workers_changes_nothing(count: int) -> None:
    assert answers((LAW,), HISTORIES, workers=count, batch=judge_histories) == PLAIN


@pytest.mark.parametrize("name", ["crash", "kill"])
def test_a_crash_costs_one_person(name: str) -> None:
    """Whoever brings the worker down is named; all others are judged."""
    given = [replace(history, person=f"{name}-{n}") if n == 7 else history for n, history in enumerate(HISTORIES)]

    found = answers((LAW,), given, workers=1, batch=killed_batch)

    assert str(found.pop(7)) == f"{name}-7, 0: the rules engine crashed on this case file"
    assert found == [one for n, one in enumerate(PLAIN) if n != 7]


def test_a_fault_costs_one_person() -> None:
    bad = History("t-bad", (dossier(person="t-bad", obligations="3"),))

    found = answers((LAW,), [bad, *HISTORIES], workers=0, batch=judge_histories)

    assert str(found[0]) == "t-bad, 0: '3' should be int"
    assert found[1:] == PLAIN


def test_dossiers_and_opinions_travel() -> None:
    """All that passes between processes is equal after the journey."""
    assert pickle.loads(pickle.dumps((LAW, HISTORIES, PLAIN))) == (LAW, HISTORIES, PLAIN)  # noqa: S301  # our own bytes
