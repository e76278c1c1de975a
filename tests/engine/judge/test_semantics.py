"""What each ground says, at the exact instants where it begins and ends; both judges are asked."""

from __future__ import annotations

import pytest

from engine.judge.casefile import CaseFile, Outage, Remark, Ruling, Unit
from engine.judge.durable_judge import DurableJudge
from engine.judge.plain_judge import judge
from engine.judge.program import Program
from tests.engine.judge.examples import edit, file, unit

NONE = Program.of({"a": ()})
COVERS = Outage(begins=50, ends=55, moved=70)


def ruling(given: CaseFile, program: Program = NONE) -> list[Ruling]:
    """The rulings, on which both judges agree."""
    durable = DurableJudge(program)
    try:
        rulings = durable.judge(given)
    finally:
        durable.close()
    assert rulings == judge(program, given)
    return rulings


def said(given: CaseFile) -> tuple[str, str, int] | None:
    """Verdict, status and term of the only unit's ruling."""
    return next(((found.verdict, found.status, found.due) for found in ruling(given)), None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (unit(done=49, low=49), None),
        (unit(done=50, low=50), ("violation", "late", 50)),
        (unit(done=50, low=49), ("unproven", "late", 50)),
        (unit(done=70, former=70), ("violation", "late", 50)),
        (unit(done=70, former=71), ("review", "late", 50)),
        (unit(done=70, late="ignore"), None),
        (unit(done=70, assumed=True), ("notice", "late", 50)),
        (unit(done=70, assumed=True, late="review"), ("review", "late", 50)),
        (unit(done=40, low=40, opens=40, early="notice"), None),
        (unit(done=39, low=39, opens=40, early="notice"), ("notice", "early", 40)),
        (unit(done=40, low=39, opens=40, early="notice"), ("unproven", "early", 40)),
        (unit(done=39, low=39, opens=40), None),
        (unit(done=0, low=0, limit=91), None),
        (unit(done=0, low=0, limit=90), ("violation", "missing", 50)),
        (unit(done=0, low=0, missing="ignore"), None),
    ],
)
def test_obligation(given: Unit, expected: tuple[str, str, int] | None) -> None:
    """Terms are half open: the limit itself is too late, the first allowed instant is allowed."""
    assert said(file(given)) == expected


@pytest.mark.parametrize(
    ("given", "outage", "expected"),
    [
        (unit(done=69, low=69), COVERS, ("excused", "late", 70)),
        (unit(done=70, low=70), COVERS, ("violation", "late", 70)),
        (unit(done=71, low=69), COVERS, ("unproven", "late", 70)),
        (unit(done=69, low=69), Outage(51, 55, 70), ("violation", "late", 50)),
        (unit(done=69, low=69), Outage(40, 50, 70), ("excused", "late", 70)),
        (unit(done=0, low=0), COVERS, ("violation", "missing", 70)),
        (unit(done=0, low=0), Outage(50, 50, 91), ("excused", "missing", 91)),
        (unit(done=0, low=0), Outage(50, 50, 90), ("violation", "missing", 90)),
        (unit(done=0, low=0, missing="ignore"), Outage(50, 50, 91), None),
        (unit(done=0, low=0, missing="ignore"), Outage(50, 50, 90), None),
        (edit(edit=False), COVERS, ("violation", "forbidden", 50)),
    ],
)
def test_outage(given: Unit, outage: Outage, expected: tuple[str, str, int] | None) -> None:
    """An outage covers the shown term, both ends included, and moves it; it never moves a ban."""
    assert said(file(given, outages=(outage,))) == expected


def test_latest_of_several_outages_counts() -> None:
    """Overlapping outages excuse as far as the one that moves the term farthest."""
    outages = (Outage(40, 60, 95), Outage(45, 52, 60), COVERS)

    assert said(file(unit(done=80, low=80), outages=outages)) == ("excused", "late", 95)


@pytest.mark.parametrize(
    ("given", "remark", "expected"),
    [
        (edit(), Remark(7, 3, 5, 60, 80), "exempt"),
        (edit(), Remark(7, 3, -1, 60, 80), "exempt"),
        (edit(), Remark(7, 3, 5, 70, 70), "exempt"),
        (edit(), Remark(7, 3, 5, 71, 80), "violation"),
        (edit(), Remark(7, 3, 5, 60, 69), "violation"),
        (edit(), Remark(7, 3, 6, 60, 80), "violation"),
        (edit(), Remark(7, 4, 5, 60, 80), "violation"),
        (edit(), Remark(8, 3, 5, 60, 80), "violation"),
        (edit(), Remark(7, -1, -1, 60, 80), "review"),
        (edit(), Remark(7, -1, 5, 60, 80), "review"),
        (edit(), Remark(7, -1, 6, 60, 80), "violation"),
        (edit(lesson=-1), Remark(7, -1, 5, 60, 80), "review"),
        (edit(actor_known=False), Remark(7, 4, 5, 60, 80), "unproven"),
        (edit(actor_known=False, edit=False), Remark(7, 3, 5, 60, 80), "violation"),
        (edit(low=49), Remark(7, 3, 5, 60, 80), "unproven"),
        (edit(limit=0, due=0), Remark(7, 3, 5, 60, 80), "exempt"),
        (edit(limit=0, due=0), Remark(7, 4, 5, 60, 80), "violation"),
    ],
)
def test_edit_and_remark(given: Unit, remark: Remark, expected: str) -> None:
    """A correction that an open remark asks for is exempt; one that it may ask for is for a person to decide."""
    assert [found.verdict for found in ruling(file(given, remarks=(remark,)))] == [expected]


def test_absorption_names_the_one_that_stands() -> None:
    """A speaks for b and b for c: one act gives one finding, and c is spoken for by a, not by b."""
    given = file(unit(rule="c"), unit(rule="b"), unit(rule="a"), unit(rule="a", act=2))

    found = ruling(given, Program.of({"a": ["b"], "b": ["c"]}))

    assert [(one.absorbed, one.absorbed_by) for one in found] == [((), 2), ((), 2), ((0, 1), None), ((), None)]
    assert found[2].reasons == ("late", "absorb")


def test_absorber_is_never_one_that_is_absorbed_itself() -> None:
    """C speaks for b and b for a: a is spoken for by c, though the id of b comes first."""
    given = file(unit(rule="a"), unit(rule="b"), unit(rule="c"))

    found = ruling(given, Program.of({"c": ["b"], "b": ["a"]}))

    assert [one.absorbed_by for one in found] == [2, 2, None]


def test_weaker_finding_absorbs_no_stronger_one() -> None:
    """A notice under a rule that would speak for another leaves its violation standing."""
    given = file(unit(rule="a", late="notice"), unit(rule="b"))

    found = ruling(given, Program.of({"a": ["b"]}))

    assert [one.absorbed_by for one in found] == [None, None]


def test_excused_unit_neither_absorbs_nor_is_absorbed() -> None:
    """Only findings take part in absorption."""
    given = file(unit(rule="a", done=69, low=69), unit(rule="b", due=40), outages=(COVERS,))

    found = ruling(given, Program.of({"a": ["b"]}))

    assert [(one.verdict, one.absorbed_by) for one in found] == [("excused", None), ("violation", None)]
