"""Findings in words: one or two Russian sentences with the date arithmetic, readable by a teacher."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.wording import _, ngettext
from rules.due import short_day, short_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.norm import Norm
    from rules.setting import Setting

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def clause_number(clause: str) -> str:
    """Give a clause as it is cited in a text: «3.6.8» for the atom `3.6.8#a`, «4» for `4.homeroom#2` keeps its section name."""
    return re.sub(r"#.*$", "", clause)


def cited(clauses: Iterable[str]) -> str:
    """Give clause numbers in a row without repetition: «5.1, 3.6.3»."""
    return ", ".join(dict.fromkeys(clause_number(clause) for clause in clauses))


def lapse(seconds: int) -> str:
    """Give a span of time in words: «3 дня 9 часов», «40 минут», «1 секунда»; at most two units, the smaller rounded down."""
    days, rest = divmod(int(seconds), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, secs = divmod(rest, _MINUTE)
    parts = [
        (days, ngettext(days, "день", "дня", "дней")),
        (hours, ngettext(hours, "час", "часа", "часов")),
        (minutes, ngettext(minutes, "минута", "минуты", "минут")),
        (secs, ngettext(secs, "секунда", "секунды", "секунд")),
    ]
    first = next((place for place, (number, _word) in enumerate(parts) if number), 3)
    return " ".join(f"{number} {word}" for number, word in parts[first : first + 2] if number or first == 3) or f"0 {parts[3][1]}"


def explain(
    norm: Norm, group: pd.DataFrame, verdict: str, status: str, also: tuple[str, ...], due: pd.Timestamp | None, setting: Setting
) -> str:
    """Give the explanation of a finding whose rows are `group` (candidates of one norm with `done`, `low`, `day` and codes)."""
    about = ", ".join(_about(group, setting))
    text = f"{norm.title}" + (f" ({about})" if about else "") + ": "
    arithmetic = "" if due is None else norm.arithmetic(int(group["day"].iloc[0]), due.to_datetime64().astype("datetime64[us]"), setting)
    parts = [arithmetic] if arithmetic else []
    parts.append(_outcome(group, verdict, status, due, setting))
    clauses = _("п. {clause}").format(clause=clause_number(norm.clause))
    others = cited(clause for clause in also if clause_number(clause) != clause_number(norm.clause))
    if others:
        clauses += _("; также {others}").format(others=others)
    text += "; ".join(parts) + f" ({clauses})."
    if norm.contrary:
        text += " " + norm.contrary
    if verdict == "notice" and norm.assumed:
        text += " " + _("Срок допущен школой, в положении его нет: {why}.").format(why="; ".join(norm.assumed))
    if "excuse.outage" in {reason for reasons in group["reasons"] for reason in reasons}:
        text += " " + _("Срок перенесён из-за сбоя журнала.")
    return text


def _about(group: pd.DataFrame, setting: Setting) -> list[str]:
    journal = setting.journal
    row = group.iloc[0]
    parts = [journal.name(domain, int(row[domain])) for domain in ("class", "group", "subject", "period")]
    if parts[1] is not None:
        parts[1] = _("группа {group}").format(group=parts[1])
    parts.append(short_day(int(row["day"])))
    students = sorted({name for code in group["student"] if (name := journal.name("person", int(code))) is not None})
    if students:
        shown = ", ".join(students[:5]) + (_(" и ещё {n}").format(n=len(students) - 5) if len(students) > 5 else "")
        parts.append(_("ученики: {names}").format(names=shown) if len(students) > 1 else _("ученик: {names}").format(names=shown))
    return [part for part in parts if part]


def _outcome(group: pd.DataFrame, verdict: str, status: str, due: pd.Timestamp | None, setting: Setting) -> str:
    done = group["done"].max()
    when = "" if pd.isna(done) else _moment(done, setting)
    if verdict == "unproven":
        low = group["low"].min()
        return _("запись сделана между {low} и {done}, по данным нельзя решить, в срок ли").format(low=_moment(low, setting), done=when)
    if status == "missing":
        return _("на {as_of} записи нет").format(as_of=_moment(pd.Timestamp(setting.as_of), setting))
    if status == "early":
        return _("внесено {done}, раньше первого разрешённого момента {due}").format(
            done=when, due="" if due is None else _moment(due, setting)
        )
    if status == "late" and due is not None:
        seconds = max(0, int((pd.Timestamp(done) - due).total_seconds()))
        text = _("внесено {done}, позже на {lapse}").format(done=when, lapse=lapse(seconds))
        if verdict == "review":
            text += _("; расписание изменили уже после срока, по прежнему расписанию запись была в срок — решает человек")
        return text
    if status == "forbidden" and due is not None:
        seconds = max(0, int((pd.Timestamp(done) - due).total_seconds()))
        return _("запись сделана {done}, через {lapse} после закрытия").format(done=when, lapse=lapse(seconds))
    if status == "forbidden":
        return _("такая запись сделана {done}, а её быть не должно").format(done=when)
    return _("установлено {done}").format(done=when) if when else _("установлено по данным журнала")


def _moment(instant: pd.Timestamp, setting: Setting) -> str:
    return short_instant(np.datetime64(pd.Timestamp(instant).to_datetime64()).astype("datetime64[us]"), setting)
