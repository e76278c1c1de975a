"""JSON Lines: decoded in large pieces by a typed decoder; a piece with a bad line is read again line by line."""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.batch import ENVELOPE, Batch, Reject
from ingest.errors import UserError
from ingest.eventlog import Unknown, known_type
from ingest.vocabulary import columns
from ingest.wording import _

if TYPE_CHECKING:
    from pathlib import Path

PIECE = 1 << 24
LONGEST_LINE = 1 << 23
"""A line longer than this (8 MB) is no event: no entry of a journal is."""
_EXCERPT = 200
Heard = Callable[[int], None]


class _Envelope(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    id: str
    source: str
    type: str
    time: str
    data: msgspec.Raw
    specversion: str = "1.0"
    actor: str | None = None
    evidence: str | None = None
    notbefore: str | None = None
    school: str | None = None
    subject: str | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None


class _Loose(msgspec.Struct, gc=False):
    id: str
    source: str
    type: str
    time: str
    data: msgspec.Raw
    actor: str | None = None
    evidence: str | None = None
    notbefore: str | None = None
    school: str | None = None


_KINDS: dict[str, object] = {"id": str, "date": str, "instant": str, "bool": bool, "int": int, "list": list[str | int]}
_LINES = msgspec.json.Decoder(_Envelope)
_LINE = msgspec.json.Decoder(_Loose)
_ANY = msgspec.json.Decoder()


@cache
def _struct(event_type: str, *, strict: bool) -> type[msgspec.Struct]:
    """The shape of an event type's data; every field may be null, absence is found by the batch's checks."""
    fields: list[tuple[str, Any, Any]] = [(f"f_{c.name}", _KINDS[c.kind] | None, None) for c in columns(event_type)]  # type: ignore[operator]  # types as values
    renamed = {f"f_{c.name}": c.name for c in columns(event_type)}
    return msgspec.defstruct(f"Data_{event_type}", fields, rename=renamed, forbid_unknown_fields=strict, gc=False)


@cache
def _decoder(event_type: str, *, strict: bool, many: bool) -> msgspec.json.Decoder[Any]:
    struct = _struct(event_type, strict=strict)
    return msgspec.json.Decoder(list[struct] if many else struct)  # type: ignore[valid-type]  # made at run time


def read_jsonl(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a file as batches; bad lines go to `rejects`, what the vocabulary does not know to `unknown`.

    Raises UserError when the file cannot be opened or its compression is damaged.
    """
    first = 1
    with _opened(path) as file:
        for piece in _pieces(file, path, heard):
            lines = piece.count(b"\n") + (not piece.endswith(b"\n"))
            yield from _fast(path, piece, first, lines) or _careful(path, piece, first, rejects, unknown)
            first += lines


def _opened(path: Path) -> IO[bytes]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]  # GzipFile reads bytes like any file
    except OSError as error:
        raise UserError(_("Файл {path} не открывается: {reason}").format(path=path, reason=error.strerror or error)) from error


def _pieces(file: IO[bytes], path: Path, heard: Heard) -> Iterator[bytes]:
    """Pieces of whole lines, about PIECE bytes each."""
    rest = b""
    try:
        while block := file.read(PIECE):
            heard(len(block))
            cut = block.rfind(b"\n") + 1
            if cut:
                yield rest + block[:cut]
                rest = block[cut:]
            else:
                rest += block
        if rest:
            yield rest
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(_("Архив {path} повреждён: {reason}. Выгрузите его ещё раз.").format(path=path, reason=error)) from error


def _fast(path: Path, piece: bytes, first: int, lines: int) -> list[Batch]:
    """All events of a piece, or nothing when any line of it needs care."""
    try:
        events = _LINES.decode_lines(piece[3:] if piece.startswith(b"\xef\xbb\xbf") else piece)
        if len(events) != lines:
            return []
        types = np.array(list(map(attrgetter("type"), events)), dtype=object)
        names, places = np.unique(types.astype(str), return_inverse=True)
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(places[order], np.arange(len(names) + 1))
        batches = []
        for place, name in enumerate(names.tolist()):
            if not known_type(name):
                return []
            rows = order[bounds[place] : bounds[place + 1]]
            mine = [events[row] for row in rows]
            data = _decoder(name, strict=True, many=True).decode(b"[" + b",".join(map(attrgetter("data"), mine)) + b"]")
            batches.append(_batch(name, str(path), (first + rows).astype(np.int32), mine, data))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return batches


def _batch(event_type: str, file: str, lines: npt.NDArray[np.int32], envelopes: list[Any], data: list[Any]) -> Batch:
    values: dict[str, pa.Array] = {name: pa.array(list(map(attrgetter(name), envelopes)), type=pa.string()) for name in ENVELOPE}
    for column in columns(event_type):
        items = list(map(attrgetter(f"f_{column.name}"), data))
        if column.kind == "list":
            values[column.name] = pa.array(
                [None if item is None else [str(part) for part in item] for item in items], type=pa.list_(pa.string())
            )
        else:
            kind = {"bool": pa.bool_(), "int": pa.int64()}.get(column.kind, pa.string())
            values[column.name] = pa.array(items, type=kind)
    return Batch(event_type, file, lines, values)


# ---- line by line ----------------------------------------------------------------------------------------------------------------


def _careful(path: Path, piece: bytes, first: int, rejects: list[Reject], unknown: list[Unknown]) -> Iterator[Batch]:
    rows: dict[str, list[tuple[int, Any, Any]]] = defaultdict(list)
    for number, raw in enumerate(piece.split(b"\n"), first):
        line = raw.strip().removeprefix(b"\xef\xbb\xbf")
        if not line:
            continue
        found = _one(path, number, line, unknown)
        if isinstance(found, str):
            rejects.append(Reject(str(path), number, _id_of(line), found, line[:_EXCERPT].decode("utf-8", "replace")))
        elif found is not None:
            rows[found[0].type].append((number, *found))
    for event_type, items in rows.items():
        lines, envelopes, data = zip(*items, strict=True)
        yield _batch(event_type, str(path), np.array(lines, dtype=np.int32), list(envelopes), list(data))


def _id_of(line: bytes) -> str | None:
    try:
        whole = _ANY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found = whole.get("id") if isinstance(whole, dict) else None
    return found if isinstance(found, str) else None


def _one(path: Path, number: int, line: bytes, unknown: list[Unknown]) -> tuple[_Loose, Any] | str | None:
    """The event of one line with its data, the reason why it is none, or None for a kept event of an unknown type."""
    if len(line) > LONGEST_LINE:
        return _("строка длиннее {n} МБ: это не событие журнала").format(n=LONGEST_LINE >> 20)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return _("строка не в UTF-8: сохраните файл в этой кодировке")
    if "\x00" in text or "\\u0000" in text:
        return _("в строке нулевой символ: файл двоичный или повреждён")
    try:
        envelope = _LINE.decode(line)
    except msgspec.ValidationError as error:
        return _in_russian(str(error))
    except (msgspec.DecodeError, RecursionError):
        return _("строка — не JSON (обрезана или повреждена): выгрузите файл ещё раз")
    about = (str(path), number, envelope.source, envelope.id, envelope.type)
    whole = _ANY.decode(line)
    unknown.extend(Unknown(*about, name, _json(whole[name])) for name in sorted(set(whole) - _KNOWN))
    if not known_type(envelope.type):
        unknown.append(Unknown(*about, "", text))
        return None
    try:
        data = _decoder(envelope.type, strict=False, many=False).decode(envelope.data)
    except msgspec.ValidationError as error:
        return f"{envelope.type}: " + _in_russian(str(error).replace("$.", "$.data."))
    names = {column.name for column in columns(envelope.type)}
    unknown.extend(Unknown(*about, name, _json(value)) for name, value in sorted(whole["data"].items()) if name not in names)
    return envelope, data


_KNOWN = frozenset(_Envelope.__struct_fields__)


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


_WORDS: dict[Literal["str", "int", "bool", "array", "object", "float", "null"], str] = {
    "str": "текст",
    "int": "целое число", "bool": "true или false", "array": "список", "object": "объект", "float": "дробь", "null": "пусто",
}  # fmt: skip


def _in_russian(message: str) -> str:
    """A decoder's message as a Russian reason with the field it speaks of."""
    where = message.split("`$", 1)[1].split("`", maxsplit=1)[0].lstrip(".") if "`$" in message else ""
    if "missing required field" in message:
        return _("нет обязательного поля {field}").format(field=message.split("`")[1])
    if message.startswith("Expected"):
        expected, _comma, got = message.removeprefix("Expected ").split(" - ")[0].partition(", got ")
        names = [_WORDS.get(part.strip(" `"), part.strip(" `")) for part in expected.split("|")]  # type: ignore[call-overload]  # any word
        wanted = _(" или ").join(name for name in names if name != _WORDS["null"])
        came = _WORDS.get(got.strip(" `"), got.strip(" `"))  # type: ignore[call-overload]  # any word
        if not where:
            return _("строка — не событие: ожидается объект JSON, а здесь {came}").format(came=came)
        return _("поле {field}: ожидается {wanted}, а здесь {came}").format(field=where, wanted=wanted, came=came)
    return _("поле {field} не читается: {message}").format(field=where or "?", message=message)
