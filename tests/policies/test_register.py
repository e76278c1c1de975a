"""The register of clauses: one way for each clause, errors with their places, and rules for what a person confirms."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from policies.bundle import Policies
from policies.loader import load_school
from policies.positions import PolicyError
from policies.register import ATTESTED, Attested, Clause, Register, attestation, slug
from policies.register_loader import read_register
from tests.conftest import SCHOOLS, SHARED, SLUGS

DECIDED = "{norm: Норма, kind: duty, who: [teacher], decided_by: [topic]}"
CONFIRMED = "{norm: Норма, kind: duty, who: [vendor], attested: {by: administrator, every: year, evidence: договор}}"


def read(tmp_path: Path, text: str) -> list[str]:
    """Give the problems of a register with this text."""
    folder = tmp_path / "schools" / "test"
    folder.mkdir(parents=True)
    (folder / "clauses.yaml").write_text(text, "utf-8")
    return [str(problem) for problem in read_register(folder, tmp_path).problems]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{norm: Норма, kind: duty, who: [teacher]}", "у пункта ровно один ключ из четырёх: decided_by, proxy, attested, no_norm"),
        (DECIDED.replace("}", ", no_norm: определение}"), "у пункта ровно один ключ из четырёх"),
        (DECIDED.replace("decided_by", "decide_by"), "неизвестный ключ «decide_by» — может быть, «decided_by»?"),
        (DECIDED.replace("duty", "dutty"), "«kind»: значения «dutty» нет — может быть, «duty»?"),
        (DECIDED.replace("teacher", "teecher"), "роли 'teecher' нет — может быть, «teacher»?"),
        (DECIDED.replace("[teacher]", "teacher"), "«who»: нужен список в квадратных скобках"),
        (DECIDED.replace("[teacher]", "[]"), "«who»: пусто или слишком коротко"),
        (CONFIRMED.replace("by: administrator", "by: vendor"), "роли 'vendor' нет"),
        (CONFIRMED.replace("every: year", "every: week"), "«every»: значения «week» нет"),
        (CONFIRMED.replace(", evidence: договор", ""), "нет обязательного ключа «evidence»"),
        ("{norm: Норма, kind: duty, who: [teacher], proxy: {measure: доля}}", "нет обязательного ключа «rules»"),
        ("{norm: Норма, kind: duty, who: [teacher], no_norm: ''}", "«no_norm»: пусто или слишком коротко"),
        ("{norm: Норма, kind: duty, who: [teacher], no_norm: слова, checked: none}", "неизвестный ключ «checked»"),
    ],
)
def test_a_broken_entry_says_where_and_what(entry: str, words: str, tmp_path: Path) -> None:
    """Every problem has the file, the line of the clause and the nearest valid word."""
    problems = read(tmp_path, f'"1": {DECIDED}\n"2": {entry}\n')

    assert any(words in problem for problem in problems), problems
    assert all(problem.startswith("schools/test/clauses.yaml:2:") for problem in problems)


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    """Two broken clauses, two problems."""
    text = f'"1": {DECIDED.replace("duty", "dutty")}\n"2": {DECIDED.replace("teacher", "teecher")}\n'

    assert 2 == len(read(tmp_path, text))


def test_a_clause_twice_is_refused(tmp_path: Path) -> None:
    """The second entry is named with the line of the first."""
    assert ["schools/test/clauses.yaml:2:1: ключ «1» уже был в строке 1; оставьте один"] == read(
        tmp_path, f'"1": {DECIDED}\n"1": {DECIDED}\n'
    )


def test_two_clauses_that_give_one_rule_id_are_refused(tmp_path: Path) -> None:
    """5.1#a and 5.1-a would both be confirmed under the id attested.5.1-a."""
    (problem,) = read(tmp_path, f'"5.1#a": {CONFIRMED}\n"5.1-a": {CONFIRMED}\n')

    assert "пункты «5.1#a» и «5.1-a» нельзя различить" in problem


def test_a_broken_register_stops_the_school(tmp_path: Path) -> None:
    """Its problems come together with those of the policy, and its clauses are known all the same."""
    shutil.copytree(SCHOOLS / "rainbow", tmp_path / "schools" / "rainbow")
    path = tmp_path / "schools" / "rainbow" / "clauses.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: definition", "kind: definiton", 1), "utf-8")

    with pytest.raises(PolicyError, match=r"значения «definiton» нет — может быть, «definition»\?") as error:
        load_school(tmp_path / "schools", "rainbow")
    assert 1 == len(error.value.problems)


def bundle_of(tmp_path: Path, register: str) -> Policies:
    """Give the policies of a school with one rule and this register."""
    folder = tmp_path / "schools" / "test"
    (folder / "policy").mkdir(parents=True, exist_ok=True)
    (folder / "school.yaml").write_text("school: test\nname: Школа\nzone: Asia/Yekaterinburg\ncountry: RU\nweek: 5\n", "utf-8")
    (folder / "clauses.yaml").write_text(register, "utf-8")
    rule = "  - {id: topic, title: Тема, clause: '1', family: deadline, record: topic, due: {same_day: true}, severity: major}\n"
    head = "school: test\nregulation: {title: Положение, order: '1', dated: 2024-01-01}\nin_force: {from: 2024-01-01}\nrules:\n"
    (folder / "policy" / "2024-01-01.yaml").write_text(head + rule, "utf-8")
    return load_school(tmp_path / "schools", "test")[1]


def test_an_attested_clause_becomes_a_rule(tmp_path: Path) -> None:
    """The bundle asks for it under the clause's own number; it counts in no score and changes the hash."""
    (bundle,) = bundle_of(tmp_path, f'"1": {DECIDED}\n"2#a": {CONFIRMED}\n').versions
    norm = bundle.rules[-1]
    (other,) = bundle_of(tmp_path, f'"1": {DECIDED}\n"2#a": {CONFIRMED.replace("every: year", "every: month")}\n').versions

    assert [rule.id for rule in bundle.rules] == ["topic", "attested.2-a"]
    assert (norm.clause, norm.title, norm.role, norm.verdict, norm.scored) == ("2#a", "Норма", "administrator", "review", False)
    assert bundle.hash != other.hash


def test_words_for_a_clause_that_has_none_yet() -> None:
    """Without own words the rule is still called something."""
    norm = attestation("3.1", "", Attested(by="director", every="year", evidence="приказ"))

    assert "Пункт 3.1 подтверждён" == norm.title


def test_a_rule_may_not_take_a_name_that_the_register_gives(tmp_path: Path) -> None:
    """`attested.` is the register's own."""
    folder = tmp_path / "schools" / "test"
    bundle_of(tmp_path, f'"1": {DECIDED}\n')
    path = folder / "policy" / "2024-01-01.yaml"
    path.write_text(path.read_text("utf-8").replace("id: topic", f"id: {ATTESTED}1"), "utf-8")

    with pytest.raises(PolicyError, match=r"имена на «attested\.» заняты"):
        load_school(tmp_path / "schools", "test")


def test_a_clause_stands_between_its_days() -> None:
    """`since` and `until` are inclusive; without them it always stood."""
    clause = Clause(kind="duty", who=("teacher",), decided_by=("x",), since=date(2024, 2, 1), until=date(2024, 3, 1))
    days = (date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 1), date(2024, 3, 2))

    assert [False, True, True, False] == [clause.stands_on(day) for day in days]


def test_no_rule_named_is_not_accounted_for() -> None:
    """An empty list is a promise."""
    assert "unaccounted" == Clause(kind="duty", who=("teacher",), decided_by=()).accounting


def test_the_ways_exclude_each_other() -> None:
    """The model itself refuses two."""
    with pytest.raises(ValidationError, match="exactly one way"):
        Clause(kind="duty", who=("teacher",), decided_by=("x",), no_norm="определение")


@pytest.mark.parametrize(
    ("number", "expected"),
    [("5.1#a", "5.1-a"), ("5.4(1)#a", "5.4-1-a"), ("4.study_operator#1a", "4.study-operator-1a"), ("A1", "a1"), ("пункт", "clause")],
)
def test_a_clause_in_the_id_of_a_rule(number: str, expected: str) -> None:
    """Latin letters, digits, dots and hyphens."""
    assert expected == slug(number)


@pytest.mark.parametrize("name", SLUGS)
def test_the_register_has_every_clause_of_the_regulation(name: str) -> None:
    """The same numbers in the same order as in the list of clauses beside the checkout, of the same kind, binding the same people."""
    path = SHARED / "regulations" / "clauses" / f"{name}.csv"
    if not path.exists():
        pytest.skip("the regulations are not beside the checkout")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["kind"], tuple(row["actor"].split(";"))) for row in csv.DictReader(file)]
    register: Register = load_school(SCHOOLS, name)[1].register

    assert rows == [(number, clause.kind, clause.who) for number, clause in register.clauses.items()]
