"""Coverage: every clause accounted for, every rule on a clause and on cases; each kind of gap is found and named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.coverage import Coverage, coverage
from policies.positions import PolicyError
from policies.register import Accounting
from reports.coverage import show_coverage
from tests.conftest import SCHOOLS, SLUGS
from tests.service.test_cli import zavuch

REGISTER = """\
"1": {norm: Тема записана, kind: duty, who: [teacher], decided_by: [topic]}
"2": {norm: Журнал ведётся, kind: duty, who: [teacher], proxy: {measure: доля уроков с записью, rules: [topic]}}
"3": {norm: Премия возможна, kind: reward, who: [teacher], proxy: {measure: баллы за период, rules: [scores]}}
"4": {norm: Помощь дана, kind: duty, who: [vendor], attested: {by: administrator, every: year, evidence: журнал}}
"5": {norm: Что такое журнал, kind: definition, who: [school], no_norm: определение}
"""
POLICY = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
rules:
  - {id: topic, title: Тема, clause: "1", applies: ["2"], family: deadline, record: topic, due: {same_day: true}, severity: major}
"""
CASES = """\
background:
  people: {t-01: teacher}
  classes: {7А: {grade: 7}}
  lessons: |
    L-1 05.02.2024 09:00-09:40 7А Алгебра t-01
cases:
  - name: Тема записана на другой день
    as_of: 10.02.2024
    findings: [{rule: topic, status: missing}]
  - name: Тема записана вовремя
    as_of: 10.02.2024
    kept: [topic]
"""


@pytest.fixture
def covered(tmp_path: Path):
    """Give a function that makes a school of these files and covers it."""

    def make(register: str = REGISTER, policy: str = POLICY, cases: str = CASES, *later: str) -> Coverage:
        folder = tmp_path / "schools" / "test"
        for name, text in {
            "school.yaml": "school: test\nname: Школа\nzone: Asia/Yekaterinburg\ncountry: RU\nweek: 5\n",
            "clauses.yaml": register,
            "policy/2024-01-01.yaml": policy,
            "cases/topic.yaml": cases,
            **{f"policy/{text.partition('from: ')[2][:10]}.yaml": text for text in later},
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if text:
                (folder / name).write_text(text, "utf-8")
        return coverage(tmp_path / "schools", "test")

    return make


def test_a_covered_school_has_no_problems(covered) -> None:
    """One clause of each kind, its rule tried both ways."""
    found = covered()
    ways: dict[Accounting, int] = {"decided": 1, "proxy": 2, "attested": 1, "no_norm": 1}

    assert ((), ways, 5, 5) == (found.problems, found.counts, found.total, found.accounted)


@pytest.mark.parametrize(
    ("change", "problem", "accounted"),
    [
        (("decided_by: [topic]", "decided_by: []"), "clauses.yaml:1:1: пункт «1» не учтён: ни одно правило его не решает", 4),
        (("decided_by: [topic]", "decided_by: [topik]"), "clauses.yaml:1:69: правила «topik» в положении нет — может быть, «topic»?", 4),
        (("decided_by: [topic]", "no_norm: определение"), "clauses.yaml:1:1: на пункт «1» ссылается правило «topic», а в списке", 5),
        (("no_norm: определение", "decided_by: [topic]"), "clauses.yaml:5:77: правило «topic» на пункт «5» не ссылается", 4),
        (("rules: [topic]", "rules: [scores]"), "clauses.yaml:2:1: на пункт «2» ссылается правило «topic», а в списке", 5),
        (("norm: Помощь дана, ", ""), "clauses.yaml:4:1: пункт «4»: нет нормы своими словами (norm)", 5),
        (
            ("decided_by: [topic]", "decided_by: [topic], since: 2025-01-01"),
            "clauses.yaml:1:84: в редакции с 2024-01-01 пункта «1» нет, а правило «topic» на него ссылается",
            5,
        ),
    ],
)
def test_a_gap_in_the_register_is_named(change: tuple[str, str], problem: str, accounted: int, covered) -> None:
    """File, line and column, the clause or the rule, and whether the clause still counts."""
    found = covered(REGISTER.replace(*change, 1))

    assert any(problem in str(one) for one in found.problems), [*map(str, found.problems)]
    assert (accounted, 5) == (found.accounted, found.total)


@pytest.mark.parametrize(
    ("cases", "lacking"),
    [
        ("", "нарушено и где соблюдено"),
        (CASES.partition("  - name: Тема записана вовремя")[0], "соблюдено"),
        (CASES.replace("findings: [{rule: topic, status: missing}]", "kept: [topic]"), "нарушено"),
    ],
)
def test_a_rule_without_cases_is_named(cases: str, lacking: str, covered) -> None:
    """A rule needs a case that breaks it and one that keeps it."""
    (problem,) = covered(cases=cases).problems

    assert f"schools/test/policy/2024-01-01.yaml:5:10: у правила «topic» нет случая, где оно {lacking}" == str(problem)


@pytest.mark.parametrize(
    ("figures", "complete"),
    [
        ("family: participation, of: lessons", True),
        ("family: participation, of: lessons, least: 90", False),
        ("family: measure, measure: days_behind", True),
        ("family: measure, measure: days_behind, most: 3", False),
        ("family: density", True),
        ("family: density, without_marks: 10", False),
        ("family: programme_fulfilled, measure: hours", True),
        ("family: programme_fulfilled, measure: marks", False),
        ("family: works_planned", True),
        ("family: works_planned, least: 100", False),
        ("family: roster_share, of: [parent], has: account", True),
    ],
)
def test_a_rule_that_only_gives_figures_needs_no_cases(figures: str, complete: bool, covered) -> None:
    """Without a threshold there is nothing to break and nothing to keep."""
    policy = POLICY.replace('applies: ["2"], ', "") + f'  - {{id: figures, title: Показатель, clause: "2", {figures}, severity: minor}}\n'
    report = covered(REGISTER.replace("доля уроков с записью, rules: [topic]", "доля уроков с записью, rules: [figures]"), policy)

    assert complete == (report.problems == ())


def test_every_version_counts(covered) -> None:
    """A rule that only the amended regulation has serves its clause too."""
    later = POLICY.replace("2024-01-01", "2024-11-01").replace("topic,", "theme,", 1)
    register = REGISTER.replace("decided_by: [topic]", "decided_by: [topic, theme]").replace("rules: [topic]", "rules: [topic, theme]")
    problems = covered(register, POLICY, CASES, later).problems

    assert ["у правила «theme» нет случая, где оно нарушено и где соблюдено"] == [problem.message for problem in problems]


def test_a_school_without_a_register_is_told(covered, tmp_path: Path) -> None:
    """Nothing can be accounted for where no clause is listed."""
    (problem,) = covered(register="").problems

    assert "нет списка пунктов положения" in problem.message


def test_what_does_not_load_is_not_covered(covered) -> None:
    """A rule that cites an unknown clause stops the loading, as everywhere."""
    with pytest.raises(PolicyError, match="пункта «9» в списке пунктов школы нет"):
        covered(policy=POLICY.replace('["2"]', '["9"]'))


def test_the_table_adds_up(covered, capsys: pytest.CaptureFixture[str]) -> None:
    """A row per school and the sum below it."""
    show_coverage([covered()])
    told = capsys.readouterr().out

    assert "Учтено 5 из 5 пунктов." in told
    assert "Подтверждает человек" in told


def test_gaps_are_findings_of_the_command(covered, tmp_path: Path) -> None:
    """Exit code 1 and the problems, 0 without any."""
    covered()
    whole = zavuch("policy", "coverage", "--school", "test", "--schools-dir", tmp_path / "schools")
    covered(REGISTER.replace("decided_by: [topic]", "decided_by: []"))
    gap = zavuch("policy", "coverage", "--school", "test", "--schools-dir", tmp_path / "schools")

    assert (0, 1) == (whole.returncode, gap.returncode)
    assert "schools/test/clauses.yaml:1:1: пункт «1» не учтён" in gap.stdout
    assert "Учтено 4 из 5 пунктов." in gap.stdout


@pytest.mark.parametrize("slug", SLUGS)
def test_every_clause_of_the_five_regulations_is_accounted_for(slug: str) -> None:
    """No clause left over, no rule without its clause and its cases, none of them named wrongly."""
    found = coverage(SCHOOLS, slug)

    assert found.problems == ()
    assert found.accounted == found.total == {"lyceum-68": 141, "pestravka": 171, "rainbow": 87, "school-7": 78, "sgo-school": 135}[slug]
