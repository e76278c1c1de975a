"""Family `attestation`: what no event can show is confirmed by the person who answers for it, once or for every interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np
from pydantic import Field

from ingest.wording import _, ngettext
from rules.cases import Cases, acts, empty_act, silent, units
from rules.due import short_day, short_instant
from rules.norm import Answer, Norm

if TYPE_CHECKING:
    from rules.setting import Setting

Every = Literal["once", "year", "period", "month", "request"]
_GRAIN = ("day",)


class Attestation(Norm):
    """A clause is confirmed once, or in every school year, study period or month, at the latest some days after its end.

    Broken: the year ended on 25 May, nobody confirmed by 8 June. Kept: confirmed in March; confirmed on 8 June at 23:00; confirmed in
    August for the whole coming year.
    """

    family: Literal["attestation"]
    verdict: Answer = Field(default="review", description="Вывод, если не подтверждено в срок")
    scored: bool = Field(default=False, description="Подтверждения в баллы не идут")
    every: Every = Field(description="Как часто: once, year, period, month или request (по запросу, без срока)")
    grace_days: int = Field(default=14, ge=0, description="Сколько календарных дней после конца срока ещё можно подтвердить")
    document: str = Field(default="", description="Чем подтверждается")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per interval: done with the first confirmation that was given in it or speaks of it."""
        confirmations = setting.confirmations
        spans = confirmations.intervals(self.every)
        limit = setting.calendar.end_of(spans["ends"].to_numpy(dtype=np.int64) + self.grace_days)
        if not confirmations.any:
            return silent(self, _GRAIN, int((limit <= setting.as_of).sum()))
        frame = spans.assign(limit=limit, day=spans["starts"])
        # What is confirmed once may have been confirmed long before; confirmed too late, it is confirmed all the same.
        given = confirmations.given(self.clause, spans, limit, ever=self.every == "once")
        event = given["event"].to_numpy(dtype=np.int32)
        cell = np.full(len(spans), crc32(self.clause.encode()), dtype=np.int64)
        frame = frame.assign(
            person=confirmations.holders(self.role, self.every),
            done=given["done"].to_numpy(),
            low=given["low"].to_numpy(),
            ev_given=event,
            act=acts(event, empty_act("attestation", cell, spans["starts"].to_numpy(dtype=np.int64))),
            fig_given=event >= 0,
        )
        return Cases(self, units(frame), _GRAIN, missing=self.verdict)

    def term_words(self) -> str:
        """Give how often it is confirmed and by when, in Russian words."""
        if not self.grace_days or self.every == "request":
            return every_words(self.every)
        days = ngettext(self.grace_days, "день", "дня", "дней")
        return every_words(self.every) + _(" и ещё {n} {days}").format(n=self.grace_days, days=days)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the sum in Russian: the interval's last day and the days of grace."""
        shown = short_instant(due, setting)
        last = int(setting.calendar.day_of(np.array([due - np.timedelta64(1, "us")]))[0]) - self.grace_days
        days = ngettext(self.grace_days, "день", "дня", "дней")
        return _("подтверждается за {first} – {last}, срок {last} + {n} {days} — до {due}").format(
            first=short_day(day), last=short_day(last), n=self.grace_days, days=days, due=shown
        )

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian that nobody confirmed; a late confirmation needs no own sentence."""
        if any(case["given"] for case in figures):
            return ""
        text = _("на {as_of} никто этого не подтвердил").format(as_of=short_instant(setting.as_of, setting))
        return text + (_(" (чем подтвердить: {document})").format(document=self.document) if self.document else "")


def every_words(every: Every) -> str:
    """Give how often something is confirmed, in Russian words."""
    return {
        "once": _("один раз, до конца первого учебного года"),
        "year": _("каждый год, до конца учебного года"),
        "period": _("каждый учебный период, до его конца"),
        "month": _("каждый месяц, до его конца"),
        "request": _("по запросу, без срока"),
    }[every]
