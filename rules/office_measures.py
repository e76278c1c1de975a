"""Measures of what people do around the journal: messages, controls, remarks, personal cards, and of how the journal itself works."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.journal import codes_of
from ingest.wording import _
from rules.figures import Asked, Measure, seen
from rules.participation import in_spans, roster
from rules.spans import as_of_day, span_of, study_spans

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

    Figures = Callable[[Asked], pd.DataFrame]
    Events = Callable[[Setting], pd.DataFrame]

_OFFICE = ("deputy_director", "director", "administrator", "backup_administrator")
_REMARK_DAYS = 7
"""A remark made within so many days after a control is taken for its result."""
_MINUTE, _HOUR = np.timedelta64(1, "m"), np.timedelta64(1, "h")


# ---- what each person of a role did --------------------------------------------------------------------------------------------------


def people(role: str, scope: Scope, spans: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Give who held a role in each period: span, person; teachers are those who held a lesson, homeroom teachers those of a class."""
    if role == "homeroom_teacher":
        members = roster(scope, spans, setting)[["span", "class"]].drop_duplicates()
        until = spans["until"].to_numpy()[members["span"].to_numpy(dtype=np.int64)]
        held = members.assign(person=setting.journal.homeroom(members["class"].to_numpy(dtype=np.int32), until))
    elif role == "teacher":
        lessons = setting.lessons(scope)
        held = pd.DataFrame({"span": span_of(lessons["day"].to_numpy(), spans), "person": lessons["teacher"].to_numpy()})
    else:
        table = setting.journal.roles[setting.journal.roles["role"] == role]
        held = table.merge(spans[["starts", "until"]].reset_index(names="span"), how="cross", suffixes=("", "_span"))
        held = held[(held["starts"] <= held["until"]) & (held["ends"] >= held["starts_span"])]
    held = held[(held["span"] >= 0) & (held["person"] >= 0)]
    return held[["span", "person"]].astype(np.int64).drop_duplicates(ignore_index=True)


def _acts_of(events: Events) -> Figures:
    """Give how many of `events` (person, done) each holder of the rule's role made in each period."""

    def figures(asked: Asked) -> pd.DataFrame:
        spans = study_spans(asked.setting)
        made = events(asked.setting)
        made = made.assign(span=span_of(asked.setting.journal.local_day(made["done"].to_numpy()), spans))
        counts = made.groupby(["span", "person"]).size().rename("part")
        held = people(asked.role, asked.scope, spans, asked.setting).join(counts, on=["span", "person"])
        return in_spans(held.assign(part=held["part"].fillna(0).astype(np.int64)), spans)

    return figures


def _sent(*event_types: str, about: tuple[str, ...] = (), to_parents: bool = False) -> Events:
    def events(setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        parents = setting.people.ever("parent")
        parts = []
        for event_type in event_types:
            table = journal.table(event_type)
            chosen = np.ones(len(table), dtype=bool)
            if about:
                chosen &= table["about"].astype(object).isin(about).to_numpy()
            if to_parents:
                chosen &= parents[codes_of(table["to"])]
            parts.append(journal.entries(event_type)[chosen][["actor", "done"]])
        return pd.concat(parts, ignore_index=True).rename(columns={"actor": "person"})

    return events


def _controls(*kinds: str, direction: str = "") -> Events:
    """Controls by their maker; where nobody is named, a homeroom teacher's control of a class is its homeroom teacher's."""

    def events(setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        table = journal.table("control.performed")
        entries = journal.entries("control.performed", **{"class": "class"})
        of_class = journal.homeroom(entries["class"].to_numpy(), journal.local_day(entries["done"].to_numpy()))
        unnamed = (entries["actor"] < 0) & (table["role"].astype(object) == "homeroom_teacher").to_numpy()
        chosen = np.ones(len(table), dtype=bool)
        if kinds:
            chosen &= table["control"].astype(object).isin(kinds).to_numpy()
        if direction:
            chosen &= np.array([listed is None or direction in listed for listed in table["directions"].astype(object)], dtype=bool)
        return entries.assign(person=np.where(unnamed, of_class, entries["actor"]))[chosen]

    return events


# ---- controls and remarks ------------------------------------------------------------------------------------------------------------


def _controls_with_remarks(asked: Asked) -> pd.DataFrame:
    """Per period: controls by the administration, and how many of them a remark followed."""
    journal = asked.setting.journal
    spans = study_spans(asked.setting)
    roles = journal.table("control.performed")["role"].astype(object)
    done = np.sort(journal.entries("control.performed")["done"].to_numpy()[roles.isin(_OFFICE).to_numpy()])
    issued = np.sort(journal.remarks["issued"].to_numpy())
    following = np.append(issued, np.datetime64("NaT", "us"))[np.searchsorted(issued, done, side="left")]
    frame = pd.DataFrame(
        {"span": span_of(journal.local_day(done), spans), "remarked": following - done <= np.timedelta64(_REMARK_DAYS, "D")}
    )
    totals = frame[frame["span"] >= 0].groupby("span")["remarked"].agg(part="sum", whole="size").reset_index()
    return in_spans(totals, spans)


def _open_remark_days(asked: Asked) -> pd.DataFrame:
    """Per person to whom remarks were made: the age of the oldest that is open at `as_of`, 0 where none is."""
    remarks = asked.setting.journal.remarks
    age = as_of_day(asked.setting) - asked.setting.journal.local_day(remarks["issued"].to_numpy())
    aged = remarks.assign(value=np.where(remarks["ev_resolved"] < 0, age, 0).astype(np.float64), ev_remark=remarks["ev_issued"])
    oldest = aged.sort_values(["value", "ev_issued"]).drop_duplicates("person", keep="last")
    return oldest[["person", "value", "ev_remark"]].reset_index(drop=True).assign(day=as_of_day(asked.setting), closed=True)


def _remark_days(asked: Asked) -> pd.DataFrame:
    """Per period in which remarks were made: mean days until they were resolved, of those that are."""
    spans = study_spans(asked.setting)
    remarks = asked.setting.journal.remarks
    remarks = remarks[remarks["ev_resolved"] >= 0]
    issued, resolved = (asked.setting.journal.local_day(remarks[name].to_numpy()) for name in ("issued", "resolved"))
    frame = pd.DataFrame({"span": span_of(issued, spans), "value": (resolved - issued).astype(np.float64)})
    return in_spans(frame[frame["span"] >= 0].groupby("span")["value"].mean().reset_index(), spans)


# ---- the journal itself --------------------------------------------------------------------------------------------------------------


def _outages(setting: Setting) -> tuple[pd.DataFrame, list[np.timedelta64], list[np.timedelta64]]:
    """The periods, how long each has lasted by `as_of`, and how long of it the journal was out of order."""
    spans = study_spans(setting)
    outages = setting.journal.outages.sort_values("begins")
    begins = outages["begins"].to_numpy()
    ends = np.where(np.isnat(outages["ends"].to_numpy()), setting.as_of, outages["ends"].to_numpy())
    reached = np.maximum.accumulate(ends) if len(ends) else ends
    # Outages of several parts of the journal may overlap: each counts from where the earlier ones end.
    begins = np.maximum(begins, np.concatenate([begins[:1], reached[:-1]]))
    lengths, lost = [], []
    for starts, until in zip(spans["starts"].tolist(), spans["until"].tolist(), strict=True):
        first = setting.calendar.midnight(np.array([starts]))[0]
        last = min(setting.calendar.end_of(np.array([until]))[0], setting.as_of)
        inside = np.minimum(ends, last) - np.maximum(begins, first)
        lengths.append(last - first)
        lost.append(inside[inside > np.timedelta64(0, "us")].sum() if len(inside) else np.timedelta64(0, "us"))
    return spans, lengths, lost


def _outage_hours(asked: Asked) -> pd.DataFrame:
    spans, _lengths, lost = _outages(asked.setting)
    hours = np.array([span / _HOUR for span in lost], dtype=np.float64)
    return in_spans(pd.DataFrame({"span": np.arange(len(spans)), "value": hours}), spans)


def _uptime(asked: Asked) -> pd.DataFrame:
    """Per period: minutes in which the journal worked, of all."""
    spans, lengths, lost = _outages(asked.setting)
    whole = np.array([length // _MINUTE for length in lengths], dtype=np.int64)
    down = np.array([-(-span // _MINUTE) for span in lost], dtype=np.int64)
    return in_spans(pd.DataFrame({"span": np.arange(len(spans)), "part": whole - down, "whole": whole}), spans)


# ---- personal cards ------------------------------------------------------------------------------------------------------------------


def _incomplete_cards(of: str) -> Figures:
    """Give per class and period: students (or their parents) whose card was not marked complete by its last day looked at."""

    def figures(asked: Asked) -> pd.DataFrame:
        journal = asked.setting.journal
        spans = study_spans(asked.setting)
        members = roster(asked.scope, spans, asked.setting).rename(columns={"student": "person"})
        if of == "parent":
            links = asked.setting.people.families
            members = members.merge(links, left_on="person", right_on="student")[["span", "class", "parent"]]
            members = members.rename(columns={"parent": "person"}).drop_duplicates()
        updates = journal.entries("profile.updated", person="person")
        updates["complete"] = journal.table("profile.updated")["complete"].astype(object).to_numpy()
        updates["day"] = journal.local_day(updates["done"].to_numpy())
        updates = updates[updates["complete"].notna()]
        parts = []
        for row, until in enumerate(spans["until"].tolist()):
            part = members[members["span"] == row]
            said = updates[updates["day"] <= until].drop_duplicates("person", keep="last")
            complete = said.loc[said["complete"].astype(bool), "person"]
            parts.append(part.assign(wanting=~part["person"].isin(complete)))
        frame = pd.concat(parts, ignore_index=True) if parts else members.assign(wanting=False)
        counts = frame.groupby(["span", "class"])["wanting"].agg(part="sum", whole="size").reset_index()
        shares = in_spans(counts.astype(np.int64), spans)
        until = spans["until"].to_numpy()[shares["span"].to_numpy()]
        return shares.assign(answers=journal.homeroom(shares["class"].to_numpy(dtype=np.int32), until))

    return figures


def _cards_known(setting: Setting) -> bool:
    return bool(setting.journal.table("profile.updated")["complete"].notna().any())


_MESSAGES = ("message.sent", "notice.sent")
MEASURES = (
    Measure("messages_sent", "count", lambda: _("отправленных сообщений и извещений"), _acts_of(_sent(*_MESSAGES)), seen(*_MESSAGES)),
    Measure(
        "messages_to_parents",
        "count",
        lambda: _("сообщений и извещений родителям"),
        _acts_of(_sent(*_MESSAGES, to_parents=True)),
        seen(*_MESSAGES),
    ),
    Measure(
        "announcements_posted",
        "count",
        lambda: _("объявлений на доске"),
        _acts_of(_sent("announcement.posted")),
        seen("announcement.posted"),
    ),
    Measure(
        "breach_notices",
        "count",
        lambda: _("извещений о нарушениях учителей"),
        _acts_of(_sent("notice.sent", about=("breach",))),
        seen("notice.sent"),
    ),
    Measure("controls_performed", "count", lambda: _("проведённых проверок"), _acts_of(_controls()), seen("control.performed")),
    Measure(
        "access_checks",
        "count",
        lambda: _("проверок доступа родителей и учеников"),
        _acts_of(_controls("access_check")),
        seen("control.performed"),
    ),
    Measure(
        "profile_checks", "count", lambda: _("проверок личных карточек"), _acts_of(_controls("profile_check")), seen("control.performed")
    ),
    Measure(
        "mark_checks",
        "count",
        lambda: _("проверок отметок"),
        _acts_of(_controls("weekly_analysis", "monthly_analysis", "period_analysis", "deputy_check", "director_check", direction="marks")),
        seen("control.performed"),
    ),
    Measure(
        "participation_checks",
        "count",
        lambda: _("проверок участия родителей и учеников"),
        _acts_of(_controls(direction="participation")),
        seen("control.performed"),
    ),
    Measure(
        "controls_with_remarks",
        "percent",
        lambda: _("проверок администрации, за которыми в течение недели последовали замечания"),
        _controls_with_remarks,
        seen("control.performed"),
    ),
    Measure(
        "open_remark_days", "days", lambda: _("возраст самого старого неустранённого замечания"), _open_remark_days, seen("remark.issued")
    ),
    Measure("remark_days", "days", lambda: _("за сколько дней в среднем устраняют замечание"), _remark_days, seen("remark.issued")),
    Measure("outage_hours", "hours", lambda: _("журнал не работал"), _outage_hours, seen("outage.began")),
    Measure("uptime", "percent", lambda: _("минут, в которые журнал работал"), _uptime, seen("outage.began")),
    Measure("incomplete_student_cards", "percent", lambda: _("учеников с неполной карточкой"), _incomplete_cards("student"), _cards_known),
    Measure("incomplete_parent_cards", "percent", lambda: _("родителей с неполной карточкой"), _incomplete_cards("parent"), _cards_known),
)
