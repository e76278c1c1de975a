"""Parts of a policy in words: clauses, whom a rule concerns, what it decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ingest.wording import _
from reports.console import verdict_names
from reports.explained import role_names

if TYPE_CHECKING:
    from rules.norm import Norm, Scope
    from rules.vocabulary import Vocabulary


def day(moment: date) -> str:
    """Give a date as «27.09.2023»."""
    return moment.strftime("%d.%m.%Y")


def clauses(numbers: Iterable[str]) -> str:
    """Give clauses in a row: «5.1 (a), 3.6.3 (b)» for 5.1#a and 3.6.3#b."""
    return ", ".join(f"{number} ({atom})" if atom else number for number, _sep, atom in (clause.partition("#") for clause in numbers))


def actors(who: Iterable[str]) -> str:
    """Give whom a clause binds: «учитель, классный руководитель»."""
    names = role_names() | {"school": _("школа"), "vendor": _("разработчик журнала"), "all_users": _("все пользователи")}
    return ", ".join(names.get(actor, actor) for actor in who)


def severity(norm: Norm) -> str:
    """Give how grave a breach is; "" where none can be a violation."""
    if not norm.judges:
        return ""
    if norm.verdict != "violation" and getattr(norm, "missing", norm.verdict) != "violation":
        return ""
    return {"critical": _("тяжёлое"), "major": _("существенное"), "minor": _("лёгкое")}[norm.severity]


def outcomes(norm: Norm) -> str:
    """Give what the rule answers to a breach: «нарушение; если не сделано совсем — решает человек»."""
    names = verdict_names() | {"ignore": _("без вывода")}
    if not norm.judges:
        return _("только показатели")
    parts = [names[norm.verdict]]
    missing, early = getattr(norm, "missing", norm.verdict), getattr(norm, "early", "ignore")
    if missing != norm.verdict:
        parts.append(_("если не сделано совсем — {answer}").format(answer=names[missing]))
    if early != "ignore":
        parts.append(_("если сделано раньше времени — {answer}").format(answer=names[early]))
    if norm.assumed and "violation" in (norm.verdict, missing, early):
        parts.append(_("там, где число допущено школой, — {answer}").format(answer=names["notice"]))
    return "; ".join(parts)


def scope(where: Scope, vocabulary: Vocabulary) -> str:
    """Give which lessons and works a rule speaks of, "" for all."""
    parts = []
    if where.grades:
        word = _("класс") if len(set(where.grades)) == 1 else _("классы")
        parts.append(f"{_ranges(where.grades)} {word}")
    for label, names in (
        (_("предметы: {names}"), where.subjects),
        (_("кроме предметов: {names}"), where.except_subjects),
        (_("работы: {names}"), [_work(kind, vocabulary) for kind in where.works]),
        (_("кроме работ: {names}"), [_work(kind, vocabulary) for kind in where.except_works]),
    ):
        if names:
            parts.append(label.format(names=", ".join(names)))
    if where.substituted is not None:
        parts.append(_("уроки, которые провёл замещающий") if where.substituted else _("кроме уроков, которые провёл замещающий"))
    if where.grouped is not None:
        parts.append(_("уроки по группам") if where.grouped else _("кроме уроков по группам"))
    return "; ".join(parts)


def _work(kind: str, vocabulary: Vocabulary) -> str:
    """A kind of work by its first name in the school's vocabulary."""
    return next(iter(vocabulary.works.get(kind, ())), kind)


def _ranges(numbers: Sequence[int]) -> str:
    """Whole numbers in a row with dashes: «1, 5–9»."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
