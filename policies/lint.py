"""Lint of policies: what a regulation says twice, against itself, without a number, or not at all; and how the bundle reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Literal

from ingest.wording import _
from policies.bundle import Bundle, Policies
from rules.absence_reasons import AbsenceReasons
from rules.attestation import Attestation
from rules.deadline import Deadline
from rules.edit_window import EditWindow
from rules.forbidden import Forbidden
from rules.norm import Norm, Scope
from rules.remark_terms import RemarkTerms

Kind = Literal["contradiction", "twice", "vague", "assumed", "dead", "gap", "lacking"]
_GRADES = frozenset(range(1, 12))
_SHAPE = frozenset({"family", "record", "cell", "entry", "lesson", "students", "control", "medium", "report", "act", "document", "measure"})
"""Parameters that say what a norm is about, whatever its term."""


@dataclass(frozen=True)
class Note:
    """One remark on a policy: its clauses, what is the matter, the reading that the bundle takes; `problem`: somebody must decide."""

    kind: Kind
    clauses: tuple[str, ...]
    message: str
    reading: str = ""
    problem: bool = False


def kind_names() -> dict[Kind, str]:
    """Give the kinds of remarks in words, in the order in which they are shown."""
    return {
        "contradiction": _("Пункты, которые говорят разное"),
        "twice": _("Одна норма в нескольких пунктах"),
        "vague": _("Срок без числа"),
        "assumed": _("Допущенные параметры"),
        "dead": _("Правила, которые никогда не сработают"),
        "gap": _("Дни без действующего положения"),
        "lacking": _("Нормы других школ, которых здесь нет (для сведения)"),
    }


def lint(policies: Policies, others: Mapping[str, Policies]) -> list[Note]:
    """Give the remarks on a school's policy in the order of `kind_names`; `others` are the policies of other schools by name."""
    notes = [note for bundle in policies.versions for note in _of_version(bundle)]
    notes += _gaps(policies)
    notes += _lacking(policies.versions[-1], others)
    order = list(kind_names())
    return sorted(dict.fromkeys(notes), key=lambda note: (order.index(note.kind), not note.problem, note.clauses))


def _of_version(bundle: Bundle) -> Iterator[Note]:
    yield from _contradictions(bundle)
    yield from _twice(bundle)
    yield from _vague(bundle)
    for name, parameter in bundle.parameters.items():
        if parameter.assumed:
            clauses = tuple(norm.clause for norm in bundle.rules if any(parameter.why in reason for reason in norm.assumed))
            message = _("{name}: {value} {unit}").format(name=name, value=parameter.value, unit=parameter.unit)
            yield Note("assumed", clauses, message, parameter.why)
    yield from _dead(bundle)


# ---- contradictions ----------------------------------------------------------------------------------------------------------------


def _contradictions(bundle: Bundle) -> Iterator[Note]:
    read = {frozenset(item.clauses): item for item in bundle.contradictions}
    for item in bundle.contradictions:
        yield Note("contradiction", item.clauses, _("пункты расходятся"), item.reading)
    for first, second, message in _opposed(bundle):
        if any({first.clause, second.clause} <= clauses for clauses in read):
            continue
        speaker = first if second.id in first.absorbs else second if first.id in second.absorbs else None
        reading = _("говорит правило {rule}: п. {clause}").format(rule=speaker.id, clause=speaker.clause) if speaker else ""
        unread = _("; как читать, не сказано: добавьте contradictions") if speaker is None else ""
        yield Note("contradiction", (first.clause, second.clause), message + unread, reading, problem=speaker is None)


def _opposed(bundle: Bundle) -> Iterator[tuple[Norm, Norm, str]]:
    """Pairs of rules that cannot always be kept at once, or that set two terms for one record."""
    for first, second in combinations(bundle.rules, 2):
        for one, other in ((first, second), (second, first)):
            if isinstance(one, EditWindow) and one.record == "marks" and isinstance(other, RemarkTerms):
                yield one, other, _("исправление закрыто, а замечание может его потребовать")
            if isinstance(one, EditWindow) and one.record == "attendance" and isinstance(other, AbsenceReasons):
                yield one, other, _("посещаемость закрывается, а справка о болезни может прийти позже")
            if isinstance(one, Forbidden) and one.students == "all" and isinstance(other, Deadline) and _asked_for(one, other):
                yield one, other, _("запись запрещена и требуется у одних и тех же классов")
        if isinstance(first, Deadline) and isinstance(second, Deadline) and _two_terms(first, second, bundle):
            yield first, second, _("два разных срока для одной записи")


def _asked_for(ban: Forbidden, duty: Deadline) -> bool:
    """Tell whether a duty demands, for some grade, an entry that the ban forbids; duties on what was entered anyway demand nothing."""
    records = {"mark": ("period_marks",) if ban.period_marks else (), "homework": ("homework",)}[ban.entry]
    grades = _grades(ban.where) & _grades(duty.where)
    return duty.record in records and duty.missing != "ignore" and bool(grades)


def _two_terms(first: Deadline, second: Deadline, bundle: Bundle) -> bool:
    return first.record == second.record and first.due != second.due and _overlap(first.where, second.where, bundle)


def _grades(scope: Scope) -> frozenset[int]:
    return frozenset(scope.grades) or _GRADES


def _overlap(first: Scope, second: Scope, bundle: Bundle) -> bool:
    """Tell whether some lesson or work belongs to both scopes."""
    words = bundle.vocabulary
    named = [({words.subject(n) for n in s.subjects}, {words.subject(n) for n in s.except_subjects}) for s in (first, second)]
    works = [({words.work(n) or n for n in s.works}, {words.work(n) or n for n in s.except_works}) for s in (first, second)]
    return bool(_grades(first) & _grades(second)) and _common(named) and _common(works)


def _common(sides: Sequence[tuple[set[str], set[str]]]) -> bool:
    """Tell whether two selections (only these, but not those) share a name; an empty "only" means all names."""
    (only, but), (other_only, other_but) = sides
    if only and other_only:
        return bool((only & other_only) - but - other_but)
    return not (only or other_only) or bool((only or other_only) - but - other_but)


# ---- repetitions, vague terms, rules without effect ----------------------------------------------------------------------------------


def _twice(bundle: Bundle) -> Iterator[Note]:
    for norm in bundle.rules:
        if norm.also:
            reading = _("считается один раз, называется п. {clause}").format(clause=norm.clause)
            yield Note("twice", (norm.clause, *norm.also), norm.title, reading)
    plain: dict[str, Norm] = {}
    for norm in _written(bundle):
        content = norm.model_dump_json(exclude={"id", "title", "clause", "also", "also_late", "applies", "contrary"})
        if content in plain:
            message = _("правила {first} и {second} одинаковы: оставьте одно, второй пункт назовите в also").format(
                first=plain[content].id, second=norm.id
            )
            yield Note("twice", (plain[content].clause, norm.clause), message, problem=True)
        plain.setdefault(content, norm)


def _written(bundle: Bundle) -> list[Norm]:
    """The rules that stand in the bundle; those that follow from the register of clauses are alike by their nature."""
    return [norm for norm in bundle.rules if not isinstance(norm, Attestation)]


def _vague(bundle: Bundle) -> Iterator[Note]:
    for norm in bundle.rules:
        if norm.assumed:
            yield Note("vague", (norm.clause, *norm.also), norm.title, "; ".join(norm.assumed))


def _dead(bundle: Bundle) -> Iterator[Note]:
    for norm in bundle.rules:
        answers = {norm.verdict, getattr(norm, "missing", "ignore"), getattr(norm, "early", "ignore")}
        unknown = [name for name in (*norm.where.works, *norm.where.except_works) if bundle.vocabulary.work(name) is None]
        reason = ""
        if answers == {"ignore"}:
            reason = _("все выводы выключены (ignore)")
        elif not _grades(norm.where) & _GRADES:
            reason = _("таких параллелей нет")
        elif norm.where.subjects and set(norm.where.subjects) <= set(norm.where.except_subjects):
            reason = _("предметы и названы, и исключены")
        elif unknown:
            reason = _("вида работы «{name}» нет в словаре").format(name=unknown[0])
        if reason:
            yield Note("dead", (norm.clause,), f"{norm.id}: {reason}", problem=True)


# ---- versions and other schools ------------------------------------------------------------------------------------------------------


def _gaps(policies: Policies) -> Iterator[Note]:
    spans = policies.spans()
    for (_starts, ends, _bundle), (following, _ends, _next) in zip(spans, spans[1:], strict=False):
        if ends is not None and ends + timedelta(days=1) < following:
            first, last = ends + timedelta(days=1), following - timedelta(days=1)
            message = _("с {first} по {last} не действует ни одна редакция: эти дни не проверяются").format(first=first, last=last)
            yield Note("gap", (), message, problem=True)


def _shape(norm: Norm) -> tuple[tuple[str, str], ...]:
    """What a norm is about, apart from its term: equal for the same norm in different schools."""
    return tuple(sorted((name, str(value)) for name, value in norm.model_dump().items() if name in _SHAPE and value is not None))


def _lacking(bundle: Bundle, others: Mapping[str, Policies]) -> Iterator[Note]:
    own = {_shape(norm) for norm in _written(bundle)}
    foreign: dict[tuple[tuple[str, str], ...], list[tuple[str, Norm]]] = {}
    for school, policies in sorted(others.items()):
        for norm in _written(policies.versions[-1]):
            if _shape(norm) not in own:
                foreign.setdefault(_shape(norm), []).append((school, norm))
    for found in foreign.values():
        places = dict.fromkeys(_("{school}, п. {clause}").format(school=school, clause=norm.clause) for school, norm in found)
        yield Note("lacking", (), f"{found[0][1].title} ({'; '.join(places)})", _("положение молчит, вывода нет"))
