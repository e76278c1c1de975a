"""Batches: events of one type from one piece of a file, as columns of texts; checked and typed all at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

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
_GRADE = r"^\s*\d{1,2}\s*$"
_NAT = np.datetime64("NaT", "us")
_WORDS = pa.dictionary(pa.int32(), pa.string())

Mask = npt.NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)


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
    """Rows of one event type: `columns` has ENVELOPE and the type's data columns as arrow arrays.

    These are texts (plain or dictionary arrays), bool, int, lists of text, or timestamps.
    """

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
    problems: list[tuple[Mask, str]] = []
    values: dict[str, pa.Array | npt.NDArray[np.generic]] = {}
    envelope = {name: encoded(batch.columns[name]) for name in ENVELOPE if name != "id"} | {"id": batch.columns["id"]}
    for name in ("id", "source"):
        problems.append((_blank(envelope[name]), _("поле {field} пусто или отсутствует").format(field=name)))
    for name in ("id", "source", "actor", "school"):
        problems.append((_with_nul(envelope[name]), _("поле {field}: в тексте нулевой символ").format(field=name)))
    values["source"], values["actor"] = envelope["source"], envelope["actor"]
    values["time"] = _instants(envelope["time"], zone, "time", problems, required=True)
    values["notbefore"] = _instants(envelope["notbefore"], zone, "notbefore", problems, required=False)
    values["evidence"] = _evidence(envelope["evidence"], values["notbefore"], values["time"], problems)
    for column in columns(batch.type):
        values[column.name] = _typed_column(batch.columns[column.name], column, zone, problems)
    if "ends_at" in values:
        starts, ends = np.asarray(values["starts_at"]), np.asarray(values["ends_at"])
        problems.append((ends <= starts, _("урок кончается (ends_at) не позже, чем начинается (starts_at)")))
    if batch.type == "period.set":
        starts, ends = np.asarray(values["starts"]), np.asarray(values["ends"])
        problems.append((ends < starts, _("период кончается (ends) раньше, чем начинается (starts)")))
        grades = batch.columns["grades"]
        no_number = pc.fill_null(pc.invert(pc.match_substring_regex(grades.flatten(), _GRADE)), True)
        problems.append((_of_items(no_number, grades), _("data.grades: класс — целое число, например 9")))
    return _good_rows(batch, envelope["school"], values, problems)


def _good_rows(
    batch: Batch, school: pa.Array, values: dict[str, pa.Array | npt.NDArray[np.generic]], problems: list[tuple[Mask, str]]
) -> Typed:
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
    ids = batch.columns["id"]
    if not bad.any():
        return Typed(batch.type, batch.file, batch.lines, ids, values, school, rejects)
    good = pa.array(~bad)
    kept = {name: value.filter(good) if isinstance(value, pa.Array) else value[~bad] for name, value in values.items()}
    return Typed(batch.type, batch.file, batch.lines[~bad], ids.filter(good), kept, school.filter(good), rejects)


# ---- texts by their distinct words -------------------------------------------------------------------------------------------------


def encoded(texts: pa.Array) -> pa.Array:
    """Give a column of texts as a dictionary array (int32 codes), timestamps as they are."""
    if pa.types.is_timestamp(texts.type):
        return texts
    if pa.types.is_dictionary(texts.type):
        return texts if texts.type.equals(_WORDS) else texts.cast(_WORDS)
    return pc.cast(texts, pa.string()).dictionary_encode()


def codes_of(texts: pa.Array) -> npt.NDArray[np.int32]:
    """Give the codes of a dictionary array, -1 where there is no text."""
    indices = texts.indices
    return np.asarray((indices.fill_null(-1) if indices.null_count else indices).to_numpy(zero_copy_only=False), dtype=np.int32)


def _spread(of_words: npt.NDArray[Scalar], texts: pa.Array, none: object) -> npt.NDArray[Scalar]:
    """What is said of each distinct word, for each row; `none` where a row has no text."""
    if texts.null_count == len(texts):
        return np.full(len(texts), none, dtype=of_words.dtype)
    spread: npt.NDArray[Scalar] = np.append(of_words, np.array([none], dtype=of_words.dtype))[codes_of(texts)]
    return spread


def _blank(texts: pa.Array) -> Mask:
    if pa.types.is_null(texts.type):
        return np.ones(len(texts), dtype=bool)
    if pa.types.is_dictionary(texts.type):
        return _spread(_blank(texts.dictionary), texts, True)
    return _mask(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True))


def _with_nul(texts: pa.Array) -> Mask:
    """Which rows hold U+0000, that no text of a journal does and that other programs take for the end of a text."""
    if pa.types.is_dictionary(texts.type):
        return _spread(_with_nul(texts.dictionary), texts, False)
    if not pa.types.is_string(texts.type):
        return np.zeros(len(texts), dtype=bool)
    return _mask(pc.fill_null(pc.match_substring(texts, "\0"), False))


def _of_items(flags: pa.Array, lists: pa.Array) -> Mask:
    """Which lists hold an item that is flagged."""
    found = np.zeros(len(lists), dtype=bool)
    found[pc.list_parent_indices(lists).to_numpy()[_mask(flags)]] = True
    return found


def _mask(flags: pa.Array) -> Mask:
    return np.asarray(flags.to_numpy(zero_copy_only=False), dtype=bool)


# ---- columns of each kind ----------------------------------------------------------------------------------------------------------


def _typed_column(texts: pa.Array, column: Column, zone: ZoneInfo, problems: list[tuple[Mask, str]]) -> pa.Array | npt.NDArray[np.generic]:
    if column.kind == "instant":
        return _instants(encoded(texts), zone, column.name, problems, required=column.required)
    if column.kind == "date":
        return _dates(encoded(texts), column, problems)
    if column.kind == "id":
        texts = encoded(texts)
    if column.required:
        missing = _mask(pc.is_null(texts)) if column.kind != "id" else _blank(texts)
        problems.append((missing, _("нет обязательного поля data.{field}").format(field=column.name)))
    if column.kind in ("id", "list"):
        nul = _with_nul(texts) if column.kind == "id" else _of_items(pa.array(_with_nul(texts.flatten())), texts)
        problems.append((nul, _("поле {field}: в тексте нулевой символ").format(field=f"data.{column.name}")))
    if column.choices and texts.null_count < len(texts):
        wrong = ~_mask(pc.is_in(texts.dictionary, value_set=pa.array(column.choices)))
        allowed = ", ".join(column.choices)
        reason = _("data.{field}: такого значения нет, бывает: {allowed}").format(field=column.name, allowed=allowed)
        problems.append((_spread(wrong, texts, False), reason))
    return texts


def _instants(
    texts: pa.Array, zone: ZoneInfo, name: str, problems: list[tuple[Mask, str]], *, required: bool
) -> npt.NDArray[np.datetime64]:
    """Instants as naive UTC; a time without an offset is read in the school's zone."""
    absent = _mask(pc.is_null(texts))
    if required:
        problems.append((absent, _("нет обязательного поля {field}").format(field=name)))
    if absent.all():
        return np.full(len(texts), _NAT)
    if pa.types.is_timestamp(texts.type):
        instants = _in_utc(pd.DatetimeIndex(texts.to_pandas()), zone)
    else:
        instants = _spread(_moments(texts.dictionary, zone), texts, _NAT)
    problems.append(
        (np.isnat(instants) & ~absent, _("{field}: это не момент времени; пример: 2024-02-05T12:00:00+05:00").format(field=name))
    )
    outside = (instants < np.datetime64(str(FIRST_YEAR))) | (instants >= np.datetime64(str(LAST_YEAR)))
    problems.append((outside, _("{field}: год вне {first}–{last}").format(field=name, first=FIRST_YEAR, last=LAST_YEAR)))
    return instants


def _moments(words: pa.Array, zone: ZoneInfo) -> npt.NDArray[np.datetime64]:
    """The instant of each text, NaT where it is none."""
    shaped = _mask(pc.match_substring_regex(words, _INSTANT))
    naive = shaped & ~_mask(pc.match_substring_regex(words, _OFFSET))
    aware = shaped & ~naive
    if aware.all():
        # Arrow reads whole columns at once and gives up at the first impossible one; pandas then says which they are.
        with suppress(pa.ArrowInvalid):
            return np.asarray(pc.cast(words, pa.timestamp("us", "UTC")).cast(pa.timestamp("us")).to_numpy(zero_copy_only=False))
    instants = np.full(len(words), _NAT)
    series = pd.Series(words.to_pandas())
    if aware.any():
        read = pd.to_datetime(series[aware], utc=True, format="ISO8601", errors="coerce")
        instants[aware] = read.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    if naive.any():
        local = pd.DatetimeIndex(pd.to_datetime(series[naive], format="ISO8601", errors="coerce"))
        instants[naive] = _in_utc(local, zone)
    return instants


def _in_utc(index: pd.DatetimeIndex, zone: ZoneInfo) -> npt.NDArray[np.datetime64]:
    """Naive UTC instants; local times are read in the zone.

    In the hour that comes twice the earlier reading is taken: it can only make a record earlier. In the missing hour it is the next
    existing instant.
    """
    if index.tz is None:
        index = index.tz_localize(zone, ambiguous=np.ones(len(index), dtype=bool), nonexistent="shift_forward")
    return np.asarray(index.tz_convert("UTC").tz_localize(None).to_numpy(dtype="datetime64[us]"))


def _dates(texts: pa.Array, column: Column, problems: list[tuple[Mask, str]]) -> npt.NDArray[np.datetime64]:
    none = np.datetime64("NaT", "s")
    absent = _mask(pc.is_null(texts))
    if column.required:
        problems.append((absent, _("нет обязательного поля data.{field}").format(field=column.name)))
    if absent.all():
        return np.full(len(texts), none)
    words = texts.dictionary
    shaped = _mask(pc.match_substring_regex(words, _DATE))
    of_words = np.full(len(words), none)
    read = pd.to_datetime(pd.Series(words.to_pandas())[shaped], format="%Y-%m-%d", errors="coerce")
    of_words[shaped] = read.to_numpy(dtype="datetime64[s]")
    days = _spread(of_words, texts, none)
    problems.append((np.isnat(days) & ~absent, _("data.{field}: такой даты нет; пример: 2024-02-05").format(field=column.name)))
    outside = (days < np.datetime64(str(FIRST_YEAR))) | (days >= np.datetime64(str(LAST_YEAR)))
    problems.append((outside, _("{field}: год вне {first}–{last}").format(field=f"data.{column.name}", first=FIRST_YEAR, last=LAST_YEAR)))
    return days


def _evidence(
    texts: pa.Array, notbefore: npt.NDArray[np.generic], time: npt.NDArray[np.generic], problems: list[tuple[Mask, str]]
) -> npt.NDArray[np.generic]:
    """Codes of EVIDENCE (int8); `logged` where nothing is said."""
    grades = np.array([EVIDENCE.index(word) if word in EVIDENCE else -1 for word in texts.dictionary.to_pylist()], dtype=np.int8)
    grade = _spread(grades, texts, 0)
    problems.append((grade < 0, _("evidence: бывает {allowed}").format(allowed=", ".join(EVIDENCE))))
    bracketed = grade == EVIDENCE.index("bracketed")
    problems.append((bracketed & np.isnat(notbefore), _("для evidence=bracketed нужно поле notbefore")))
    problems.append(
        (
            bracketed & np.asarray(notbefore.astype("datetime64[us]") >= time.astype("datetime64[us]")),
            _("notbefore должно быть раньше time"),
        )
    )
    return grade
