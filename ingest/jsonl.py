"""JSON Lines: decoded in large pieces by a typed decoder; only the part of a piece with a bad line is read line by line."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import IO, TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.batch import ENVELOPE, Batch, Reject, encoded
from ingest.errors import UserError, reason_of, shown
from ingest.eventlog import Unknown, known_type
from ingest.vocabulary import columns, models
from ingest.wording import _

if TYPE_CHECKING:
    from pathlib import Path

PIECE = 1 << 24
LONGEST_LINE = 1 << 23
"""A line longer than this (8 MB) is no event: no entry of a journal is."""
_CAREFUL_BYTES = 1 << 16
_EXCERPT = 200
_BOM = b"\xef\xbb\xbf"
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
Heard = Callable[[int], None]


class _Lean(msgspec.Struct, forbid_unknown_fields=True, gc=False, kw_only=True):
    """What nearly every event has; an event's type is the tag that tells which shape its data has."""

    id: str
    source: str
    time: str
    specversion: Literal["1.0"]
    actor: str | None = None
    evidence: ClassVar[str | None] = None
    notbefore: ClassVar[str | None] = None
    school: ClassVar[str | None] = None


class _Wide(msgspec.Struct, forbid_unknown_fields=True, gc=False, kw_only=True):
    id: str
    source: str
    time: str
    specversion: Literal["1.0"]
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
    specversion: Literal["1.0"]
    data: Any
    actor: str | None = None
    evidence: str | None = None
    notbefore: str | None = None
    school: str | None = None


_OPTIONAL = ("actor", "evidence", "notbefore", "school", "subject", "datacontenttype", "dataschema")
_KNOWN = frozenset({"id", "source", "type", "time", "specversion", "data", *_OPTIONAL})
_Whole = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_KINDS: dict[str, object] = {"id": str, "date": str, "instant": str, "bool": bool, "int": _Whole, "list": list[str | int]}
_LINE = msgspec.json.Decoder(_Loose)
_ANY = msgspec.json.Decoder()
Rows = dict[str, list[tuple[int, _Loose]]]


@cache
def _data(event_type: str, *, strict: bool) -> type[msgspec.Struct]:
    """The shape of an event type's data; every field may be null, absence is found by the batch's checks."""
    fields: list[tuple[str, Any, Any]] = [(f"f_{c.name}", _KINDS[c.kind] | None, None) for c in columns(event_type)]  # type: ignore[operator]  # types as values
    renamed = {f"f_{c.name}": c.name for c in columns(event_type)}
    return msgspec.defstruct(f"Data_{event_type}", fields, rename=renamed, forbid_unknown_fields=strict, gc=False)


@cache
def _loose_data(event_type: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_data(event_type, strict=False))


@cache
def _shapes(base: type[msgspec.Struct]) -> tuple[msgspec.json.Decoder[Any], dict[type, int], list[str]]:
    """A decoder of lines whose `type` chooses the shape of the data; the code of each shape, and the event type of each code."""
    names = sorted(models())
    shapes = [
        msgspec.defstruct(
            f"Event_{name}", [("data", _data(name, strict=True))], bases=(base,), tag_field="type", tag=name,
            forbid_unknown_fields=True, gc=False, kw_only=True,
        )
        for name in names
    ]  # fmt: skip
    return msgspec.json.Decoder(Union[tuple(shapes)]), {shape: code for code, shape in enumerate(shapes)}, names


def read_jsonl(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Heard) -> Iterator[Batch]:
    """Give the events of a file as batches; bad lines go to `rejects`, what the vocabulary does not know to `unknown`.

    Raises UserError when the file cannot be opened or its compression is damaged.
    """
    first = 1
    with _opened(path) as file:
        for piece in _pieces(file, path, heard):
            rows: Rows = defaultdict(list)
            batches = _taken(path, piece.removeprefix(_BOM) if first == 1 else piece, first, rows, rejects, unknown)
            batches += [_batch(event_type, path, *map(list, zip(*items, strict=True))) for event_type, items in rows.items()]
            yield from _joined(batches)
            first += piece.count(b"\n")


def _opened(path: Path) -> IO[bytes]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]  # GzipFile reads bytes like any file
    except OSError as error:
        raise UserError(_("Файл {path} не открывается: {reason}").format(path=path, reason=reason_of(error))) from error


def _pieces(file: IO[bytes], path: Path, heard: Heard) -> Iterator[bytes]:
    """Pieces of whole lines, about PIECE bytes each; of a line without end only as much as shows that it is too long."""
    rest = b""
    try:
        while block := file.read(PIECE):
            heard(len(block))
            cut = block.rfind(b"\n") + 1
            if cut:
                yield rest + block[:cut]
                rest = block[cut:]
            elif len(rest) <= LONGEST_LINE:
                rest += block
        if rest:
            yield rest
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(_("Архив {path} повреждён или обрезан. Выгрузите его ещё раз.").format(path=path)) from error
    except OSError as error:
        raise UserError(_("Файл {path} не читается: {reason}").format(path=path, reason=reason_of(error))) from error


def _taken(path: Path, piece: bytes, first: int, rows: Rows, rejects: list[Reject], unknown: list[Unknown]) -> list[Batch]:
    """The events of a piece; a part that needs care is halved until it is small, and its lines go to `rows`."""
    for base in (_Lean, _Wide):
        batches = _fast(path, piece, first, base)
        if batches is not None:
            return batches
    middle = piece.find(b"\n", len(piece) // 2) + 1
    if len(piece) <= _CAREFUL_BYTES or middle in (0, len(piece)):
        _careful(path, piece, first, rows, rejects, unknown)
        return []
    return [
        *_taken(path, piece[:middle], first, rows, rejects, unknown),
        *_taken(path, piece[middle:], first + piece.count(b"\n", 0, middle), rows, rejects, unknown),
    ]


def _fast(path: Path, piece: bytes, first: int, base: type[msgspec.Struct]) -> list[Batch] | None:
    """All events of a piece, or None when any line of it needs care."""
    decoder, codes, names = _shapes(base)
    try:
        events = decoder.decode_lines(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if len(events) != piece.count(b"\n") + (not piece.endswith(b"\n")):
        return None
    kinds = np.fromiter(map(codes.__getitem__, map(type, events)), dtype=np.int16, count=len(events))
    order = np.argsort(kinds, kind="stable")
    bounds = np.searchsorted(kinds[order], np.arange(len(names) + 1))
    batches = []
    for code in np.flatnonzero(np.diff(bounds)).tolist():
        rows = order[bounds[code] : bounds[code + 1]]
        mine = [events[rows[0]]] if len(rows) == 1 else itemgetter(*rows.tolist())(events)
        batches.append(_batch(names[code], path, first + rows, mine))
    return None if _repeats_a_key(piece, _given(batches, events, base)) else batches


def _repeats_a_key(piece: bytes, given: int) -> bool:
    """Tell whether a piece has other keys than the `given` number of fields that have a value: perhaps one stands twice."""
    keys = piece.count(b'":')
    # Each count is a walk through the piece; a quote before a colon inside a text and explicit nulls are not the rule.
    return keys != given and keys - piece.count(b'\\":') - piece.count(b'":null') - piece.count(b'": null') != given


def _given(batches: Sequence[Batch], events: Sequence[Any], base: type[msgspec.Struct]) -> int:
    given = 3 * len(events)  # specversion, type and data are no columns
    for batch in batches:
        given += sum(len(array) - array.null_count for array in batch.columns.values())
    if base is _Wide:
        for name in ("subject", "datacontenttype", "dataschema"):
            given += len(events) - list(map(attrgetter(name), events)).count(None)
    return given


def _batch(event_type: str, path: Path, lines: Sequence[int] | npt.NDArray[np.int64], events: Sequence[Any]) -> Batch:
    values: dict[str, pa.Array] = {}
    for name in ENVELOPE:
        if isinstance(events[0], _Lean) and name in ("evidence", "notbefore", "school"):
            values[name] = encoded(pa.nulls(len(events), pa.string()))
        else:
            texts = pa.array(list(map(attrgetter(name), events)), type=pa.string())
            values[name] = texts if name == "id" else encoded(texts)
    data = list(map(attrgetter("data"), events))
    for column in columns(event_type):
        items = list(map(attrgetter(f"f_{column.name}"), data))
        if column.kind == "list":
            texts = [None if item is None else [str(part) for part in item] for item in items]
            values[column.name] = pa.array(texts, type=pa.list_(pa.string()))
        elif column.kind in ("bool", "int"):
            values[column.name] = pa.array(items, type=pa.bool_() if column.kind == "bool" else pa.int64())
        else:
            values[column.name] = encoded(pa.array(items, type=pa.string()))
    return Batch(event_type, shown(path), np.asarray(lines, dtype=np.int32), values)


def _joined(batches: Sequence[Batch]) -> Iterator[Batch]:
    """One batch for each event type: every batch costs its share of small steps."""
    of_type: dict[str, list[Batch]] = defaultdict(list)
    for batch in batches:
        of_type[batch.type].append(batch)
    for event_type, parts in of_type.items():
        if len(parts) == 1:
            yield parts[0]
        else:
            arrays = {name: pa.concat_arrays([part.columns[name] for part in parts]) for name in parts[0].columns}
            yield Batch(event_type, parts[0].file, np.concatenate([part.lines for part in parts]), arrays)


# ---- line by line ----------------------------------------------------------------------------------------------------------------


def _careful(path: Path, piece: bytes, first: int, rows: Rows, rejects: list[Reject], unknown: list[Unknown]) -> None:
    for number, raw in enumerate(piece.split(b"\n"), first):
        line = raw.strip()
        if not line:
            continue
        found = _one(path, number, line, unknown)
        if isinstance(found, str):
            rejects.append(Reject(shown(path), number, _id_of(line), found, line[:_EXCERPT].decode("utf-8", "replace")))
        elif found is not None:
            rows[found.type].append((number, found))


def _id_of(line: bytes) -> str | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        whole = _ANY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found = whole.get("id") if isinstance(whole, dict) else None
    return found if isinstance(found, str) else None


def _one(path: Path, number: int, line: bytes, unknown: list[Unknown]) -> _Loose | str | None:
    """The event of one line, the reason why it is none, or None for a kept event of an unknown type."""
    if len(line) > LONGEST_LINE:
        return _("строка длиннее {n} МБ: это не событие журнала").format(n=LONGEST_LINE >> 20)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return _("строка не в UTF-8: сохраните файл в этой кодировке")
    if b"\x00" in line or _ESCAPED_NUL.search(line):
        return _("в строке нулевой символ: файл двоичный или повреждён")
    try:
        whole = _ANY.decode(line)
        envelope = _LINE.decode(line)
    except msgspec.ValidationError as error:
        return _in_russian(str(error))
    except RecursionError:
        return _("слишком глубокая вложенность: это не событие журнала")
    except msgspec.DecodeError as error:
        return _broken(str(error))
    if twice := _twice(text):
        return _("ключ {key} стоит дважды: непонятно, какое значение верно").format(key=twice)
    about = (shown(path), number, envelope.source, envelope.id, envelope.type)
    unknown_here = [Unknown(*about, name, _json(whole[name])) for name in sorted(set(whole) - _KNOWN)]
    if not known_type(envelope.type):
        unknown.extend([*unknown_here, Unknown(*about, "", text)])
        return None
    try:
        envelope.data = _loose_data(envelope.type).decode(msgspec.json.encode(whole["data"]))
    except msgspec.ValidationError as error:
        return f"{envelope.type}: " + _in_russian(str(error), "data")
    names = {column.name for column in columns(envelope.type)}
    unknown.extend(unknown_here)
    unknown.extend(Unknown(*about, name, _json(value)) for name, value in sorted(whole["data"].items()) if name not in names)
    return envelope


def _broken(message: str) -> str:
    if "surrogate" in message:
        return _("в тексте половина суррогатной пары: такого символа нет")
    if "out of range" in message:
        return _("число слишком велико")
    return _("строка — не JSON (обрезана или повреждена): выгрузите файл ещё раз")


class _TwiceError(Exception):
    pass


def _twice(text: str) -> str | None:
    """The key that stands twice in one object of a JSON text, if any does."""

    def once(pairs: list[tuple[str, object]]) -> None:
        seen = set()
        for key, _value in pairs:
            if key in seen:
                raise _TwiceError(key)
            seen.add(key)

    try:
        # Python reads long numbers slowly, and refuses very long ones; here they are only passed over.
        json.loads(text, object_pairs_hook=once, parse_int=str, parse_float=str)
    except _TwiceError as error:
        return str(error)
    return None


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


_WORDS: dict[Literal["str", "int", "bool", "array", "object", "float", "null"], str] = {
    "str": "текст",
    "int": "целое число", "bool": "true или false", "array": "список", "object": "объект", "float": "дробь", "null": "пусто",
}  # fmt: skip


def _in_russian(message: str, inside: str = "") -> str:
    """A decoder's message as a Russian reason with the field it speaks of; `inside` is the field that was decoded."""
    path = message.split("`$", 1)[1].split("`", maxsplit=1)[0] if "`$" in message else ""
    where = (inside + path).lstrip(".") if path.strip("[.]") or inside else ""
    if "missing required field" in message:
        return _("нет обязательного поля {field}").format(field=message.split("`")[1])
    if where == "specversion":
        return _("поле specversion: понимаем только «1.0»")
    if message.startswith("Expected `int` ") or "out of range" in message:
        return _("поле {field}: число слишком велико").format(field=where) if where else _("число слишком велико")
    if message.startswith("Expected"):
        expected, _comma, got = message.removeprefix("Expected ").split(" - ")[0].partition(", got ")
        names = [_WORDS.get(part.strip(" `"), part.strip(" `")) for part in expected.split("|")]  # type: ignore[call-overload]  # any word
        wanted = _(" или ").join(name for name in names if name != _WORDS["null"])
        came = _WORDS.get(got.strip(" `"), got.strip(" `"))  # type: ignore[call-overload]  # any word
        if not where:
            return _("строка — не событие: ожидается объект JSON, а здесь {came}").format(came=came)
        return _("поле {field}: ожидается {wanted}, а здесь {came}").format(field=where, wanted=wanted, came=came)
    return _("поле {field} не читается: {message}").format(field=where or "?", message=message)
