"""Findings in words: one or two Russian sentences with the date arithmetic, readable by a teacher."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ingest.wording import _
from rules.due import short_day, short_instant
from rules.telling import lapse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.standing import Standing
    from rules.norm import Norm
    from rules.setting import Setting

_SECOND = 1_000_000
_SHOWN = 5
"""How many students an explanation names; all of them stand in the finding."""


def clause_number(clause: str) -> str:
    """Give a clause as it is cited in a text: «3.6.8» for the atom `3.6.8#a`, «4» for `4.homeroom#2` keeps its section name."""
    return re.sub(r"#.*$", "", clause)


def cited(clauses: Iterable[str]) -> str:
    """Give clause numbers in a row without repetition: «5.1, 3.6.3»."""
    return ", ".join(dict.fromkeys(clause_number(clause) for clause in clauses))


def explain(
    norm: Norm,
    rows: Sequence[Standing],
    figures: Sequence[Mapping[str, object]],
    verdict: str,
    status: str,
    also: tuple[str, ...],
    due: int,
    setting: Setting,
) -> str:
    """Give the explanation of a finding made of `rows` (cases of one norm, with their figures); `due` in microseconds UTC, 0 none."""
    about = ", ".join(_about(rows, setting))
    text = norm.title + (f" ({about})" if about else "") + ": "
    arithmetic = norm.arithmetic(rows[0].day, np.datetime64(due, "us"), setting) if due else ""
    parts = [arithmetic] if arithmetic else []
    parts.append(norm.outcome(figures, setting) or _outcome(rows, verdict, status, due, setting))
    clauses = _("п. {clause}").format(clause=clause_number(norm.clause))
    others = cited(clause for clause in also if clause_number(clause) != clause_number(norm.clause))
    if others:
        clauses += _("; также {others}").format(others=others)
    text += "; ".join(parts) + f" ({clauses})."
    reasons = {reason for row in rows for reason in row.ruling.reasons}
    if norm.contrary:
        text += " " + norm.contrary
    if "notice.assumed" in reasons:
        text += " " + _("Срок допущен школой, в положении его нет: {why}.").format(why="; ".join(norm.assumed))
    if "excuse.outage" in reasons:
        text += " " + _("Срок перенесён из-за сбоя журнала.")
    return text


def _about(rows: Sequence[Standing], setting: Setting) -> list[str]:
    journal = setting.journal
    codes = rows[0].codes
    parts = [journal.name(domain, codes[domain]) for domain in ("class", "group", "subject", "period")]
    if parts[1] is not None:
        parts[1] = _("группа {group}").format(group=parts[1])
    parts.append(short_day(rows[0].day))
    students = sorted({name for row in rows if (name := journal.name("person", row.codes["student"])) is not None})
    if students:
        shown = ", ".join(students[:_SHOWN]) + (_(" и ещё {n}").format(n=len(students) - _SHOWN) if len(students) > _SHOWN else "")
        parts.append(_("ученики: {names}").format(names=shown) if len(students) > 1 else _("ученик: {names}").format(names=shown))
    return [part for part in parts if part]


def _outcome(rows: Sequence[Standing], verdict: str, status: str, due: int, setting: Setting) -> str:
    done = max(row.done for row in rows)
    when = _moment(done, setting) if done else ""
    if verdict == "unproven" and "unproven.actor" in {reason for row in rows for reason in row.ruling.reasons}:
        return _("запись сделана {done}, но неизвестно, кем: запрет касается не всех").format(done=when)
    if verdict == "unproven":
        low = _moment(min(row.low for row in rows), setting)
        return _("запись сделана между {low} и {done}, по данным нельзя решить, в срок ли").format(low=low, done=when)
    if status == "missing":
        return _("на {as_of} записи нет").format(as_of=short_instant(setting.as_of, setting))
    if status == "early":
        return _("внесено {done}, раньше первого разрешённого момента {due}").format(done=when, due=_moment(due, setting))
    if status == "late" and due:
        text = _("внесено {done}, позже на {lapse}").format(done=when, lapse=lapse((done - due) // _SECOND))
        if verdict == "review" and "review.timetable" in {reason for row in rows for reason in row.ruling.reasons}:
            text += _("; расписание изменили уже после срока, по прежнему расписанию запись была в срок — решает человек")
        return text
    if status == "forbidden" and due:
        return _("запись сделана {done}, через {lapse} после закрытия").format(done=when, lapse=lapse((done - due) // _SECOND))
    if status == "forbidden":
        return _("такая запись сделана {done}, а её быть не должно").format(done=when)
    if status == "out_of_order":
        return _("сделано {done}, не в том порядке").format(done=when) if when else _("сделано не в том порядке")
    return _("установлено {done}").format(done=when) if when else _("установлено по данным журнала")


def _moment(instant: int, setting: Setting) -> str:
    return short_instant(np.datetime64(instant, "us"), setting)
