"""CSV and Parquet: one column per envelope field and per data field; a row is an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ingest.batch import ENVELOPE, Batch, Reject
from ingest.errors import UserError
from ingest.eventlog import Unknown, known_type
from ingest.vocabulary import columns, models
from ingest.wording import _

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.fields import Column

_IGNORED = frozenset({"type", "specversion", "subject", "datacontenttype", "dataschema"})
# CloudEvents' own `subject` is the envelope's; in columns the name means the school subject of the data.
_REQUIRED = ("id", "source", "type", "time")
_TRUE, _FALSE = ("true", "1", "да"), ("false", "0", "нет")
Heard = Callable[[int], None]


def read_parquet(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a Parquet file as batches, row group by row group, reading only the columns that the types in it need."""
    try:
        file = pq.ParquetFile(path)
        names = list(file.schema_arrow.names)
        _check_heading(path, names)
        first = 1
        for group in range(file.num_row_groups):
            types = file.read_row_group(group, columns=["type"]).column(0).cast(pa.string())
            present = [name for name in types.unique().to_pylist() if name]
            table = file.read_row_group(group, columns=_needed(names, present)).set_column(0, "type", types)
            yield from _rows(path, table, first, rejects, unknown)
            first += table.num_rows
            heard(file.metadata.row_group(group).total_byte_size)
    except (pa.ArrowException, OSError) as error:
        raise UserError(_("Файл {path} не читается как Parquet: {reason}").format(path=path, reason=error)) from error


def _needed(names: list[str], types: list[str]) -> list[str]:
    wanted = {"type", *ENVELOPE}
    for event_type in types:
        wanted |= {column.name for column in columns(event_type)} if known_type(event_type) else set(names)
    known = {column.name for event_type in models() for column in columns(event_type)} | {*ENVELOPE, *_IGNORED}
    strange = {name for name in names if name not in known}
    return ["type", *(name for name in names if name != "type" and (name in wanted or name in strange))]


def read_csv(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a CSV file as batches; all cells are texts, an empty cell is no value, lists are joined by `;`."""

    def skipped(row: pa_csv.InvalidRow) -> str:
        reason = _("в строке {n} полей вместо {wanted}").format(n=row.actual_columns, wanted=row.expected_columns)
        rejects.append(Reject(str(path), row.number or 0, None, reason, str(row.text)[:200]))
        return "skip"

    try:
        with path.open("rb") as raw:
            heading = raw.readline().decode("utf-8-sig").strip().split(",")
        names = [name.strip().strip('"') for name in heading]
        _check_heading(path, names)
        convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""])
        parse = pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skipped)
        # One thread: only so does the reader know the numbers of the rows that it skips.
        reading = pa_csv.ReadOptions(block_size=1 << 24, use_threads=False)
        table = pa_csv.read_csv(path, read_options=reading, parse_options=parse, convert_options=convert)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UserError(_("Файл {path} не читается как CSV: {reason}").format(path=path, reason=error)) from error
    heard(path.stat().st_size)
    yield from _rows(path, table, 2, rejects, unknown)


def _check_heading(path: Path, names: list[str]) -> None:
    if missing := [name for name in _REQUIRED if name not in names]:
        raise UserError(_("В файле {path} нет столбцов {missing}: это не выгрузка событий.").format(path=path, missing=", ".join(missing)))


def _rows(path: Path, table: pa.Table, first: int, rejects: list[Reject], unknown: list[Unknown]) -> Iterator[Batch]:
    types = table.column("type").combine_chunks()
    if isinstance(types, pa.ChunkedArray):
        types = types.chunk(0) if types.num_chunks else pa.array([], pa.string())
    codes = types.cast(pa.string()).dictionary_encode()
    at = pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(at < 0):
        rejects.append(Reject(str(path), first + int(row), None, _("поле {field} пусто или отсутствует").format(field="type"), ""))
    for code, event_type in enumerate(codes.dictionary.to_pylist()):
        rows = np.flatnonzero(at == code)
        part = table if len(rows) == table.num_rows else table.take(pa.array(rows))
        lines = (first + rows).astype(np.int32)
        if known_type(event_type):
            yield from _typed_rows(path, event_type, part, lines, rejects, unknown)
        else:
            unknown.extend(_kept(path, event_type, part, lines, ""))


def _typed_rows(
    path: Path, event_type: str, part: pa.Table, lines: np.ndarray, rejects: list[Reject], unknown: list[Unknown]
) -> Iterator[Batch]:
    own = {column.name: column for column in columns(event_type)}
    values = {name: _text(part, name) for name in ENVELOPE}
    bad = np.zeros(len(lines), dtype=bool)
    for name, column in own.items():
        array, wrong = _column(part, column)
        values[name] = array
        for row in np.flatnonzero(wrong & ~bad):
            reason = _("data.{field}: значение не того вида").format(field=name)
            rejects.append(Reject(str(path), int(lines[row]), values["id"][int(row)].as_py(), f"{event_type}: {reason}", ""))
        bad |= wrong
    for name in part.column_names:
        if name not in own and name not in ENVELOPE and name not in _IGNORED:
            unknown.extend(_kept(path, event_type, part, lines, name))
    if bad.any():
        good = pa.array(~bad)
        values, lines = {name: array.filter(good) for name, array in values.items()}, lines[~bad]
    yield Batch(event_type, str(path), lines, values)


def _text(part: pa.Table, name: str) -> pa.Array:
    if name not in part.column_names:
        return pa.nulls(part.num_rows, pa.string())
    column = part.column(name)
    if not pa.types.is_timestamp(column.type):
        column = column.cast(pa.string())
    return _whole(column)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)


def _column(part: pa.Table, column: Column) -> tuple[pa.Array, np.ndarray]:
    """The column's values and which rows hold something of another kind."""
    n = part.num_rows
    none = np.zeros(n, dtype=bool)
    if column.name not in part.column_names:
        empty = {"bool": pa.bool_(), "int": pa.int64(), "list": pa.list_(pa.string())}.get(column.kind, pa.string())
        return pa.nulls(n, empty), none
    array = _whole(part.column(column.name))
    if column.kind == "list":
        listed = array.cast(pa.list_(pa.string())) if pa.types.is_list(array.type) else pc.split_pattern(array.cast(pa.string()), ";")
        return listed, none
    if column.kind == "bool" and not pa.types.is_boolean(array.type):
        text = pc.utf8_lower(pc.utf8_trim_whitespace(array.cast(pa.string())))
        true, false = (pc.is_in(text, value_set=pa.array(words)) for words in (_TRUE, _FALSE))
        known = pc.or_(pc.or_(true, false), pc.is_null(text))
        return pc.if_else(pc.is_null(text), None, true), ~np.asarray(known)
    if column.kind == "int" and not pa.types.is_integer(array.type):
        text = pc.utf8_trim_whitespace(array.cast(pa.string()))
        whole = pc.fill_null(pc.match_substring_regex(text, r"^-?\d{1,18}$"), True)
        return pc.if_else(whole, text, None).cast(pa.int64()), ~np.asarray(whole)
    return (
        (array, none)
        if pa.types.is_timestamp(array.type)
        else (array.cast({"bool": pa.bool_(), "int": pa.int64()}.get(column.kind, pa.string())), none)
    )


def _kept(path: Path, event_type: str, part: pa.Table, lines: np.ndarray, field: str) -> list[Unknown]:
    """Rows of an unknown type, or the filled cells of an unknown column, as they came."""
    if field:
        rows = np.flatnonzero(np.asarray(pc.is_valid(_whole(part.column(field)))))
        part, lines = part.take(pa.array(rows)), lines[rows]
    kept = []
    for line, row in zip(lines.tolist(), part.to_pylist(), strict=True):
        text = str(row[field]) if field else str({name: value for name, value in row.items() if value is not None})
        kept.append(Unknown(str(path), int(line), str(row.get("source")), str(row.get("id")), event_type, field, text))
    return kept
