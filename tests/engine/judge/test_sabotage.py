"""When the engine loses, swaps or garbles something, the case file has no verdict: a fault, never a clean bill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.judge.casefile import CaseFile, JudgeFault, Outage
from engine.judge.durable_judge import DurableJudge
from engine.judge.plain_judge import judge as judge_plainly
from engine.judge.program import Program
from tests.engine.judge.examples import file, unit

PROGRAM = Program.of({"a": ["b"]})
GIVEN = file(unit(), unit(rule="b"), unit(done=40, low=40), outages=(Outage(1, 2, 3),))
FACTS = 1 + 2 * 3 + 1 + 2 + 1
"""An outage, three units each joined and weighed, a pair, two findings of one act, and the close."""


@pytest.fixture
def durable() -> Iterator[DurableJudge]:
    made = DurableJudge(PROGRAM)
    yield made
    made.close()


def assert_with(durable: DurableJudge, change: Callable[[dict[str, Any], Callable[[dict[str, Any]], int]], int]) -> None:
    """Put `change` between the judge and the library."""
    library = durable._engine._rules
    original = library.assert_fact
    library.assert_fact = lambda fact: change(fact, original)


def refused(durable: DurableJudge, given: CaseFile = GIVEN) -> str:
    with pytest.raises(JudgeFault) as caught:
        durable.judge(given)
    assert (caught.value.person, caught.value.period) == ("t-1", "Q1")
    return str(caught.value)


@pytest.mark.parametrize("number", range(FACTS))
def test_a_lost_fact_is_noticed(durable: DurableJudge, number: int) -> None:
    """Whichever fact never reaches the engine, the tally misses it."""
    assert_with(durable, lambda fact, send: 0 if fact["_q"] == number else send(fact))

    refused(durable)


@pytest.mark.parametrize("number", range(1, FACTS))
def test_a_swapped_fact_is_noticed(durable: DurableJudge, number: int) -> None:
    """A copy of the fact before in the place of another is refused or missed by the tally."""
    sent: list[dict[str, Any]] = []

    def swap(fact: dict[str, Any], send: Callable[[dict[str, Any]], int]) -> int:
        sent.append(fact)
        return send({**sent[number - 1], "id": fact["id"]} if fact["_q"] == number else fact)

    assert_with(durable, swap)

    refused(durable)


def test_a_unit_that_no_ground_decides_is_noticed(durable: DurableJudge) -> None:
    """All facts are seen, but one unit's has turned into something that no rule knows."""
    assert_with(durable, lambda fact, send: send({**fact, "kind": "other"} if fact["kind"] == "weighed" and fact["n"] == 2 else fact))

    assert "1 units were not decided" in refused(durable)


def test_an_exception_in_an_action_is_a_fault(durable: DurableJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library swallows what actions raise; the judge does not."""

    def broken(self: dict[int, Any], key: int, value: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(durable._engine, "_seen", type("Broken", (set,), {"add": broken})())

    assert "action failed" in refused(durable)


def test_a_judge_goes_on_after_a_fault(durable: DurableJudge) -> None:
    """A fault leaves nothing behind: the next case file is judged as by a new judge."""
    library = durable._engine._rules
    original = library.assert_fact
    assert_with(durable, lambda fact, send: 0 if fact["_q"] == 5 else send(fact))
    refused(durable)
    library.assert_fact = original

    assert durable.judge(GIVEN) == judge_plainly(PROGRAM, GIVEN)


@pytest.mark.parametrize(
    "given",
    [
        file(unit(limit="50")),
        file(unit(ban=0)),
        file(unit(lesson=True)),
        file(unit(late="fine")),
        file(unit(limit=2**63)),
        file(unit(done=1.5)),
        file(unit(status="\ud800")),
        file(unit(), as_of=None),  # type: ignore[arg-type]
        file(unit(), outages=(Outage(1, 2, None),)),  # type: ignore[arg-type]
        CaseFile("t-1", "Q1", 9, (unit(), unit(rule="b"))),
    ],
    ids=[
        "text for number",
        "number for truth",
        "truth for number",
        "no verdict",
        "64 bits",
        "fraction",
        "surrogate",
        "no as_of",
        "no end",
        "twin",
    ],
)
def test_values_of_a_wrong_type_are_refused_before_the_engine_sees_them(durable: DurableJudge, given: CaseFile) -> None:
    """The engine would compare 1 with "1" as it happens to lie in memory; both judges refuse instead."""
    refused(durable, given)
    with pytest.raises(JudgeFault):
        judge_plainly(PROGRAM, given)
