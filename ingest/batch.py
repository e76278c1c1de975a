"""Batches: events of one type from one piece of a file, as columns of texts; checked and typed all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.fields import Column
from ingest.vocabulary import columns
from ingest.wording import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ENVELOPE = ("id", "source", "time", "actor", "evidence", "notbefore", "school")
EVIDENCE = ("logged", "stamped", "bracketed")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?$"
_OFFSET = r"([Zz]|[+-]\d{2}:?\d{2})$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_NAT = np.datetime64("NaT", "us")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reject:
    """A line that is no event: where it stands, why, what to do, and how it begins (at most 200 characters)."""

    file: str
    line: int
    id: str | None
    reason: str
    excerpt: str


@dataclass(frozen=True)
class Batch:
    """Rows of one event type: `columns` has ENVELOPE and the type's data columns as arrow arrays (text, bool, int, list or timestamps)."""

    type: str
    file: str
    lines: npt.NDArray[np.int32]
    columns: dict[str, pa.Array]


@dataclass(frozen=True)
class Typed:
    """A checked batch: ids as dictionary arrays, instants and dates as numpy; only rows that are good events."""

    type: str
    file: str
    lines: npt.NDArray[np.int32]
    ids: pa.Array
    columns: dict[str, pa.Array | npt.NDArray[np.generic]]
    school: pa.Array
    rejects: list[Reject] = field(default_factory=list)


def typed(batch: Batch, zone: ZoneInfo) -> Typed:
    """Give the good rows of a batch with their types; the others become rejects with a reason in Russian."""
    n = len(batch.lines)
    problems: list[tuple[Mask, str]] = []
    values: dict[str, pa.Array | npt.NDArray[np.generic]] = {}
    envelope = batch.columns
    for name in ("id", "source"):
        problems.append((_blank(envelope[name]), _("поле {field} пусто или отсутствует").format(field=name)))
    values["source"] = _encoded(envelope["source"])
    values["actor"] = _encoded(envelope["actor"])
    values["time"] = _instants(envelope["time"], zone, "time", problems, required=True)
    values["notbefore"] = _instants(envelope["notbefore"], zone, "notbefore", problems, required=False)
    values["evidence"] = _evidence(envelope["evidence"], values["notbefore"], values["time"], problems)
    for column in columns(batch.type):
        values[column.name] = _typed_column(batch.columns[column.name], column, n, zone, problems)
    if "ends_at" in values:
        starts, ends = np.asarray(values["starts_at"]), np.asarray(values["ends_at"])
        problems.append((ends <= starts, _("урок кончается (ends_at) не позже, чем начинается (starts_at)")))
    if batch.type == "period.set":
        starts, ends = np.asarray(values["starts"]), np.asarray(values["ends"])
        problems.append((ends < starts, _("период кончается (ends) раньше, чем начинается (starts)")))
    return _good_rows(batch, values, problems)


def _good_rows(batch: Batch, values: dict[str, pa.Array | npt.NDArray[np.generic]], problems: list[tuple[Mask, str]]) -> Typed:
    bad = np.zeros(len(batch.lines), dtype=bool)
    reasons: dict[int, str] = {}
    for mask, reason in problems:
        if mask.any():
            for row in np.flatnonzero(mask & ~bad):
                reasons[int(row)] = reason
            bad |= mask
    rejects = [
        Reject(batch.file, int(batch.lines[row]), batch.columns["id"][row].as_py(), f"{batch.type}: {reason}", "")
        for row, reason in reasons.items()
    ]
    ids, school = batch.columns["id"], batch.columns["school"]
    if not bad.any():
        return Typed(batch.type, batch.file, batch.lines, ids, values, school, rejects)
    good = pa.array(~bad)
    kept = {name: value.filter(good) if isinstance(value, pa.Array) else value[~bad] for name, value in values.items()}
    return Typed(batch.type, batch.file, batch.lines[~bad], ids.filter(good), kept, school.filter(good), rejects)


def _blank(texts: pa.Array) -> Mask:
    if pa.types.is_null(texts.type):
        return np.ones(len(texts), dtype=bool)
    return _mask(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True))


def _mask(flags: pa.Array) -> Mask:
    return np.asarray(flags.to_numpy(zero_copy_only=False), dtype=bool)


def _encoded(texts: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(texts.type):
        return texts
    return pc.cast(texts, pa.string()).dictionary_encode()


def _typed_column(
    texts: pa.Array, column: Column, n: int, zone: ZoneInfo, problems: list[tuple[Mask, str]]
) -> pa.Array | npt.NDArray[np.generic]:
    if column.kind == "instant":
        return _instants(texts, zone, column.name, problems, required=column.required)
    if column.kind == "date":
        return _dates(texts, column, problems)
    if column.required:
        missing = _mask(pc.is_null(texts)) if column.kind != "id" else _blank(texts)
        problems.append((missing, _("нет обязательного поля data.{field}").format(field=column.name)))
    if column.kind == "id":
        if column.choices and texts.null_count < n:
            wrong = _mask(pc.and_(pc.is_valid(texts), pc.invert(pc.is_in(texts, value_set=pa.array(column.choices)))))
            allowed = ", ".join(column.choices)
            problems.append((wrong, _("data.{field}: такого значения нет, бывает: {allowed}").format(field=column.name, allowed=allowed)))
        return _encoded(texts)
    return texts


def _instants(
    texts: pa.Array, zone: ZoneInfo, name: str, problems: list[tuple[Mask, str]], *, required: bool
) -> npt.NDArray[np.datetime64]:
    """Instants as naive UTC; a time without an offset is read in the school's zone."""
    n = len(texts)
    if pa.types.is_timestamp(texts.type):
        return _bounded(pd.DatetimeIndex(texts.to_pandas()), zone, texts, name, problems, required=required)
    if texts.null_count == n:
        if required:
            problems.append((np.ones(n, dtype=bool), _("нет обязательного поля {field}").format(field=name)))
        return np.full(n, _NAT)
    text = pc.cast(texts, pa.string())
    shaped = _mask(pc.fill_null(pc.match_substring_regex(text, _INSTANT), False))
    naive = shaped & ~_mask(pc.fill_null(pc.match_substring_regex(text, _OFFSET), False))
    series = pd.Series(text.to_pandas())
    instants = np.full(n, _NAT)
    aware = shaped & ~naive
    if aware.any():
        chosen = series if aware.all() else series[aware]
        read = pd.to_datetime(chosen, utc=True, format="ISO8601", errors="coerce")
        instants[aware] = read.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    if naive.any():
        read = pd.to_datetime(series[naive], format="ISO8601", errors="coerce").dt.tz_localize(
            zone, ambiguous="NaT", nonexistent="shift_forward"
        )
        # In the hour that comes twice the earlier reading is taken: it can only make a record earlier.
        twice = pd.to_datetime(series[naive], format="ISO8601", errors="coerce").dt.tz_localize(
            zone, ambiguous=np.ones(int(naive.sum()), dtype=bool), nonexistent="shift_forward"
        )
        instants[naive] = read.fillna(twice).dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return _checked(instants, _mask(pc.is_null(texts)), name, problems, required=required)


def _bounded(
    index: pd.DatetimeIndex, zone: ZoneInfo, texts: pa.Array, name: str, problems: list[tuple[Mask, str]], *, required: bool
) -> npt.NDArray[np.datetime64]:
    aware = (
        index if index.tz is not None else index.tz_localize(zone, nonexistent="shift_forward", ambiguous=np.ones(len(index), dtype=bool))
    )
    instants = aware.tz_convert("UTC").tz_localize(None).to_numpy(dtype="datetime64[us]")
    return _checked(instants, _mask(pc.is_null(texts)), name, problems, required=required)


def _checked(
    instants: npt.NDArray[np.datetime64], absent: Mask, name: str, problems: list[tuple[Mask, str]], *, required: bool
) -> npt.NDArray[np.datetime64]:
    if required:
        problems.append((absent, _("нет обязательного поля {field}").format(field=name)))
    problems.append(
        (np.isnat(instants) & ~absent, _("{field}: это не момент времени; пример: 2024-02-05T12:00:00+05:00").format(field=name))
    )
    outside = (instants < np.datetime64(str(FIRST_YEAR))) | (instants >= np.datetime64(str(LAST_YEAR)))
    problems.append((outside, _("{field}: год вне {first}–{last}").format(field=name, first=FIRST_YEAR, last=LAST_YEAR)))
    return instants


def _dates(texts: pa.Array, column: Column, problems: list[tuple[Mask, str]]) -> npt.NDArray[np.datetime64]:
    n = len(texts)
    absent = _mask(pc.is_null(texts))
    if column.required:
        problems.append((absent, _("нет обязательного поля data.{field}").format(field=column.name)))
    if absent.all():
        return np.full(n, np.datetime64("NaT", "s"))
    text = pc.cast(texts, pa.string())
    shaped = _mask(pc.fill_null(pc.match_substring_regex(text, _DATE), False))
    days = np.full(n, np.datetime64("NaT", "s"))
    days[shaped] = pd.to_datetime(pd.Series(text.to_pandas())[shaped], format="%Y-%m-%d", errors="coerce").to_numpy(dtype="datetime64[s]")
    problems.append((np.isnat(days) & ~absent, _("data.{field}: такой даты нет; пример: 2024-02-05").format(field=column.name)))
    outside = (days < np.datetime64(str(FIRST_YEAR))) | (days >= np.datetime64(str(LAST_YEAR)))
    problems.append((outside, _("{field}: год вне {first}–{last}").format(field=f"data.{column.name}", first=FIRST_YEAR, last=LAST_YEAR)))
    return days


def _evidence(
    texts: pa.Array, notbefore: npt.NDArray[np.generic], time: npt.NDArray[np.generic], problems: list[tuple[Mask, str]]
) -> npt.NDArray[np.generic]:
    """Codes of EVIDENCE (int8); `logged` where nothing is said."""
    if texts.null_count == len(texts):
        grade = np.zeros(len(texts), dtype=np.int8)
    else:
        at = pc.index_in(pc.cast(texts, pa.string()), value_set=pa.array(EVIDENCE))
        known = pc.fill_null(at, -1).to_numpy(zero_copy_only=False)
        wrong = (known < 0) & ~_mask(pc.is_null(texts))
        problems.append((wrong, _("evidence: бывает {allowed}").format(allowed=", ".join(EVIDENCE))))
        grade = np.maximum(known, 0).astype(np.int8)
    bracketed = grade == EVIDENCE.index("bracketed")
    problems.append((bracketed & np.isnat(notbefore), _("для evidence=bracketed нужно поле notbefore")))
    problems.append(
        (
            bracketed & np.asarray(notbefore.astype("datetime64[us]") >= time.astype("datetime64[us]")),
            _("notbefore должно быть раньше time"),
        )
    )
    return grade
