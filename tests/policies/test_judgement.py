"""Rules of judgement in bundles: a closed language; what it does not know is an error with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.judgement.compiling import compiled
from engine.judgement.law import Comparison, Count, Pattern, Rule, Tie
from policies.loader import load_bundle
from policies.positions import PolicyError

HEAD = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
rules:
  - {id: topic.same-day, title: Тема в день урока, clause: "5", family: deadline, record: topic, due: {same_day: true}, severity: major}
"""
TWICE = """\
judgement:
  - id: twice
    title: Два раза за 30 дней
    concludes: repetition
    when:
      finding: {rule: {is: topic.same-day}, status: {one_of: [late, missing]}}
      count: {at_least: 2, within_days: 30, same: [rule]}
"""
FINDING = "finding: {rule: {is: topic.same-day}, status: {one_of: [late, missing]}}"
MORE = TWICE.removeprefix("judgement:\n")
AFTER = """\
  - id: spared
    title: Повторения не было
    concludes: eligible
    when:
      totals: {obligations: {at_least: 1}}
      absent: [{conclusion: {concludes: {is: repetition}}}]
"""


def made(tmp_path: Path, text: str, name: str = "2024-01-01.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_rules_become_the_law_of_the_judges(tmp_path: Path) -> None:
    """What speaks against a person looks only at findings that count against the person; in a favourable rule, what is absent does."""
    law = compiled(load_bundle(made(tmp_path, HEAD + TWICE + AFTER)).judgement)

    assert law.rules == (
        Rule(
            "twice",
            "repetition",
            Pattern(
                "finding",
                (Comparison("rule", "is", ("topic.same-day",)), Comparison("status", "one_of", ("late", "missing"))),
                against=True,
            ),
            count=Count(2, 30, ("rule",)),
        ),
        Rule(
            "spared",
            "eligible",
            Pattern("totals", (Comparison("obligations", "at_least", (1,)),)),
            ties=(Tie(Pattern("conclusion", (Comparison("concludes", "is", ("repetition",)),)), absent=True),),
        ),
    )


def test_what_changes_severities_comes_first_with_what_it_rests_on(tmp_path: Path) -> None:
    """A school's severity rule at the end counts for the rules before it, too; all others keep their order."""
    graver = """\
  - id: graver
    title: Повторённое тяжелее
    concludes: severity
    severity: raise
    when:
      finding: {}
      also: [{conclusion: {judgement: {is: twice}}, same: [rule]}]
"""
    other = MORE.replace("twice", "often").replace("repetition", "systematic")
    law = compiled(load_bundle(made(tmp_path, HEAD + "judgement:\n" + other + MORE + AFTER + graver)).judgement)

    assert [(rule.id, rule.late) for rule in law.rules] == [("twice", False), ("graver", False), ("often", True), ("spared", True)]


BROKEN = [
    ("an unknown field", TWICE.replace("status:", "sttus:"), "1.yaml:11:45: неизвестный ключ «sttus» — может быть, «status»?"),
    ("an unknown operator", TWICE.replace("{is:", "{like:"), "1.yaml:11:24: неизвестный ключ «like»"),
    ("an unknown value", TWICE.replace("late,", "lat,"), "значения «lat» нет — может быть, «late»?"),
    ("an unknown conclusion", TWICE.replace("repetition", "repetitions"), "значения «repetitions» нет — может быть, «repetition»?"),
    ("an unknown norm", TWICE.replace("topic.same-day}", "topic.same-da}"), "1.yaml:11:23: правила «topic.same-da» в положении нет"),
    ("two operators", TWICE.replace("{is: topic.same-day}", "{is: a, is_not: b}"), "слово сравнивается ровно одним способом"),
    ("no number", TWICE.replace("at_least: 2", "at_least: часто"), "«at_least»: нужно целое число"),
    ("a fraction", TWICE.replace("at_least: 2", "at_least: 2.5"), "«at_least»: нужно целое число"),
    ("two subjects", TWICE.replace("count:", "remark: {}\n      count:"), "условие — ровно об одном"),
    ("a count of remarks", TWICE.replace(FINDING, "remark: {}"), "считаются (count) только нарушения"),
    ("severity without its change", TWICE.replace("repetition", "severity"), "severity пишется тогда и только тогда"),
    ("an exempt person", TWICE + AFTER.replace("eligible", "exempt"), "severity и exempt — о нарушении"),
    ("nothing concluded before", "judgement:\n" + AFTER, "вывода «repetition» ни одно более раннее правило не делает"),
    ("a later conclusion", "judgement:\n" + AFTER + MORE, "«repetition» заключает правило «twice», а оно стоит не раньше"),
    ("the same id twice", TWICE + MORE, "правило «twice» уже есть в строке 7"),
    ("a field that only one has", TWICE + AFTER.replace("repetition}}", "repetition}}, same: [class]"), "поля «class» нет у обоих фактов"),
    ("no list", "judgement: {id: twice}\n", "«judgement»: нужен список правил"),
    ("late worth more than in time", "scoring: {credit: {met: 0.4, late: 0.5}}\n", "опоздание (late) не стоит больше"),
    ("a graver violation that costs less", "scoring: {penalty: {critical: 1}}\n", "более тяжкое нарушение отнимает не меньше"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_the_language_does_not_know_is_an_error_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_bundle(made(tmp_path, HEAD + text))

    assert message in str(error.value)


def test_an_own_rule_replaces_the_inherited_one(tmp_path: Path) -> None:
    """Scoring and judgement are inherited key by key and rule by rule; a rule of the same id moves to its own place."""
    made(tmp_path, TWICE + AFTER + "scoring: {small: 5}\n", "shared.yaml")
    own = HEAD.replace("rules:", "extends: [shared]\nrules:") + TWICE.replace("at_least: 2", "at_least: 4")
    with pytest.raises(PolicyError, match="«repetition» заключает правило «twice», а оно стоит не раньше"):
        load_bundle(made(tmp_path, own))

    bundle = load_bundle(made(tmp_path, own + AFTER))
    assert [rule.id for rule in bundle.judgement] == ["twice", "spared"]
    assert bundle.judgement[0].when.count is not None
    assert (bundle.judgement[0].when.count.at_least, bundle.scoring.small, bundle.scoring.penalty.major) == (4, 5, 3)


def test_norms_are_never_inherited(tmp_path: Path) -> None:
    made(tmp_path, HEAD.partition("rules:")[2].join(["rules:", ""]), "shared.yaml")
    with pytest.raises(PolicyError, match="«rules» не наследуется"):
        load_bundle(made(tmp_path, HEAD.replace("rules:", "extends: [shared]\nrules:")))


def test_another_judgement_is_another_policy(tmp_path: Path) -> None:
    """What follows from findings is part of the bundle's hash."""
    first, second = (load_bundle(made(tmp_path, HEAD + text)) for text in (TWICE, TWICE.replace("30", "31")))

    assert first.hash != second.hash


def test_what_a_favourable_rule_wants_absent_must_count_against_the_person(tmp_path: Path) -> None:
    """A disputed or excused violation never takes anybody's eligibility away."""
    text = AFTER.replace("{conclusion: {concludes: {is: repetition}}}", "{finding: {severity: {is: critical}}}")
    (rule,) = compiled(load_bundle(made(tmp_path, HEAD + "judgement:\n" + text)).judgement).rules

    assert rule.ties == (Tie(Pattern("finding", (Comparison("severity", "is", ("critical",)),), against=True), absent=True),)
