"""Coverage: whether every clause of a school's regulation is accounted for, and every rule stands on a clause and on cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.wording import _
from policies.bundle import Bundle, Policies
from policies.case_files import load_cases
from policies.loader import load_school
from policies.positions import Document, Problem, read_document
from policies.register import ATTESTED, Accounting, Clause
from policies.register_loader import REGISTER, Registered, read_register
from policies.translation import nearest
from rules.norm import Norm


@dataclass(frozen=True)
class Tried:
    """The rules for which a school has a case that breaks them, and those for which it has a case that keeps them."""

    broken: frozenset[str]
    kept: frozenset[str]


@dataclass(frozen=True)
class Coverage:
    """How a school's clauses are accounted for, and every problem with it, in the order of files and lines."""

    school: str
    counts: Mapping[Accounting, int]
    problems: tuple[Problem, ...]

    @property
    def total(self) -> int:
        """How many clauses there are."""
        return sum(self.counts.values())

    @property
    def accounted(self) -> int:
        """How many of them are accounted for."""
        return self.total - self.counts.get("unaccounted", 0)


def coverage(schools_dir: Path, slug: str) -> Coverage:
    """Give the coverage of a school; raises PolicyError when one of its files cannot be used."""
    _profile, policies = load_school(schools_dir, slug)
    folder = schools_dir / slug
    registered = read_register(folder, schools_dir.parent)
    problems = [*_of_register(registered, policies, folder), *_of_rules(policies, tried(folder), _places(folder, schools_dir.parent))]
    citing = _citing(policies)
    counts = Counter(_accounting(number, clause, citing) for number, clause in policies.register.clauses.items())
    return Coverage(slug, dict(counts), tuple(sorted(set(problems))))


def tried(folder: Path) -> Tried:
    """Give the rules that the cases in a school's folder break and keep."""
    cases = load_cases(folder, folder.parent.parent)
    return Tried(
        frozenset(rule for case in cases for item in case.expected if item.verdict != "unproven" for rule in (item.rule, *item.also)),
        frozenset(rule for case in cases for rule in case.kept),
    )


def cited(norm: Norm) -> tuple[str, ...]:
    """Give every clause that a rule cites, each once."""
    return tuple(dict.fromkeys((norm.clause, *norm.also, *norm.also_late, *norm.applies)))


def written(bundle: Bundle) -> list[Norm]:
    """Give the rules that stand in the file itself, without those that the register gives."""
    return [norm for norm in bundle.rules if not norm.id.startswith(ATTESTED)]


def _citing(policies: Policies) -> dict[str, set[str]]:
    """Each rule of any version with the clauses that it cites."""
    found: dict[str, set[str]] = {}
    for bundle in policies.versions:
        for norm in written(bundle):
            found.setdefault(norm.id, set()).update(cited(norm))
    return found


def _accounting(number: str, clause: Clause, citing: Mapping[str, set[str]]) -> Accounting:
    """How a clause is accounted for; rules that are not there or do not cite it count for nothing."""
    standing = [rule for rule in clause.rules if number in citing.get(rule, ())]
    outside = clause.proxy is not None and len(clause.proxy.rules) > len(clause.rules)
    if clause.accounting in ("decided", "proxy") and not standing and not outside:
        return "unaccounted"
    return clause.accounting


# ---- the register ------------------------------------------------------------------------------------------------------------------


def _of_register(registered: Registered, policies: Policies, folder: Path) -> Iterator[Problem]:
    document = registered.document
    if document is None:
        yield Problem(str(folder / REGISTER), 1, 1, _("нет списка пунктов положения"))
        return
    citing = _citing(policies)
    for number, clause in registered.register.clauses.items():
        if not clause.norm:
            yield document.problem((number,), _("пункт «{number}»: нет нормы своими словами (norm)").format(number=number), key=True)
        if _accounting(number, clause, citing) == "unaccounted":
            yield document.problem((number,), _("пункт «{number}» не учтён: ни одно правило его не решает").format(number=number), key=True)
        yield from _of_named(number, clause, citing, document)
        yield from _of_citing(number, clause, policies, document)


def _of_named(number: str, clause: Clause, citing: Mapping[str, set[str]], document: Document) -> Iterator[Problem]:
    """Rules that a clause names and that are not there, or do not cite it."""
    way = ("proxy", "rules") if clause.proxy else ("decided_by",)
    named = clause.proxy.rules if clause.proxy else clause.decided_by or ()
    for place, rule in enumerate(named):
        if rule not in clause.rules:
            continue
        if rule not in citing:
            message = _("правила «{rule}» в положении нет{near}").format(rule=rule, near=nearest(rule, citing))
            yield document.problem((number, *way, place), message)
        elif number not in citing[rule]:
            message = _("правило «{rule}» на пункт «{number}» не ссылается (clause, also, also_late, applies)").format(
                rule=rule, number=number
            )
            yield document.problem((number, *way, place), message)


def _of_citing(number: str, clause: Clause, policies: Policies, document: Document) -> Iterator[Problem]:
    """Rules that cite a clause and are not named by it, or cite it in a version in which it does not stand."""
    for bundle in policies.versions:
        for norm in written(bundle):
            if number not in cited(norm):
                continue
            if norm.id not in clause.rules:
                message = _("на пункт «{number}» ссылается правило «{rule}», а в списке пунктов оно не названо").format(
                    number=number, rule=norm.id
                )
                yield document.problem((number,), message, key=True)
            if not clause.stands_on(bundle.in_force.from_):
                message = _("в редакции с {version} пункта «{number}» нет, а правило «{rule}» на него ссылается").format(
                    version=bundle.version, number=number, rule=norm.id
                )
                yield document.problem((number, "until" if clause.until else "since"), message)


# ---- the rules ---------------------------------------------------------------------------------------------------------------------


def _places(folder: Path, root: Path) -> dict[tuple[str, str], tuple[Document, int]]:
    """Where each rule stands: (version, rule id) → its file and its place in the list of rules."""
    found = {}
    for path in sorted((folder / "policy").glob("*.yaml")):
        document = read_document(path, str(path.relative_to(root)) if path.is_relative_to(root) else str(path))
        data = document.data
        rules = data.get("rules") if isinstance(data, dict) else None
        for place, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict):
                found[path.stem, document.raw.get(("rules", place, "id"), str(rule.get("id")))] = (document, place)
    return found


def _of_rules(policies: Policies, cases: Tried, places: Mapping[tuple[str, str], tuple[Document, int]]) -> Iterator[Problem]:
    """Rules without a case that breaks them or without one that keeps them; a rule that only gives figures needs none."""
    for bundle in policies.versions:
        for norm in written(bundle):
            if not norm.judges:
                continue
            document, place = places[bundle.version, norm.id]
            lacking = [_("нарушено")] if norm.id not in cases.broken else []
            lacking += [_("соблюдено")] if norm.id not in cases.kept else []
            if lacking:
                message = _("у правила «{rule}» нет случая, где оно {lacking}").format(rule=norm.id, lacking=_(" и где ").join(lacking))
                yield document.problem(("rules", place, "id"), message)
