"""CSV and Parquet: one column per envelope field and per data field; a row is an event."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ingest.batch import ENVELOPE, Batch, Reject, codes_of, encoded
from ingest.errors import UserError, reason_of, shown
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
_TEXTS = pa.dictionary(pa.int32(), pa.string())
_TYPES = {"bool": pa.bool_(), "int": pa.int64(), "list": pa.list_(pa.string())}
Heard = Callable[[int], None]


def read_parquet(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a Parquet file as batches, row group by row group, reading only the columns that the types in it need.

    Texts come as the file's own dictionary codes. Raises UserError when the file is damaged or is no Parquet.
    """
    try:
        plain = pq.read_schema(path)
        _check_heading(path, plain.names)
        texts = [
            field.name for field in plain if field.name != "id" and (pa.types.is_string(field.type) or pa.types.is_large_string(field.type))
        ]
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            first = 1
            for group in range(file.num_row_groups):
                table = _group(file, group, plain.names)
                yield from _rows(path, table, _numbers(table.num_rows, first, []), rejects, unknown)
                first += table.num_rows
                heard(file.metadata.row_group(group).total_byte_size)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise UserError(_("Файл {path} не открывается: {reason}").format(path=path, reason=reason_of(error))) from error
        message = _("Файл {path} не читается как Parquet: он обрезан, повреждён или другого вида. Выгрузите его ещё раз.")
        raise UserError(message.format(path=path)) from error


def _opened(path: Path) -> pa.NativeFile:
    # By its bytes: the name of a file need not be UTF-8.
    return pa.OSFile(os.fsencode(path))


def _group(file: pq.ParquetFile, group: int, names: list[str]) -> pa.Table:
    types = file.read_row_group(group, columns=["type"]).column(0)
    present = [str(name) for name in types.unique().to_pylist() if name]
    table = file.read_row_group(group, columns=_needed(names, present))
    # Arrow takes the bytes of a text on trust; Python would stumble over them later.
    table.validate(full=True)
    return table


def _needed(names: list[str], types: list[str]) -> list[str]:
    wanted = {"type", *ENVELOPE}
    for event_type in types:
        wanted |= {column.name for column in columns(event_type)} if known_type(event_type) else set(names)
    known = {column.name for event_type in models() for column in columns(event_type)} | {*ENVELOPE, *_IGNORED}
    strange = {name for name in names if name not in known}
    return ["type", *(name for name in names if name != "type" and (name in wanted or name in strange))]


def read_csv(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a CSV file as batches; all cells are texts, an empty cell is no value, lists are joined by `;`.

    Line numbers count records. Raises UserError when the file is not in UTF-8, lacks columns, or its quotes are not closed.
    """
    skips: list[int] = []

    def skipped(row: pa_csv.InvalidRow) -> str:
        reason = _("в строке {n} полей вместо {wanted}").format(n=row.actual_columns, wanted=row.expected_columns)
        rejects.append(Reject(shown(path), row.number or 0, None, reason, str(row.text)[:200]))
        skips.append(row.number or 0)
        return "skip"

    try:
        with path.open("rb") as raw:
            names = next(csv.reader([raw.readline().decode("utf-8-sig")]), [])
            rows = bool(raw.read(1))
        if len(names) == 1 and names[0].count(";") >= len(_REQUIRED) - 1:
            raise UserError(_("В файле {path} столбцы разделены точкой с запятой, а нужна запятая.").format(path=path))
        _check_heading(path, names)
        if not rows:
            return
        types = {name: pa.string() if name == "id" else _TEXTS for name in names}
        convert = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
        parse = pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skipped)
        # One thread: only so does the reader know the numbers of the rows that it skips.
        reading = pa_csv.ReadOptions(block_size=1 << 24, use_threads=False, column_names=names, skip_rows=1)
        table = pa_csv.read_csv(_opened(path), read_options=reading, parse_options=parse, convert_options=convert)
    except OSError as error:
        raise UserError(_("Файл {path} не открывается: {reason}").format(path=path, reason=reason_of(error))) from error
    except (pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
        raise UserError(_bad_csv(path)) from error
    heard(path.stat().st_size)
    yield from _rows(path, table, _numbers(table.num_rows, 2, skips), rejects, unknown)


def _bad_csv(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as text:
            for _line in text:
                pass
    except UnicodeDecodeError:
        return _("Файл {path} не в UTF-8. Сохраните его в этой кодировке (в Excel — «CSV UTF-8») и повторите.").format(path=path)
    return _(
        "Файл {path} не читается как CSV: повреждён или другого вида. Поля разделяет запятая, текст с запятой стоит в кавычках."
    ).format(path=path)


def _numbers(n: int, first: int, skips: list[int]) -> npt.NDArray[np.int32]:
    """The numbers of the rows that were taken, when those in `skips` were not."""
    numbers = np.arange(first, first + n + len(skips), dtype=np.int32)
    return numbers[~np.isin(numbers, skips)][:n]


def _check_heading(path: Path, names: list[str]) -> None:
    if missing := [name for name in _REQUIRED if name not in names]:
        raise UserError(_("В файле {path} нет столбцов {missing}: это не выгрузка событий.").format(path=path, missing=", ".join(missing)))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(_("В файле {path} столбцы повторяются: {names}.").format(path=path, names=", ".join(twice)))


def _rows(path: Path, table: pa.Table, numbers: npt.NDArray[np.int32], rejects: list[Reject], unknown: list[Unknown]) -> Iterator[Batch]:
    types = encoded(_whole(table.column("type")))
    at = codes_of(types)
    for row in np.flatnonzero(at < 0):
        rejects.append(Reject(shown(path), int(numbers[row]), None, _("поле {field} пусто или отсутствует").format(field="type"), ""))
    for code, event_type in enumerate(types.dictionary.to_pylist()):
        rows = np.flatnonzero(at == code)
        if not len(rows):
            continue
        together = int(rows[-1]) - int(rows[0]) == len(rows) - 1
        part = table.slice(int(rows[0]), len(rows)) if together else table.take(pa.array(rows))
        if known_type(event_type):
            yield from _typed_rows(path, event_type, part, numbers[rows], rejects, unknown)
        else:
            unknown.extend(_kept(path, event_type, part, numbers[rows], ""))


def _typed_rows(
    path: Path, event_type: str, part: pa.Table, lines: npt.NDArray[np.int32], rejects: list[Reject], unknown: list[Unknown]
) -> Iterator[Batch]:
    own = {column.name: column for column in columns(event_type)}
    values = {name: _envelope(part, name) for name in ENVELOPE}
    bad = np.zeros(len(lines), dtype=bool)
    for name, column in own.items():
        try:
            array, wrong = _column(part, column)
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            # A column of structures where texts belong, a number that does not fit.
            array, wrong = pa.nulls(len(lines), _TYPES.get(column.kind, pa.string())), np.asarray(part.column(name).is_valid())
        values[name] = array
        for row in np.flatnonzero(wrong & ~bad):
            reason = _("data.{field}: значение не того вида").format(field=name)
            rejects.append(Reject(shown(path), int(lines[row]), values["id"][int(row)].as_py(), f"{event_type}: {reason}", ""))
        bad |= wrong
    for name in part.column_names:
        if name not in own and name not in ENVELOPE and name not in _IGNORED:
            unknown.extend(_kept(path, event_type, part, lines, name))
    if bad.any():
        good = pa.array(~bad)
        values, lines = {name: array.filter(good) for name, array in values.items()}, lines[~bad]
    yield Batch(event_type, shown(path), lines, values)


def _envelope(part: pa.Table, name: str) -> pa.Array:
    if name not in part.column_names:
        return pa.nulls(part.num_rows, pa.string())
    array = _whole(part.column(name))
    if name == "id":
        return array.cast(pa.string())
    return array if name in ("time", "notbefore") and pa.types.is_timestamp(array.type) else _texts(array)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.unify_dictionaries().combine_chunks()
    return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)


def _texts(array: pa.Array) -> pa.Array:
    return array if pa.types.is_dictionary(array.type) else array.cast(pa.string())


def _column(part: pa.Table, column: Column) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """The column's values and which rows hold something of another kind."""
    n = part.num_rows
    none = np.zeros(n, dtype=bool)
    if column.name not in part.column_names:
        return pa.nulls(n, _TYPES.get(column.kind, pa.string())), none
    array = _whole(part.column(column.name))
    if column.kind == "list":
        if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
            return array.cast(pa.list_(pa.string())), none
        return pc.split_pattern(array.cast(pa.string()), ";"), none
    if column.kind == "bool" and not pa.types.is_boolean(array.type):
        text = pc.utf8_lower(pc.utf8_trim_whitespace(array.cast(pa.string())))
        true, false = (pc.is_in(text, value_set=pa.array(words)) for words in (_TRUE, _FALSE))
        known = pc.or_(pc.or_(true, false), pc.is_null(text))
        return pc.if_else(pc.is_null(text), None, true), ~np.asarray(known)
    if column.kind == "int" and not pa.types.is_integer(array.type):
        text = pc.utf8_trim_whitespace(array.cast(pa.string()))
        whole = pc.fill_null(pc.match_substring_regex(text, r"^-?\d{1,18}$"), True)
        return pc.if_else(whole, text, None).cast(pa.int64()), ~np.asarray(whole)
    if column.kind in _TYPES:
        return array.cast(_TYPES[column.kind]), none
    if pa.types.is_timestamp(array.type):
        return (array if column.kind == "instant" else array.cast(pa.date32(), safe=False).cast(pa.string())), none
    return _texts(array), none


def _kept(path: Path, event_type: str, part: pa.Table, lines: npt.NDArray[np.int32], field: str) -> list[Unknown]:
    """Rows of an unknown type, or the filled cells of an unknown column, as they came."""
    if field:
        if part.column(field).null_count == part.num_rows:
            return []
        rows = np.flatnonzero(np.asarray(pc.is_valid(_whole(part.column(field)))))
        part, lines = part.take(pa.array(rows)), lines[rows]
    kept = []
    for line, row in zip(lines.tolist(), part.to_pylist(), strict=True):
        text = str(row[field]) if field else str({name: value for name, value in row.items() if value is not None})
        kept.append(Unknown(shown(path), int(line), str(row.get("source")), str(row.get("id")), event_type, field, text))
    return kept
