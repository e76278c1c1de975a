"""What a conclusion means, on single dossiers: both judges say so."""

from __future__ import annotations

from typing import Any

import pytest

from engine.judgement.dossier import Cover, Decided, Deed, Dossier, Drawn, Memory, Opinion
from engine.judgement.durable import DurableJudgement
from engine.judgement.law import Comparison, Count, Law, Pattern, Rule, Tie
from engine.judgement.plain import judge
from tests.engine.judgement.examples import LAW, breach, dossier


def judged(*rules: Rule, memory: Memory | None = None, **differs: Any) -> Opinion:
    return agreed(Law.of(rules), dossier(**differs), memory or {})


def agreed(law: Law, given: Dossier, memory: Memory) -> Opinion:
    """The opinion of both judges."""
    durable = DurableJudgement(law)
    try:
        opinion = durable.judge(given, memory)
    finally:
        durable.close()
    assert opinion == judge(law, given, memory)
    return opinion


def test_a_chain_of_conclusions_keeps_its_reasons() -> None:
    """Repetition → severity → candidate → not eligible: each conclusion names the facts and conclusions it rests on."""
    opinion = agreed(LAW, dossier(), {})

    assert opinion == Opinion(
        states=((0, "upheld"), (2, "excused")),
        waivers=((2, 5),),
        severities=((0, "critical"), (1, "critical")),
        drawn=(
            Drawn(0, ("a",), (("finding", 0), ("finding", 1))),
            Drawn(1, (0,), (("conclusion", 0), ("finding", 0))),
            Drawn(1, (1,), (("conclusion", 0), ("finding", 1))),
            Drawn(2, (), (("absent", 1), ("finding", 0), ("remark", 0))),
        ),
    )


def test_a_decision_on_the_finding_ends_the_candidacy() -> None:
    """One measure per breach: a decision that names the finding makes the absence fail, and the person is eligible again."""
    opinion = agreed(LAW, dossier(decisions=(Decided(0, "discipline", "reprimand", 0),)), {})

    assert [LAW.rules[drawn.rule].id for drawn in opinion.drawn] == ["twice", "graver", "graver", "free"]


DEEDS = [
    ([], "open"),
    ([("notice", 1)], "notified"),
    ([("remark", 1)], "notified"),
    ([("notice", 1), ("explanation", 2)], "explained"),
    ([("explanation", 2), ("dispute", 3)], "disputed"),
    ([("dispute", 3), ("explanation", 4)], "disputed"),
    ([("dispute", 3), ("upheld", 6)], "upheld"),
    ([("upheld", 4), ("dispute", 6)], "disputed"),
    ([("upheld", 3), ("excused", 4)], "excused"),
    ([("excused", 3), ("upheld", 6)], "upheld"),
    ([("withdrawn", 3), ("explanation", 4)], "withdrawn"),
    ([("upheld", 3)], "remedied"),
    ([("remark", 1), ("upheld", 6), ("resolved", 7)], "remedied"),
    ([("excused", 3), ("resolved", 4)], "excused"),
]  # fmt: skip


@pytest.mark.parametrize(("deeds", "state"), DEEDS)
def test_life_of_a_finding(deeds: list[tuple[str, int]], state: str) -> None:
    """The last ruling counts, a dispute reopens; an upheld finding whose record was made (at 5) after the ruling is remedied."""
    given = tuple(Deed(0, what, at, at, False) for what, at in deeds)
    opinion = judged(breaches=(breach(),), deeds=given, covers=(), remarks=())

    assert dict(opinion.states).get(0, "open") == state


def test_nobody_rules_on_their_own_finding() -> None:
    """A ruling of the person whom the finding names changes nothing, and neither does a waiver that the person approved."""
    opinion = judged(breaches=(breach(),), deeds=(Deed(0, "excused", 1, 1, True),), covers=(Cover(0, 5, 1, 90, True),))

    assert (opinion.states, opinion.waivers) == ((), ())


@pytest.mark.parametrize(("day", "covered"), [(9, False), (10, True), (12, True), (13, False)])
def test_a_waiver_covers_the_days_from_its_first_through_its_last(day: int, covered: bool) -> None:
    opinion = judged(breaches=(breach(day=day),), deeds=(), covers=(Cover(0, 5, 10, 12, False),))

    assert bool(opinion.waivers) == covered


ANY = Rule("any", "candidate", Pattern("finding", (), against=True))


@pytest.mark.parametrize("verdict", ["notice", "review", "unproven"])
def test_what_is_no_violation_never_counts_against_a_person(verdict: str) -> None:
    """However the rule is written: only violations can be held against anybody."""
    assert judged(ANY, breaches=(breach(verdict=verdict),), deeds=(), covers=()).drawn == ()


@pytest.mark.parametrize("what", ["dispute", "excused", "withdrawn"])
def test_what_is_disputed_or_excused_never_counts_against_a_person(what: str) -> None:
    assert judged(ANY, breaches=(breach(),), deeds=(Deed(0, what, 9, 1, False),), covers=()).drawn == ()


def test_a_waived_finding_never_counts_against_a_person() -> None:
    assert judged(ANY, breaches=(breach(),), deeds=(), covers=(Cover(0, 5, 1, 90, False),)).drawn == ()


def test_nobody_has_no_conclusions_of_their_own() -> None:
    """Findings without a person are judged one by one only."""
    assert judged(ANY, person="").drawn == ()


@pytest.mark.parametrize(("days", "found"), [((10, 39), True), ((10, 40), False), ((10, 10), True)])
def test_a_window_of_thirty_days_holds_thirty_days(days: tuple[int, int], found: bool) -> None:
    """Counted with the finding's own day: from the 10th the window of the 39th reaches back to it, that of the 40th does not."""
    twice = Rule("twice", "repetition", Pattern("finding", (), against=True), count=Count(2, 30))
    opinion = judged(twice, breaches=tuple(breach(n=n, day=day) for n, day in enumerate(days)), deeds=(), covers=())

    assert bool(opinion.drawn) == found


def test_a_window_reaches_into_the_study_period_before() -> None:
    """What an earlier dossier excused is not counted, what it left open is; the conclusion stands in the later period."""
    twice = Rule("twice", "repetition", Pattern("finding", (), against=True), count=Count(2, 30))
    given = {"breaches": (breach(), breach(n=7, past=True, day=-5)), "deeds": (), "covers": ()}

    assert judged(twice, **given).drawn == (Drawn(0, (), (("finding", 0), ("finding", 7))),)
    assert judged(twice, memory={7: ("excused", "minor", False)}, **given).drawn == ()
    assert judged(twice, memory={7: ("open", "minor", True)}, **given).drawn == ()


@pytest.mark.parametrize(
    ("severity", "by", "after"),
    [
        ("minor", "raise", "major"), ("critical", "raise", "critical"), ("major", "lower", "minor"), ("minor", "lower", "minor"),
        ("major", "critical", "critical"), ("major", "minor", "minor"),
    ],
)  # fmt: skip
def test_severities_change_by_one_step_or_to_one_named(severity: str, by: str, after: str) -> None:
    rule = Rule("change", "severity", Pattern("finding"), severity=by, late=False)
    opinion = judged(rule, breaches=(breach(severity=severity),), deeds=(), covers=())

    assert dict(opinion.severities).get(0, severity) == after


def test_an_exempt_finding_is_excused_for_the_rules_after() -> None:
    """Exemption by a rule takes the finding out of everything that speaks against the person."""
    exempt = Rule("ill", "exempt", Pattern("finding", (Comparison("state", "is", ("explained",)),)), late=False)
    opinion = judged(exempt, ANY, breaches=(breach(),), deeds=(Deed(0, "explanation", 1, 1, False),), covers=())

    assert (opinion.states, [drawn.rule for drawn in opinion.drawn]) == (((0, "excused"),), [0])


def test_another_fact_is_never_the_fact_itself() -> None:
    """A rule that wants another finding of the same class needs two."""
    pair = Rule("pair", "systematic", Pattern("finding"), ties=(Tie(Pattern("finding"), same=("class",), different=("rule",)),))

    assert judged(pair, breaches=(breach(),), deeds=(), covers=()).drawn == ()
    assert judged(pair, breaches=(breach(), breach(n=1)), deeds=(), covers=()).drawn == ()
    assert judged(pair, breaches=(breach(), breach(n=1, rule="b")), deeds=(), covers=()).drawn != ()
    assert judged(pair, breaches=(breach(class_=""), breach(n=1, rule="b", class_="")), deeds=(), covers=()).drawn == ()
