"""Acts matched to the intervals of a recurring duty: which act counts for which interval, and how long the gaps between acts are.

A table of acts has key (int64: whose duty it can discharge), event, done, low (UTC), day (local day of `done`), and optionally from, to
(days it says it covers, -1 not said) and sure (False: what it says leaves open whether it counts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.wording import _, ngettext
from rules.answering import HOMEROOM, holders
from rules.due import short_day
from rules.telling import when

if TYPE_CHECKING:
    from rules.intervals import Every
    from rules.setting import Setting

Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
_NAT = np.datetime64("NaT", "us")
_WIDE = np.int64(1 << 32)
_SHOWN = 6
"""How many missed intervals of one gap are named one by one."""


def fulfilled(rows: pd.DataFrame, acts: pd.DataFrame, every: Every) -> pd.DataFrame:
    """Give the intervals (`rules.interval_rows`, with `key`) with the act that counts: event (-1 none), done, low, undecided; where there
    is none, the acts nearest to the interval: ev_before, ev_after, fig_before, fig_after (instants); and fig_given (see `given`).

    An act made between `since` and `upto` counts. One made later counts, late, if it covers the interval's lessons. Where the duty
    follows the interval, an act that says what it covers counts by that: not if it speaks of other days, early if it covers all lessons.
    An interval that no sure act meets in time, but an unsure one might, is `undecided`.
    """
    acts = acts.assign(**{name: value for name, value in (("from", -1), ("to", -1), ("sure", True)) if name not in acts})
    acts = _ordered(acts)
    sure = acts["sure"].to_numpy(dtype=bool)
    certain = acts[sure].reset_index(drop=True)
    place = _earliest(rows, certain, every)
    done = _taken(certain, "done", place)
    undecided = np.zeros(len(rows), dtype=bool)
    open_ = np.flatnonzero(~(done < rows["limit"].to_numpy()))
    if len(open_) and not sure.all():
        undecided[open_] = _earliest(rows.iloc[open_], acts[~sure].reset_index(drop=True), every) >= 0
    event = np.append(certain["event"].to_numpy(dtype=np.int32), np.int32(-1))[place]
    found = rows.assign(event=event, done=done, low=_taken(certain, "low", place), undecided=undecided)
    return found.assign(fig_given=given(found), **_neighbours(found, certain))


def _neighbours(rows: pd.DataFrame, acts: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    """The last act before and the first one after each interval that has none."""
    key = rows["key"].to_numpy(dtype=np.int64)
    keys = acts["key"].to_numpy(dtype=np.int64)
    whole = keys * _WIDE + acts["day"].to_numpy(dtype=np.int64)
    before = np.searchsorted(whole, key * _WIDE + rows["since"].to_numpy(dtype=np.int64), side="left") - 1
    after = np.searchsorted(whole, key * _WIDE + rows["upto"].to_numpy(dtype=np.int64), side="right")
    events, columns = np.append(acts["event"].to_numpy(dtype=np.int32), np.int32(-1)), {}
    for name, place in (("before", before), ("after", after)):
        own = (rows["event"].to_numpy() < 0) & (np.append(keys, -1)[np.where(place < len(keys), place, -1)] == key)
        at = np.where(own, place, -1)
        columns[f"ev_{name}"], columns[f"fig_{name}"] = events[at], _taken(acts, "done", at)
    return columns


def absence(figures: Sequence[Mapping[str, object]], setting: Setting, doubt: str = "") -> str:
    """Give in Russian that nobody acted in an interval, with the acts nearest to it; "" where somebody did. `doubt` says why the later one
    does not count.
    """
    case = figures[0]
    if case["given"]:
        return ""
    text = _("за это время — ни разу")
    if not np.isnat(np.datetime64(str(case["before"]))):
        text += _("; до того — {when}").format(when=when(case["before"], setting))
    if not np.isnat(np.datetime64(str(case["after"]))):
        text += _("; после — {when}").format(when=when(case["after"], setting)) + (f" ({doubt})" if doubt else "")
    return text


def _ordered(acts: pd.DataFrame) -> pd.DataFrame:
    """The acts by key, day and event: events are numbered in the order of time."""
    whole = acts["key"].to_numpy(dtype=np.int64) * _WIDE + acts["day"].to_numpy(dtype=np.int64)
    return acts.take(np.lexsort((acts["event"].to_numpy(), whole))).reset_index(drop=True)


def _taken(acts: pd.DataFrame, column: str, place: Places) -> npt.NDArray[np.datetime64]:
    return np.append(acts[column].to_numpy(dtype="datetime64[us]"), _NAT)[place]


def _earliest(rows: pd.DataFrame, acts: pd.DataFrame, every: Every) -> Places:
    """For each row the place of the earliest act that counts, -1 where there is none."""
    speaking = ((acts["from"] >= 0) | (acts["to"] >= 0)).to_numpy()
    if every.follows:
        plain = np.flatnonzero(~speaking)
        place = np.append(plain, -1)[_between(rows, acts.iloc[plain], rows["upto"])]
    else:
        place = _between(rows, acts, rows["upto"])
        # A bracketed act after the interval may have been made in it: the judge sees both ends.
        after = _between(rows.assign(since=rows["upto"] + 1), acts, pd.Series(_WIDE - 1, index=rows.index))
        crossing = (place < 0) & (_taken(acts, "low", after) < rows["limit"].to_numpy())
        place = np.where(crossing, after, place)
    unmet = np.flatnonzero(~(_taken(acts, "done", place) < rows["limit"].to_numpy()))
    named = np.flatnonzero(speaking)
    if len(unmet) and len(named):
        other = np.append(named, -1)[_speaking(rows.iloc[unmet], acts.iloc[named], every)]
        better = (other >= 0) & ((place[unmet] < 0) | (_taken(acts, "done", other) < _taken(acts, "done", place[unmet])))
        place[unmet[better]] = other[better]
    return place


def _between(rows: pd.DataFrame, acts: pd.DataFrame, upto: pd.Series) -> Places:
    """For each row the place of the first act of its key made on the days `since` … `upto`, -1 where there is none."""
    if not len(acts):
        return np.full(len(rows), -1, dtype=np.int64)
    keys = acts["key"].to_numpy(dtype=np.int64) * _WIDE + acts["day"].to_numpy(dtype=np.int64)
    key = rows["key"].to_numpy(dtype=np.int64) * _WIDE
    at = np.searchsorted(keys, key + rows["since"].to_numpy(dtype=np.int64), side="left")
    inside = (at < len(keys)) & (keys[np.minimum(at, len(keys) - 1)] <= key + upto.to_numpy(dtype=np.int64))
    return np.where(inside, at, -1)


def _speaking(rows: pd.DataFrame, acts: pd.DataFrame, every: Every) -> Places:
    """For each row the place of the first act that counts by the days that it says it covers, -1 where there is none."""
    wanted = rows[["key", "first", "last", "begins", "closes", "since", "upto"]].assign(row=np.arange(len(rows)))
    pairs = wanted.merge(acts[["key", "day", "from", "to", "done"]].assign(act=np.arange(len(acts))), on="key")
    starts, ends = pairs["from"], pairs["to"].where(pairs["to"] >= 0, pairs["day"])
    covers = (starts <= pairs["begins"]) & (ends >= pairs["closes"]) & (pairs["day"] >= pairs["first"])
    if every.follows:
        touches = (starts <= pairs["last"]) & (ends >= pairs["first"])
        covers |= touches & (pairs["day"] >= pairs["since"]) & (pairs["day"] <= pairs["upto"])
    first = pairs[covers].sort_values(["row", "done", "act"]).drop_duplicates("row", keep="first")
    place = np.full(len(rows), -1, dtype=np.int64)
    place[first["row"].to_numpy()] = first["act"].to_numpy()
    return place


# ---- at most so many days between two ----------------------------------------------------------------------------------------------


def gaps(spells: pd.DataFrame, acts: pd.DataFrame, every: Every, setting: Setting) -> pd.DataFrame:
    """Give one row per gap: from the start of a spell to its first act, from each act to the next; for the form `days`.

    `spells` has key, starts, ends (days; `ends` is the first on which nothing is owed), ev_start, and any other columns, which each gap
    keeps; one key may have several. Gives first (the day counted from), due_day, limit, ev_before (the act or start counted from),
    event, done, low (the next act; -1 and NaT where there is none yet), upto (day of the next act, else of `as_of`), and the fig_… columns
    that `gap_outcome` wants.
    A gap whose term ends after the spell, or after the version's last day in force, is not owed.
    """
    acts = _ordered(acts).drop_duplicates(["key", "day"], keep="first")
    spells = spells.assign(starts=np.maximum(spells["starts"], setting.duties_from), spell=np.arange(len(spells)))
    own = spells.merge(acts[["key", "event", "done", "low", "day"]], on="key")
    own = own[(own["day"] >= own["starts"]) & (own["day"] < own["ends"])]
    begun = spells.rename(columns={"ev_start": "event"}).assign(day=spells["starts"], done=_NAT, low=_NAT, start=True)
    steps = pd.concat([begun, own.drop(columns="ev_start").assign(start=False)], ignore_index=True)
    steps = steps.sort_values(["spell", "day", "start", "event"], ascending=[True, True, False, True], ignore_index=True)
    following = steps.groupby("spell", sort=False)[["event", "done", "low", "day"]].shift(-1)
    first = steps["day"].to_numpy(dtype=np.int64)
    due_day = every.advance(first, setting)
    today = int(setting.calendar.day_of(np.array([setting.as_of]))[0])
    found = steps.drop(columns=["day", "start"]).assign(
        first=first,
        due_day=due_day,
        limit=setting.calendar.end_of(due_day),
        ev_before=steps["event"],
        event=following["event"].fillna(-1).astype(np.int32),
        done=following["done"].to_numpy(dtype="datetime64[us]"),
        low=following["low"].to_numpy(dtype="datetime64[us]"),
        upto=following["day"].fillna(today).astype(np.int64),
    )
    found = found.assign(fig_first=found["first"], fig_upto=found["upto"], fig_given=given(found))
    owed = (found["due_day"] < found["ends"]) & (found["due_day"] <= setting.ends) & (found["first"] <= setting.ends)
    met = found["done"].to_numpy() < found["limit"].to_numpy()
    return found[owed | met].reset_index(drop=True)


def gaps_due(spells: pd.DataFrame, every: Every, setting: Setting) -> int:
    """Give how many terms of the form `days` have ended by `as_of` if nobody ever acts."""
    today = int(setting.calendar.day_of(np.array([setting.as_of]))[0])
    first = np.maximum(spells["starts"].to_numpy(dtype=np.int64), setting.duties_from)
    last = np.minimum(np.minimum(spells["ends"].to_numpy(dtype=np.int64), setting.ends + 1), today)
    counted = every.counted(setting)
    passed = last - 1 - first if counted is None else np.searchsorted(counted, last - 1, "right") - np.searchsorted(counted, first, "right")
    return int(np.maximum(passed // (every.days or 1), 0).sum())


def given(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Give what is known of the act of each row (limit, done, low): 0 there is none, 1 it was made at `done`, 2 in time or at `done`."""
    done, low, limit = (rows[name].to_numpy(dtype="datetime64[us]") for name in ("done", "low", "limit"))
    return np.where(np.isnat(done), 0, np.where((low < limit) & (limit <= done), 2, 1))


def gap_outcome(every: Every, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
    """Give in Russian how long a gap is and every interval missed in it; `figures` has first, upto (days) and given (see `given`).

    "" where a bracketed act may have ended it in time: the general sentence says that.
    """
    first, upto, known = (int(str(figures[0][name])) for name in ("first", "upto", "given"))
    if known > 1:
        return ""
    ends: list[int] = []
    while True:
        following = int(every.advance(np.array([ends[-1] if ends else first]), setting)[0])
        if following >= upto:
            break
        ends.append(following)
    missed = [f"{short_day(start + 1)} – {short_day(end)}" for start, end in zip([first, *ends], ends, strict=False)]
    shown = ", ".join(missed[:_SHOWN]) + (_(" и ещё {n}").format(n=len(missed) - _SHOWN) if len(missed) > _SHOWN else "")
    n = upto - first
    days = ngettext(n, "день", "дня", "дней")
    if known:
        return _("следующий раз — {day}, через {n} {days}; пропущено: {missed}").format(day=short_day(upto), n=n, days=days, missed=shown)
    return _("на {day} прошло {n} {days}, следующего раза нет; пропущено: {missed}").format(
        day=short_day(upto), n=n, days=days, missed=shown
    )


# ---- who answers -------------------------------------------------------------------------------------------------------------------


def answering(role: str, classes: Codes, days: Days, setting: Setting) -> Codes:
    """Give who answers on each day: the class's homeroom teacher, or the one holder of the role; -1 where nobody or several do."""
    if role == HOMEROOM and (classes >= 0).any():
        return setting.journal.homeroom(classes, days)
    return np.maximum(holders(role, days, setting), -1)
