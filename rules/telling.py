"""Pieces of sentences that several families say: spans of time, lateness, lists of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.wording import _, ngettext
from rules.due import short_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.setting import Setting

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN = 3


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


def between(first: np.datetime64, second: np.datetime64) -> str:
    """Give the time from one instant to a later one in words."""
    return lapse(int((second - first) // np.timedelta64(1, "s")))


def late_by(due: np.datetime64, done: np.datetime64, setting: Setting) -> str:
    """Give «, позже на 2 дня 9 часов» for an act at `done` that was due at `due`; "" where it was in time or an outage moves the term."""
    outages = setting.journal.outages
    begun, ended = outages["begins"].to_numpy(), outages["ends"].to_numpy()
    covered = (begun <= due) & (np.isnat(ended) | (due <= ended))
    if done < due or bool(covered.any()):
        return ""
    return _(", позже на {lapse}").format(lapse=between(due, done))


def when(instant: object, setting: Setting) -> str:
    """Give an instant out of a figure (UTC) in the school's zone."""
    return short_instant(np.datetime64(str(instant), "us"), setting)


def some(texts: Sequence[str]) -> str:
    """Give the first few of several sentences, and how many more there are."""
    told = "; ".join(texts[:_SHOWN])
    return told + (_(" и ещё {n}").format(n=len(texts) - _SHOWN) if len(texts) > _SHOWN else "")
