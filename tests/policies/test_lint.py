"""Lint of policies: what it says of clauses that contradict, repeat, are vague, dead, or lacking."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.bundle import Policies
from policies.lint import Note, lint
from policies.loader import load_bundle, load_school
from tests.conftest import SCHOOLS, SLUGS

HEAD = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
extends: [common/vocabulary]
"""


def rule(name: str, title: str, clause: str, parameters: str) -> str:
    """Give a rule as a line of a bundle."""
    return f"  - {{id: {name}, title: {title}, clause: '{clause}', {parameters}, severity: major}}\n"


TOPIC = rule("topic", "Тема в день урока", "1.1", "family: deadline, record: topic, due: {same_day: true}")
LATER = rule("topic.later", "Тема за два дня", "1.2", "family: deadline, record: topic, due: {working_days: 2}")
WINDOW = rule("window", "Отметки не исправляются", "2.1", "family: edit_window, record: marks, days: 14")
REMARKS = rule("remarks", "Замечание устранено", "2.2", "family: remark_terms, due: {working_days: 5}")


def notes(tmp_path: Path, rules: str, top: str = "", others: dict[str, Policies] | None = None) -> list[Note]:
    """Give the remarks on a bundle with these rules."""
    path = tmp_path / "2024-01-01.yaml"
    path.write_text(HEAD + top + "rules:\n" + rules, "utf-8")
    return lint(Policies([load_bundle(path)]), others or {})


def test_two_terms_for_one_record_need_a_reading(tmp_path: Path) -> None:
    """Without one it is a problem; where one rule speaks for the other, or the bundle states the reading, it is none."""
    spoken = TOPIC.replace("severity: major", "severity: major, absorbs: [topic.later]")
    stated = "contradictions: [{clauses: ['1.1', '1.2'], reading: решает пункт 1.1 как более строгий}]\n"

    assert [(n.clauses, n.problem) for n in notes(tmp_path, TOPIC + LATER)] == [(("1.1", "1.2"), True)]
    assert [(n.reading, n.problem) for n in notes(tmp_path, spoken + LATER)] == [("говорит правило topic: п. 1.1", False)]
    assert [(n.reading, n.problem) for n in notes(tmp_path, TOPIC + LATER, stated)] == [("решает пункт 1.1 как более строгий", False)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("where: {grades: [5, 6]}", "where: {grades: [7]}"),
        ("where: {subjects: [физика]}", "where: {except_subjects: [физика]}"),
        ("where: {subjects: [труд]}", "where: {subjects: [физика]}"),
    ],
)
def test_terms_for_different_lessons_do_not_contradict(first: str, second: str, tmp_path: Path) -> None:
    """Other grades or other subjects are other records."""
    rules = TOPIC.replace("severity", f"{first}, severity") + LATER.replace("severity", f"{second}, severity")

    assert notes(tmp_path, rules) == []


def test_a_name_of_a_subject_is_known_by_its_alias(tmp_path: Path) -> None:
    """«Труд» and «технология» are one subject, so two terms for it contradict."""
    rules = TOPIC.replace("severity", "where: {subjects: [труд]}, severity") + LATER.replace(
        "severity", "where: {subjects: [технология]}, severity"
    )

    assert [note.kind for note in notes(tmp_path, rules)] == ["contradiction"]


def test_a_closed_window_pulls_against_remarks(tmp_path: Path) -> None:
    """A remark may ask for the very correction that the window forbids."""
    assert ["2.1", "2.2"] in [list(note.clauses) for note in notes(tmp_path, WINDOW + REMARKS) if note.kind == "contradiction"]


def test_the_same_rule_twice_is_a_problem(tmp_path: Path) -> None:
    """Two rules that differ by name only would count one breach twice."""
    (note,) = notes(tmp_path, TOPIC + TOPIC.replace("id: topic", "id: again").replace("1.1", "1.3"))

    assert (note.kind, note.clauses, note.problem) == ("twice", ("1.1", "1.3"), True)


def test_assumed_numbers_are_shown_with_their_clauses(tmp_path: Path) -> None:
    """The parameter, its value and why it was assumed; and the clause whose term it is."""
    top = "parameters: {days: {value: 5, unit: дней, assumed: true, why: в тексте «своевременно»}}\n"
    found = notes(tmp_path, REMARKS.replace("working_days: 5", "working_days: {parameter: days}"), top)

    assert [(n.kind, n.clauses) for n in found] == [("vague", ("2.2",)), ("assumed", ("2.2",))]
    assert "5 дней" in found[1].message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("verdict: ignore, missing: ignore, severity", "все выводы выключены"),
        ("where: {grades: [12]}, severity", "таких параллелей нет"),
        ("where: {subjects: [физика], except_subjects: [физика]}, severity", "и названы, и исключены"),
        ("where: {works: [диктантик]}, severity", "«диктантик» нет в словаре"),
    ],
)
def test_a_rule_that_can_never_fire_is_a_problem(change: str, words: str, tmp_path: Path) -> None:
    """All answers off, no such grade, nothing left of its subjects, an unknown kind of work."""
    (note,) = notes(tmp_path, TOPIC.replace("severity", change))

    assert (note.kind, note.problem, words in note.message) == ("dead", True, True)


def test_days_without_a_version_in_force_are_a_problem(tmp_path: Path) -> None:
    """The first version ends in May, the next begins in September."""
    bundles = []
    for first, last in (("2023-09-01", ", to: 2024-05-31"), ("2024-09-01", "")):
        path = tmp_path / f"{first}.yaml"
        path.write_text(HEAD.replace("{from: 2024-01-01}", f"{{from: {first}{last}}}") + "rules:\n" + TOPIC, "utf-8")
        bundles.append(load_bundle(path))
    (note,) = lint(Policies(bundles), {})

    assert (note.kind, note.message[:26]) == ("gap", "с 2024-06-01 по 2024-08-31")


def test_what_other_schools_demand_is_information(tmp_path: Path) -> None:
    """A norm that only the other school has is named with its clause, and is no problem."""
    path = tmp_path / "other.yaml"
    path.write_text(HEAD + "rules:\n" + WINDOW, "utf-8")
    (note,) = notes(tmp_path, TOPIC, others={"other": Policies([load_bundle(path)])})

    assert (note.kind, note.problem, "other, п. 2.1" in note.message) == ("lacking", False, True)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_schools_leave_nothing_undecided(slug: str) -> None:
    """Every contradiction of the five schools has its reading, and no rule is dead or doubled."""
    loaded = {other: load_school(SCHOOLS, other)[1] for other in SLUGS}
    found = lint(loaded[slug], {other: policies for other, policies in loaded.items() if other != slug})

    assert [note for note in found if note.problem] == []
