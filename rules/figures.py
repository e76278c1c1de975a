"""Named measures: what is counted, in which unit, and how figures outside of a school's threshold become cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.wording import _
from rules.cases import FIGURE_CODES, Cases, empty_act, figures_table, silent, units

if TYPE_CHECKING:
    from rules.norm import Norm, Scope
    from rules.setting import Setting

Unit = Literal["percent", "count", "ratio", "hours", "days"]
_PER_CENT = 100


@dataclass(frozen=True)
class Asked:
    """What a rule asks a measure for: the lessons or classes its scope speaks of, the role it names, the journal."""

    scope: Scope
    role: str
    setting: Setting


@dataclass(frozen=True)
class Measure:
    """A measure by name: `words` gives in Russian what is measured.

    `figures` gives a table with any of FIGURE_CODES, day (first day it speaks of), part and whole, or value; closed (whether the interval
    is over, so that a threshold may be held against it), optionally answers (who answers for the figure, where that is not `person`)
    and `ev_…` columns.
    `known` tells whether the log shows what is measured at all: where it does not, nobody can tell whether nothing happened.
    """

    name: str
    unit: Unit
    words: Callable[[], str]
    figures: Callable[[Asked], pd.DataFrame]
    known: Callable[[Setting], bool] = lambda _setting: True


def seen(*event_types: str) -> Callable[[Setting], bool]:
    """Give what tells whether the log has any event of these types."""
    return lambda setting: setting.journal.has(*event_types)


@dataclass(frozen=True)
class Threshold:
    """The least and the most that a measure may be, in its own unit; None where the school sets none."""

    least: Decimal | None = None
    most: Decimal | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is anything to hold a figure against."""
        return self.least is not None or self.most is not None


def measured_cases(norm: Norm, measure: Measure, threshold: Threshold, setting: Setting) -> Cases:
    """Give the figures of a measure, and one row per figure of an interval that is over and lies outside of the threshold."""
    frame = measure.figures(Asked(norm.where, norm.role, setting))
    if not measure.known(setting):
        return silent(norm, FIGURE_CODES, int(frame["closed"].sum()), ban=True)
    figures = figures_table(frame.assign(measure=measure.name))
    if not threshold.is_set:
        return replace(silent(norm, FIGURE_CODES, 0, ban=True), figures=figures)
    broken = frame["closed"].to_numpy(dtype=bool) & outside(figures, measure.unit, threshold)
    rows = frame[broken].reset_index(drop=True)
    told = figures[broken].reset_index(drop=True)
    rows = rows.assign(
        person=answering(rows, norm.role, setting),
        act=own_acts(norm, len(rows)),
        fig_part=told["part"].astype(object),
        fig_whole=told["whole"].astype(object),
        fig_value=told["value"],
    )
    return Cases(norm, units(rows), FIGURE_CODES, ban=True, status="insufficient", figures=figures)


def outside(figures: pd.DataFrame, unit: Unit, threshold: Threshold) -> npt.NDArray[np.bool_]:
    """Tell which figures lie outside of the threshold; shares are compared exactly, a share of nothing lies nowhere."""
    beyond = np.zeros(len(figures), dtype=bool)
    for limit, sign in ((threshold.least, -1), (threshold.most, 1)):
        if limit is not None:
            beyond |= sign * _above(figures, unit, Fraction(limit)) > 0
    return beyond


def _above(figures: pd.DataFrame, unit: Unit, limit: Fraction) -> npt.NDArray[np.float64]:
    """By how much the figures are above the limit: only the sign counts."""
    if unit in ("hours", "days"):
        return figures["value"].fillna(float(limit)).to_numpy() - float(limit)
    part = figures["part"].fillna(0).to_numpy(dtype=np.int64) * limit.denominator
    if unit == "count":
        return (part - limit.numerator).astype(np.float64)
    whole = figures["whole"].fillna(0).to_numpy(dtype=np.int64)
    times = _PER_CENT if unit == "percent" else 1
    return np.where(whole > 0, part * times - whole * limit.numerator, 0).astype(np.float64)


def answering(rows: pd.DataFrame, role: str, setting: Setting) -> npt.NDArray[np.int32]:
    """Give who answers for each figure: `answers`, else the person it is about, else whoever holds the role; -1 where nobody is known."""
    n = len(rows)
    nobody = np.full(n, -1, dtype=np.int32)
    answers = rows["answers"].to_numpy(dtype=np.int32) if "answers" in rows else nobody
    about = rows["person"].to_numpy(dtype=np.int32) if "person" in rows else nobody
    holders = setting.journal.holders(role, rows["day"].to_numpy(dtype=np.int64)) if n else nobody
    return np.where(answers >= 0, answers, np.where(about >= 0, about, holders)).astype(np.int32)


def own_acts(norm: Norm, n: int) -> npt.NDArray[np.int64]:
    """Give act numbers for cases that rest on no single event, so that no other norm's case is taken for the same act."""
    return empty_act("data", np.arange(n, dtype=np.int64), crc32(norm.id.encode()) % (1 << 24))


# ---- in words ------------------------------------------------------------------------------------------------------------------------


def told(measure: Measure, case: Mapping[str, object], threshold: Threshold) -> str:
    """Give in Russian a figure of a case (part, whole, value) beside its threshold."""
    bounds = []
    if threshold.least is not None:
        bounds.append(_("не меньше {limit}").format(limit=in_unit(threshold.least, measure.unit)))
    if threshold.most is not None:
        bounds.append(_("не больше {limit}").format(limit=in_unit(threshold.most, measure.unit)))
    return _("{what}: {figure}; нужно {bounds}").format(what=measure.words(), figure=_figure(measure.unit, case), bounds=", ".join(bounds))


def _figure(unit: Unit, case: Mapping[str, object]) -> str:
    part, whole, value = case["part"], case["whole"], case["value"]
    if unit == "count":
        return str(part)
    if isinstance(part, int) and isinstance(whole, int) and whole:
        return share(part, whole) if unit == "percent" else in_unit(Decimal(part) / whole, unit)
    return in_unit(Decimal(str(value)), unit)


def share(part: int, whole: int) -> str:
    """Give a share as «3 из 12 (25 %)»."""
    return _("{part} из {whole} ({percent})").format(
        part=part, whole=whole, percent=in_unit(Decimal(part) * _PER_CENT / Decimal(whole), "percent")
    )


def in_unit(number: Decimal, unit: Unit) -> str:
    """Give a number with its unit, rounded to one digit after the comma: «25 %», «3,5 ч»."""
    text = f"{number:.1f}".removesuffix(".0").replace(".", _(","))
    match unit:
        case "percent":
            return _("{n} %").format(n=text)
        case "hours":
            return _("{n} ч").format(n=text)
        case "days":
            return _("{n} дн.").format(n=text)
        case _:
            return text
