"""Loading `clauses.yaml`: every clause of a school's regulation, all errors at once with file, line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingest.wording import _
from policies.modelling import Reader
from policies.positions import Document, PolicyError, Problem, read_document
from policies.register import Clause, Register, slug
from policies.translation import nearest

REGISTER = "clauses.yaml"


@dataclass(frozen=True)
class Registered:
    """A school's register as read: `known` are the numbers of all clauses, also of those that have errors; `document` None: no file."""

    register: Register = field(default_factory=Register)
    known: frozenset[str] = frozenset()
    document: Document | None = None
    problems: tuple[Problem, ...] = ()


def read_register(folder: Path, root: Path) -> Registered:
    """Give the register in a school's folder; its file is named in problems from `root` on."""
    path = folder / REGISTER
    if not path.exists():
        return Registered()
    try:
        document = read_document(path, str(path.relative_to(root)) if path.is_relative_to(root) else str(path))
    except PolicyError as error:
        return Registered(problems=tuple(error.problems))
    reader = Reader(list(document.problems))
    if not isinstance(document.data, dict):
        reader.problems.append(document.problem((), _("наверху файла должны стоять номера пунктов, каждый со своими ключами")))
        return Registered(document=document, problems=tuple(reader.problems))
    clauses: dict[str, Clause] = {}
    for number, data in document.data.items():
        clause = reader.model(Clause, document, data, (number,))
        if clause is not None:
            clauses[number] = clause
    reader.problems.extend(_alike(document, clauses))
    return Registered(Register(clauses), frozenset(document.data), document, tuple(reader.problems))


def _alike(document: Document, clauses: dict[str, Clause]) -> list[Problem]:
    """Attested clauses whose numbers would give two rules one id."""
    first: dict[str, str] = {}
    problems = []
    for number in (number for number, clause in clauses.items() if clause.attested is not None):
        other = first.setdefault(slug(number), number)
        if other != number:
            message = _("пункты «{first}» и «{second}» нельзя различить в имени правила; измените номер одного").format(
                first=other, second=number
            )
            problems.append(document.problem((number,), message, key=True))
    return problems


def unknown_clause(clause: str, known: frozenset[str]) -> str:
    """Give the message for a clause that the register does not have."""
    return _("пункта «{clause}» в списке пунктов школы нет{near}").format(clause=clause, near=nearest(clause, known))
