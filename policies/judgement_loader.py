"""Reading `judgement:`: own rules over inherited ones, references to earlier rules only, every error with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.wording import _
from policies.judgement import Fact, Judgement, Other
from policies.modelling import Reader
from policies.positions import Document, Path_, Value
from policies.translation import nearest

SHARED: dict[str, tuple[str, ...]] = {
    "finding": ("finding", "rule", "clause", "class", "subject", "lesson", "status", "severity"),
    "remark": ("finding", "lesson"),
    "decision": ("finding",),
    "conclusion": ("finding", "rule", "clause", "class", "subject", "lesson", "status", "severity"),
    "totals": (),
}
"""The fields that facts of each kind have to share with others."""

MOST_RULES, MOST_PATTERNS = 40, 60
"""What the rules engine carries: with more patterns on one kind of fact it refuses the fact."""


@dataclass(frozen=True)
class Placed:
    """A rule with the place where it is written."""

    rule: Judgement
    document: Document
    path: Path_


def read_judgement(reader: Reader, document: Document, data: Value, inherited: Sequence[Placed]) -> list[Placed]:
    """Give the inherited rules and those of `data`, in order; an own rule replaces an inherited one of the same id, in its own place."""
    own: list[Placed] = []
    if data is not None and not isinstance(data, list):
        reader.problems.append(document.problem(("judgement",), _("«judgement»: нужен список правил")))
    for place, item in enumerate(data if isinstance(data, list) else []):
        path: Path_ = ("judgement", place)
        rule = reader.model(Judgement, document, item, path)
        if rule is None:
            continue
        first = next((other for other in own if other.rule.id == rule.id), None)
        if first is not None:
            line = document.values[first.path][0]
            message = _("правило «{id}» уже есть в строке {line}").format(id=rule.id, line=line)
            reader.problems.append(document.problem((*path, "id"), message))
        own.append(Placed(rule, document, path))
    named = {placed.rule.id for placed in own}
    return [*(placed for placed in inherited if placed.rule.id not in named), *own]


def check_judgement(reader: Reader, rules: Sequence[Placed], norms: Collection[str]) -> None:
    """Add a problem for everything a rule refers to that there is not, or not yet; norms are checked where any are given."""
    if len(rules) > MOST_RULES or sum(2 * len(_ties(placed)) + 1 for placed in rules) > MOST_PATTERNS:
        message = _("слишком много правил и условий: не больше {rules} правил и {patterns} условий").format(
            rules=MOST_RULES, patterns=MOST_PATTERNS
        )
        reader.problems.append(rules[-1].document.problem(rules[-1].path, message))
    for place, placed in enumerate(rules):
        when: Path_ = (*placed.path, "when")
        facts: list[tuple[Path_, Fact]] = [(when, placed.rule.when), *((path, tie) for path, tie in _ties(placed))]
        for path, fact in facts:
            _check_references(reader, placed, (path, fact), rules, place)
            _check_norms(reader, placed, (path, fact), norms)
        for path, tie in _ties(placed):
            _check_shared(reader, placed, path, tie)


def _ties(placed: Placed) -> list[tuple[Path_, Other]]:
    when = placed.rule.when
    lists = (("also", when.also), ("absent", when.absent))
    return [((*placed.path, "when", key, at), tie) for key, ties in lists for at, tie in enumerate(ties)]


def _check_references(reader: Reader, placed: Placed, at: tuple[Path_, Fact], rules: Sequence[Placed], place: int) -> None:
    path, fact = at
    if fact.conclusion is None:
        return
    earlier = rules[:place]
    wanted: dict[str, set[str]] = {
        "judgement": {other.rule.id for other in earlier},
        "concludes": {str(other.rule.concludes) for other in earlier},
    }
    for key, known in wanted.items():
        for value in _values(getattr(fact.conclusion, key)):
            later = [other for other in rules[place:] if value in (other.rule.id if key == "judgement" else other.rule.concludes,)]
            if later:
                message = _("«{value}» заключает правило «{id}», а оно стоит не раньше: условием бывает только вывод более раннего")
                text = message.format(value=value, id=later[0].rule.id)
                reader.problems.append(placed.document.problem((*path, "conclusion", key), text))
            elif value not in known:
                text = _("вывода «{value}» ни одно более раннее правило не делает{near}").format(value=value, near=nearest(value, known))
                reader.problems.append(placed.document.problem((*path, "conclusion", key), text))


def _check_norms(reader: Reader, placed: Placed, at: tuple[Path_, Fact], norms: Collection[str]) -> None:
    path, fact = at
    for kind in ("finding", "conclusion"):
        tests = getattr(fact, kind)
        for value in _values(tests.rule) if tests is not None and norms else ():
            if value not in norms:
                message = _("правила «{name}» в положении нет{near}").format(name=value, near=nearest(value, norms))
                reader.problems.append(placed.document.problem((*path, kind, "rule"), message))


def _check_shared(reader: Reader, placed: Placed, path: Path_, tie: Other) -> None:
    subject = placed.rule.when.kind
    common = [field for field in SHARED[subject] if field in SHARED[tie.kind]]
    for key in ("same", "different"):
        for at, field in enumerate(getattr(tie, key)):
            if field not in common:
                message = _("«{key}»: поля «{field}» нет у обоих фактов; общие: {common}").format(
                    key=key, field=field, common=", ".join(common) or "—"
                )
                reader.problems.append(placed.document.problem((*path, key, at), message))


def _values(tests: object) -> Iterator[str]:
    """The words that a comparison names."""
    if tests is not None:
        for value in (getattr(tests, "is_", None), getattr(tests, "is_not", None)):
            if value is not None:
                yield str(value)
        yield from map(str, getattr(tests, "one_of", None) or ())
