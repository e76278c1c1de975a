"""Writing events in the contract's formats; always the same bytes for the same events, and never half a file."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.batch import ENVELOPE
from ingest.errors import UserError, reason_of
from ingest.vocabulary import columns, models
from ingest.wording import _

EventObject = Mapping[str, object]
_GROUP_ROWS = 1 << 17


def write_jsonl(events: Iterable[EventObject], path: Path) -> None:
    """Write events as JSON Lines, compressed when the name ends in `.gz`."""

    def fill(file: IO[bytes]) -> None:
        encoder = msgspec.json.Encoder()
        out: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") if path.suffix == ".gz" else file
        buffer = bytearray()
        for event in events:
            encoder.encode_into(event, buffer, len(buffer))
            buffer += b"\n"
            if len(buffer) > 1 << 20:
                out.write(buffer)
                buffer.clear()
        out.write(buffer)
        if isinstance(out, gzip.GzipFile):
            out.close()

    _whole(path, fill)


def write_csv(events: Sequence[EventObject], path: Path) -> None:
    """Write events as CSV: envelope columns, then every data field that occurs; lists are joined by `;`."""
    names = _data_names(events)

    def fill(file: IO[bytes]) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["type", *ENVELOPE, *names])
        for event in events:
            data = _data(event)
            writer.writerow([event["type"], *(event.get(name, "") for name in ENVELOPE), *(_cell(data.get(name)) for name in names)])
        text.flush()
        text.detach()

    _whole(path, fill)


def write_parquet(events: Sequence[EventObject], path: Path) -> None:
    """Write events as Parquet, sorted by type so that a reader finds few columns in a row group."""
    names = _data_names(events)
    kinds = {column.name: column.kind for event_type in models() for column in columns(event_type)}
    types = {"bool": pa.bool_(), "int": pa.int64(), "list": pa.list_(pa.string())}
    fields = [pa.field(name, pa.string()) for name in ("type", *ENVELOPE)]
    fields += [pa.field(name, types.get(kinds.get(name, "id"), pa.string())) for name in names]
    schema = pa.schema(fields)
    ordered = sorted(events, key=lambda event: str(event["type"]))

    def fill(file: IO[bytes]) -> None:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for start in range(0, len(ordered), _GROUP_ROWS):
                part = ordered[start : start + _GROUP_ROWS]
                data = [_data(event) for event in part]
                arrays = [pa.array([event.get(name) for event in part], pa.string()) for name in ("type", *ENVELOPE)]
                for field in list(schema)[len(arrays) :]:
                    values = [item.get(field.name) for item in data]
                    if pa.types.is_list(field.type):
                        values = [None if value is None else [str(item) for item in value] for value in values]  # type: ignore[attr-defined]  # a list field
                    elif pa.types.is_string(field.type):
                        values = [None if value is None else str(value) for value in values]
                    arrays.append(pa.array(values, field.type))
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

    _whole(path, fill)


def _data(event: EventObject) -> Mapping[str, object]:
    data = event["data"]
    if not isinstance(data, Mapping):
        raise TypeError("an event's data is an object")
    return data


def _data_names(events: Sequence[EventObject]) -> list[str]:
    return sorted({str(name) for event in events for name in _data(event)})


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _whole(path: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Write a file aside and rename it into place; on any error nothing stays."""
    aside = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            fill(file)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException as error:
        if aside:
            Path(aside).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UserError(_("Не удалось записать {path}: {reason}").format(path=path, reason=reason_of(error))) from error
        raise
