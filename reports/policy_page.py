"""A school's policy as a page to read and to print: rules with terms in words, and the clauses that no rule decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ingest.wording import _, ngettext
from policies.coverage import written
from reports.explained import role_names
from reports.policy_words import actors, clauses, day, outcomes, scope, severity
from reports.templating import rendered
from rules.attestation import every_words

if TYPE_CHECKING:
    from policies.bundle import Bundle, Policies, SchoolProfile
    from policies.register import Clause
    from rules.norm import Norm

Form = Literal["html", "md"]


@dataclass(frozen=True)
class Fact:
    """One line about a rule; `assumed` where it rests on a number that the regulation does not give."""

    label: str
    text: str
    assumed: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule in words."""

    anchor: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Part:
    """A part of the page under its heading: rules, or a table."""

    anchor: str
    heading: str
    note: str = ""
    rules: tuple[Rule, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Page:
    """All that the page says, the same for every form."""

    school: str
    title: str
    head: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def policy_page(profile: SchoolProfile, policies: Policies, bundle: Bundle, form: Form) -> str:
    """Give the page of one version of a school's policy: a self-contained HTML document, or Markdown."""
    return rendered(f"policy.{form}.j2", page=page(profile, policies, bundle))


def page(profile: SchoolProfile, policies: Policies, bundle: Bundle) -> Page:
    """Give the content of the page."""
    standing = {number: clause for number, clause in policies.register.clauses.items() if clause.stands_on(bundle.in_force.from_)}
    parts = [*_assumptions(bundle), *_rules(bundle, standing), *_clauses(bundle, standing)]
    return Page(profile.name, bundle.regulation.title, tuple(_head(profile, policies, bundle)), tuple(parts))


def _head(profile: SchoolProfile, policies: Policies, bundle: Bundle) -> Iterator[tuple[str, str]]:
    regulation = bundle.regulation
    yield _("Школа"), profile.name
    order = _("приказ {order} от {dated}").format(order=regulation.order, dated=day(regulation.dated)) if regulation.order else ""
    yield _("Утверждено"), order or day(regulation.dated)
    starts, ends = next((starts, ends) for starts, ends, version in policies.spans() if version is bundle)
    until = _(" по {ends}").format(ends=day(ends)) if ends else ""
    yield _("Действует"), _("с {starts}").format(starts=day(starts)) + until
    others = [day(version.in_force.from_) for version in policies.versions if version is not bundle]
    if others:
        yield _("Другие редакции"), ", ".join(_("с {starts}").format(starts=other) for other in others)
    n = len(written(bundle))
    yield _("Правил"), f"{n}"
    yield _("Версия"), f"{bundle.version}@sha256:{bundle.hash}"


# ---- what the text leaves open -------------------------------------------------------------------------------------------------------


def _assumptions(bundle: Bundle) -> Iterator[Part]:
    if bundle.parameters:
        sources = {True: _("допущено школой"), False: _("из положения")}
        rows = [(name, f"{item.value} {item.unit}".strip(), sources[item.assumed], item.why) for name, item in bundle.parameters.items()]
        note = _("Где число допущено, вывод — только уведомление, пока школа не подтвердит число.")
        columns = (_("Параметр"), _("Значение"), _("Откуда"), _("Почему"))
        yield Part("parameters", _("Параметры"), note, columns=columns, rows=tuple(rows))
    if bundle.contradictions:
        read = tuple((clauses(item.clauses), item.reading) for item in bundle.contradictions)
        yield Part("readings", _("Как прочитаны расхождения"), columns=(_("Пункты"), _("Чтение")), rows=read)


# ---- rules -----------------------------------------------------------------------------------------------------------------------------


def _rules(bundle: Bundle, register: Mapping[str, Clause]) -> Iterator[Part]:
    """The rules in the order of the regulation, a part for each of its sections."""
    order = {number: place for place, number in enumerate(register)}
    norms = sorted(written(bundle), key=lambda norm: (order.get(norm.clause, len(order)), norm.clause, norm.id))
    sections: dict[str, list[Norm]] = {}
    for norm in norms:
        sections.setdefault(re.split(r"[.#(]", norm.clause)[0], []).append(norm)
    for number, found in sections.items():
        heading = _("Раздел {number}: что проверяется по журналу").format(number=number)
        yield Part(f"section-{number.lower()}", heading, rules=tuple(_rule(norm, bundle) for norm in found))


def _rule(norm: Norm, bundle: Bundle) -> Rule:
    return Rule(f"rule-{norm.id}", norm.title, tuple(fact for fact in _facts(norm, bundle) if fact.text))


def _facts(norm: Norm, bundle: Bundle) -> Iterator[Fact]:
    yield Fact(_("Пункт"), clauses([norm.clause, *norm.also]))
    yield Fact(_("При опоздании и"), clauses(norm.also_late))
    yield Fact(_("Учитывает"), clauses(norm.applies))
    yield Fact(_("Отвечает"), role_names().get(norm.role, norm.role))
    yield Fact(_("Срок"), norm.term_words(), assumed=bool(norm.assumed))
    yield Fact(_("Касается"), scope(norm.where, bundle.vocabulary))
    yield Fact(_("Вывод"), outcomes(norm), assumed=bool(norm.assumed))
    yield Fact(_("Тяжесть"), severity(norm))
    yield Fact(_("Допущено"), "; ".join(norm.assumed), assumed=True)
    yield Fact(_("Оговорка"), norm.contrary)
    yield Fact(_("Правило"), norm.id)


# ---- clauses that no rule decides --------------------------------------------------------------------------------------------------------


def _clauses(bundle: Bundle, register: Mapping[str, Clause]) -> Iterator[Part]:
    titles = {norm.id: norm.title for norm in bundle.rules}
    number, norm, who = _("Пункт"), _("Норма"), _("Кого касается")
    attested = [
        (_named(at), _norm(clause), role_names()[clause.attested.by], every_words(clause.attested.every), clause.attested.evidence)
        for at, clause in register.items()
        if clause.attested
    ]
    yield from _table("attested", _("Подтверждает человек"), (number, norm, _("Кто подтверждает"), _("Когда"), _("Чем")), attested)
    proxies = [
        (_named(at), _norm(clause), clause.proxy.measure, "; ".join(titles.get(rule, _("баллы")) for rule in clause.proxy.rules))
        for at, clause in register.items()
        if clause.proxy
    ]
    yield from _table("proxies", _("Косвенная мера"), (number, norm, _("Мера"), _("Чем считается")), proxies)
    free = [(_named(at), _norm(clause), actors(clause.who), clause.no_norm) for at, clause in register.items() if clause.no_norm]
    yield from _table("no-norm", _("Пункты без нормы"), (number, norm, who, _("Почему")), free)
    open_ = [(_named(at), _norm(clause), actors(clause.who)) for at, clause in register.items() if clause.accounting == "unaccounted"]
    yield from _table("unaccounted", _("Пока не учтены"), (number, norm, who), open_)


def _table(anchor: str, heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[Part]:
    found = tuple(rows)
    if found:
        n = len(found)
        note = f"{n} {ngettext(n, 'пункт', 'пункта', 'пунктов')}"
        yield Part(anchor, heading, note, columns=columns, rows=found)


def _named(number: str) -> str:
    return clauses([number])


def _norm(clause: Clause) -> str:
    return clause.norm or "—"
