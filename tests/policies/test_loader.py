"""Loading bundles: every error is said with file, line, column and the nearest valid word; traps of YAML are harmless."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.bundle import Bundle
from policies.loader import load_bundle, load_school
from policies.positions import PolicyError
from policies.schema import schema
from tests.conftest import SCHOOLS, SLUGS

HEAD = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
"""
RULE = """\
  - id: topic.same-day
    title: Тема в день урока
    clause: 5.2
    family: deadline
    record: topic
    due: {same_day: true}
    severity: major
"""
GOOD = HEAD + "rules:\n" + RULE


def problems(path: Path) -> str:
    """Give the message of the error that loading the file raises."""
    with pytest.raises(PolicyError) as error:
        load_bundle(path)
    return str(error.value)


def made(tmp_path: Path, text: str, name: str = "2024-01-01.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


BROKEN = [
    ("an unknown key", GOOD.replace("severity:", "sevrity:"), "1.yaml:11:5: неизвестный ключ «sevrity» — может быть, «severity»?"),
    ("a missing key", GOOD.replace("    clause: 5.2\n", ""), "1.yaml:5:5: нет обязательного ключа «clause»"),
    ("an unknown key on top", GOOD + "rulez: []\n", "1.yaml:12:1: неизвестный ключ «rulez» — может быть, «rules»?"),
    (
        "a wrong choice",
        GOOD.replace("record: topic", "record: topics"),
        "1.yaml:9:13: «record»: значения «topics» нет — может быть, «topic»?",
    ),
    ("an unknown family", GOOD.replace("family: deadline", "family: deadlin"), "семейства правил «deadlin» нет — может быть, «deadline»?"),
    (
        "a quoted number",
        GOOD.replace("{same_day: true}", '{working_days: "5"}'),
        "«working_days»: нужно целое число без кавычек, а здесь «5»",
    ),
    ("an octal trap", GOOD.replace("{same_day: true}", "{working_days: 012}"), "а здесь «012»"),
    ("a sexagesimal trap", GOOD.replace("{same_day: true}", "{working_days: 1:30}"), "а здесь «1:30»"),
    ("an underscore trap", GOOD.replace("{same_day: true}", "{working_days: 1_0}"), "а здесь «1_0»"),
    ("yes for true", GOOD.replace("{same_day: true}", "{same_day: yes}"), "«same_day»"),
    (
        "two forms of a term",
        GOOD.replace("{same_day: true}", "{same_day: true, working_days: 5}"),
        "срок записывается ровно одним способом",
    ),
    ("a term below one", GOOD.replace("{same_day: true}", "{working_days: 0}"), "нужно число не меньше 1, а здесь 0"),
    (
        "a key twice",
        GOOD.replace("    record: topic\n", "    record: topic\n    record: homework\n"),
        "1.yaml:10:5: ключ «record» уже был в строке 9",
    ),
    ("a rule twice", GOOD + RULE, "1.yaml:12:9: правило «topic.same-day» уже есть в строке 5"),
    ("an unknown parameter", GOOD.replace("{same_day: true}", "{working_days: {parameter: dayz}}"), "параметра «dayz» нет"),
    ("an unused parameter", GOOD + "parameters: {spare: {value: 1}}\n", "параметр «spare» ни в одном правиле не назван"),
    (
        "an assumption without a reason",
        GOOD.replace("{same_day: true}", "{working_days: {parameter: n}}") + "parameters: {n: {value: 3, assumed: true}}\n",
        "не сказано, почему (why)",
    ),
    ("assumed at a rule", GOOD + "    assumed: [x]\n", "«assumed» пишется у параметра"),
    ("an unknown role", GOOD + "    role: teechers\n", "роли 'teechers' нет — может быть, «teacher»?"),
    (
        "absorbs an unknown rule",
        GOOD + "    absorbs: [topic.sameday]\n",
        "«absorbs»: правила «topic.sameday» нет — может быть, «topic.same-day»?",
    ),
    ("absorbs itself", GOOD + "    absorbs: [topic.same-day]\n", "по кругу поглощает само себя"),
    (
        "a date that is none",
        GOOD.replace("dated: 2024-01-01", "dated: 2024-02-30"),
        "«dated»: нужна дата вида 2024-09-01, а здесь «2024-02-30»",
    ),
    ("an end before the beginning", GOOD.replace("{from: 2024-01-01}", "{from: 2024-01-01, to: 2023-01-01}"), "раньше, чем начинает"),
    ("a list where keys belong", GOOD.replace("{same_day: true}", "[5]"), "«due»: нужны вложенные ключи, а здесь"),
    ("an unclosed bracket", GOOD.replace("{same_day: true}", "{same_day: true"), "это не YAML"),
    ("a tab", GOOD.replace("    record:", "\trecord:"), "это не YAML"),
    ("an empty file", "# ничего\n", "файл пуст"),
    ("a list on top", "- 1\n", "наверху файла должны стоять ключи"),
    (
        "inheritance of a missing file",
        GOOD + "extends: [common/nothing]\n",
        "файл наследования «common/nothing» не читается: такого файла нет",
    ),
    ("an unknown word of the vocabulary", GOOD + "vocabulary: {subject: {}}\n", "неизвестный ключ «subject» — может быть, «subjects»?"),
]


@pytest.mark.parametrize(("text", "words"), [(text, words) for _name, text, words in BROKEN], ids=[name for name, _t, _w in BROKEN])
def test_a_broken_bundle_says_where_and_what(text: str, words: str, tmp_path: Path) -> None:
    """The message has the words, and every line of it a position."""
    message = problems(made(tmp_path, text, "1.yaml"))

    assert words in message
    assert all(line.split(": ")[0].count(":") == 2 for line in message.splitlines())


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    """Three mistakes, three lines, in the order of the file."""
    text = GOOD.replace("severity: major", "severity: grave").replace("record: topic", "record: topics") + "rulez: 1\n"

    assert [line.split(":")[1] for line in problems(made(tmp_path, text)).splitlines()] == ["9", "11", "12"]


def test_plain_scalars_are_what_the_field_wants(tmp_path: Path) -> None:
    """A clause 5.2 or 012 and a title `on` are texts, whatever YAML 1.1 thinks."""
    for clause in ("5.2", "012", "7", "no", "1_000", "2024-01-01"):
        bundle = load_bundle(made(tmp_path, GOOD.replace("clause: 5.2", f"clause: {clause}")))
        assert bundle.rules[0].clause == clause


def test_norms_are_not_inherited(tmp_path: Path) -> None:
    """A file that is extended may hold words only; the error names it."""
    made(tmp_path, "rules: []\n", "shared.yaml")

    assert "shared.yaml:1:1: «rules» не наследуется" in problems(made(tmp_path, GOOD + "extends: [shared]\n"))


def test_inheritance_in_a_circle_is_refused(tmp_path: Path) -> None:
    """A extends b extends a."""
    made(tmp_path, "extends: [b]\n", "a.yaml")
    made(tmp_path, "extends: [a]\n", "b.yaml")

    assert "наследование по кругу" in problems(made(tmp_path, GOOD + "extends: [a]\n"))


def test_an_assumed_parameter_reaches_its_rule(tmp_path: Path) -> None:
    """The rule knows on which assumption its term stands."""
    text = GOOD.replace("{same_day: true}", "{working_days: {parameter: n}}")
    bundle = load_bundle(made(tmp_path, text + "parameters: {n: {value: 3, unit: дня, assumed: true, why: текст молчит}}\n"))

    assert bundle.rules[0].assumed == ("3 дня — текст молчит",)


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A copy of one school's folder in a schools folder of its own."""
    shutil.copytree(SCHOOLS / "rainbow", tmp_path / "schools" / "rainbow")
    return tmp_path / "schools"


def test_the_version_in_force_on_the_date_is_chosen(school: Path) -> None:
    """An amended regulation is a new file; the old one ends the day before."""
    folder = school / "rainbow" / "policy"
    text = (folder / "2022-09-01.yaml").read_text("utf-8").replace("{from: 2022-09-01}", "{from: 2024-11-01}")
    (folder / "2024-11-01.yaml").write_text(text, "utf-8")
    _profile, policies = load_school(school, "rainbow")
    days = [policies.in_force_on(day) for day in (date(2022, 8, 31), date(2024, 10, 31), date(2024, 11, 1))]

    assert [bundle.version if bundle else None for bundle in days] == [None, "2022-09-01", "2024-11-01"]


def test_two_versions_in_force_on_one_day_are_refused(school: Path) -> None:
    """An earlier version that names a last day after the next one's first."""
    folder = school / "rainbow" / "policy"
    text = (folder / "2022-09-01.yaml").read_text("utf-8")
    (folder / "2024-11-01.yaml").write_text(text.replace("{from: 2022-09-01}", "{from: 2024-11-01}"), "utf-8")
    (folder / "2022-09-01.yaml").write_text(text.replace("{from: 2022-09-01}", "{from: 2022-09-01, to: 2024-11-01}"), "utf-8")

    with pytest.raises(PolicyError, match="действуют сразу два положения"):
        load_school(school, "rainbow")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("school: rainbow", "school: rainbov"), "папка называется «rainbow»"),
        (("{from: 2022-09-01}", "{from: 2022-10-01}"), "они должны совпадать"),
    ],
)
def test_a_file_in_the_wrong_place_is_refused(change: tuple[str, str], words: str, school: Path) -> None:
    """The folder is the school, the file name is the day in force."""
    path = school / "rainbow" / "policy" / "2022-09-01.yaml"
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")

    with pytest.raises(PolicyError, match=words):
        load_school(school, "rainbow")


def test_a_clause_outside_the_schools_list_is_refused(school: Path) -> None:
    """Where a school has a register of clauses, rules cite only what stands in it."""
    entry = "{kind: duty, who: [teacher], decided_by: [topic.same-day]}"
    (school / "rainbow" / "clauses.yaml").write_text(f'"3.2.1#a": {entry}\n"3.2.5#b": {entry}\n', "utf-8")

    with pytest.raises(PolicyError, match=r"пункта «3\.2\.1#c» в списке пунктов школы нет — может быть, «3\.2\.1#a»"):
        load_school(school, "rainbow")


@given(keys=st.permutations(["id", "title", "clause", "family", "record", "due", "severity"]), comment=st.booleans())
def test_layout_does_not_change_the_hash(keys: list[str], comment: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The order of keys, comments and quotes are no meaning."""
    parts = dict(line.strip().removeprefix("- ").split(": ", 1) for line in RULE.strip().splitlines())
    lines = [f"    {key}: {parts[key]}" + ("  # так" if comment else "") for key in keys]
    folder = tmp_path_factory.mktemp("layout")
    text = HEAD + "rules:\n" + "\n".join(["  - " + lines[0].strip(), *lines[1:]]) + "\n"

    assert load_bundle(made(folder, text)).hash == load_bundle(made(folder, GOOD, "good.yaml")).hash


def test_any_meaning_changes_the_hash(tmp_path: Path) -> None:
    """A number, a clause, a severity, a word of the vocabulary."""
    variants = [
        GOOD,
        GOOD.replace("{same_day: true}", "{working_days: 1}"),
        GOOD.replace("clause: 5.2", "clause: 5.3"),
        GOOD.replace("severity: major", "severity: minor"),
        GOOD + "vocabulary: {subjects: {физика: [физ]}}\n",
        GOOD + "readings: {roll_calendar_terms: false}\n",
    ]

    assert len({load_bundle(made(tmp_path, text)).hash for text in variants}) == len(variants)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_five_schools_load(slug: str) -> None:
    """Every rule cites a clause, has a title and belongs to a family."""
    profile, policies = load_school(SCHOOLS, slug)
    bundles: list[Bundle] = [bundle for _s, _e, bundle in policies.spans()]

    assert profile.slug == slug
    assert all(rule.clause and rule.title for bundle in bundles for rule in bundle.rules)


def test_the_schema_accepts_the_five_bundles_and_refuses_a_wrong_key() -> None:
    """An editor that checks with the published schema agrees with the loader."""
    import yaml
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema())
    for slug in SLUGS:
        (path,) = (SCHOOLS / slug / "policy").glob("*.yaml")
        data = _as_json(yaml.safe_load(path.read_text("utf-8")))
        assert [error.message for error in validator.iter_errors(data)] == []
        data["rulez"] = []
        assert list(validator.iter_errors(data))


def _as_json(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
