"""The event log: the accepted events of one school as typed tables, each event once, in an order that files cannot change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.batch import EVIDENCE
from ingest.vocabulary import columns, models
from ingest.wording import _

if TYPE_CHECKING:
    from ingest.batch import Reject

Hashes = npt.NDArray[np.uint64]
_NO_IDENTITY = np.uint64(0)
EVIDENCE_DTYPE = pd.CategoricalDtype(list(EVIDENCE))


@dataclass(frozen=True)
class Version:
    """One of several events that claim the same identity: where it stands, when it was made, and the hash of its content."""

    file: str
    line: int
    time: str
    content: str


@dataclass(frozen=True)
class Conflict:
    """The same `(source, id)` with different contents: the one that is kept, and the others."""

    source: str
    id: str
    kept: Version
    others: tuple[Version, ...]


@dataclass(frozen=True)
class Unknown:
    """Something outside the vocabulary, kept as it came: an event of an unknown type (`field` is ""), or an unknown field of an event."""

    file: str
    line: int
    source: str
    id: str
    type: str
    field: str
    json: str


@dataclass(frozen=True)
class EventLog:
    """Accepted events.

    `events`: index = event number, in the order of (time, identity); columns id (text), source, type, file (categorical), line (int32),
    time (datetime64[us], UTC). `tables`: per event type, sorted by `event`: event (int32), time, notbefore (datetime64[us], UTC, NaT),
    evidence (categorical), actor (categorical of domain person), then the data columns: ids and texts categorical of their domain, dates
    datetime64[s], instants datetime64[us] UTC, bool `boolean`, int `Int64`, lists tuples of text or None. `identities`: a 64-bit hash of
    each event's (source, id), by event number.
    """

    events: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    categories: Mapping[str, pd.CategoricalDtype]
    rejects: list[Reject] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    duplicates: int = 0
    unknown: list[Unknown] = field(default_factory=list)
    identities: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64), repr=False)

    @property
    def unknown_types(self) -> dict[str, int]:
        """How many events of each unknown type were kept."""
        return _counts(item.type for item in self.unknown if not item.field)

    @property
    def unknown_fields(self) -> dict[str, int]:
        """How often each unknown field (`type.field`) came."""
        return _counts(f"{item.type}.{item.field}" for item in self.unknown if item.field)

    def dtype(self, domain: str) -> pd.CategoricalDtype:
        """Give the categories that all columns of a domain share, sorted; an empty one for a domain without ids."""
        return self.categories.get(domain, pd.CategoricalDtype(pd.Index([], dtype="str")))

    def table(self, event_type: str) -> pd.DataFrame:
        """Give the table of a type of the vocabulary, empty but well typed where the log has none; KeyError for another type."""
        found = self.tables.get(event_type)
        if found is None:
            found = self._empties.get(event_type)
        if found is None:
            found = self._empties[event_type] = self._empty(event_type)
        return found

    @cached_property
    def _empties(self) -> dict[str, pd.DataFrame]:
        return {}

    def _empty(self, event_type: str) -> pd.DataFrame:
        instants = np.array([], dtype="datetime64[us]")
        table: dict[str, object] = {
            "event": np.array([], dtype=np.int32),
            "time": instants,
            "notbefore": instants,
            "evidence": pd.Categorical([], dtype=EVIDENCE_DTYPE),
            "actor": pd.Categorical([], dtype=self.dtype("person")),
        }
        for column in columns(event_type):
            kinds = {
                "instant": instants,
                "date": np.array([], dtype="datetime64[s]"),
                "bool": pd.array([], dtype="boolean"),
                "int": pd.array([], dtype="Int64"),
                "list": np.array([], dtype=object),
            }
            table[column.name] = kinds[column.kind] if column.kind in kinds else pd.Categorical([], dtype=self.dtype(column.domain))
        return pd.DataFrame(table)

    def ids(self, numbers: Iterable[int]) -> list[str]:
        """Give the ids of events by their numbers."""
        return [str(name) for name in self._ids.take(np.fromiter(numbers, dtype=np.int64))]

    @cached_property
    def _ids(self) -> pd.api.extensions.ExtensionArray:
        texts: pd.api.extensions.ExtensionArray = self.events["id"].array
        return texts

    def hash(self) -> str:
        """Give the sha256 of the event set: the same for the same events in any order, format or number of repetitions."""
        tables = sorted(self.tables.items())
        rows = [content_hashes(event_type, table, self.identities[table["event"].to_numpy()]) for event_type, table in tables]
        kept = [f"{item.source}\x1f{item.id}\x1f{item.type}\x1f{item.field}\x1f{item.json}" for item in self.unknown]
        rows.append(_text_hashes(np.array(kept, dtype=object)))
        return hashlib.sha256(np.sort(np.concatenate(rows)).tobytes()).hexdigest()


def content_hashes(event_type: str, table: pd.DataFrame, identities: Hashes | np.uint64 = _NO_IDENTITY) -> Hashes:
    """Give a 64-bit hash of each row's type, time, actor and data, and of its identity where that is given."""
    hashes = np.full(len(table), identities ^ _text_hashes(np.array([event_type], dtype=object))[0], dtype=np.uint64)
    for name in table.columns:
        if name != "event":
            hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + _column_hashes(table[name])
    return hashes


def identity_hashes(ids: npt.NDArray[np.object_], sources: pd.Categorical) -> Hashes:
    """Give a 64-bit hash of each `(source, id)`."""
    of_source = _text_hashes(np.asarray(sources.categories, dtype=object))
    hashes: Hashes = _text_hashes(ids) * np.uint64(31) + of_source[sources.codes]
    return hashes


def _text_hashes(texts: npt.NDArray[np.object_]) -> Hashes:
    return np.asarray(pd.util.hash_array(texts, categorize=False), dtype=np.uint64)


def _column_hashes(column: pd.Series) -> Hashes:
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = _text_hashes(np.asarray(column.cat.categories, dtype=object))
        return np.asarray(np.append(known, np.uint64(7))[column.cat.codes.to_numpy()], dtype=np.uint64)
    if column.dtype == object:
        return _text_hashes(np.array(["" if value is None else "\x1e".join(value) for value in column], dtype=object))
    if column.dtype.kind == "M":
        return np.asarray(column.to_numpy().view(np.int64).astype(np.uint64), dtype=np.uint64)
    return np.asarray(column.astype("float64").fillna(-1.0).to_numpy().view(np.uint64))


def _counts(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def content(log_tables: Mapping[str, pd.DataFrame], event_type: str, row: int) -> str:
    """Give the canonical text of an event's content: type, time, actor and data, the same whatever file format it came in."""
    record = log_tables[event_type].iloc[row]
    fields = {str(name): ("" if _missing(value) else str(value)) for name, value in record.items() if name != "event"}
    return json.dumps({"type": event_type, **fields}, ensure_ascii=False, sort_keys=True)


def _missing(value: object) -> bool:
    return value is None or (not isinstance(value, tuple) and bool(pd.isna(value)))  # type: ignore[call-overload]  # one cell


def reject_lines(log: EventLog) -> list[dict[str, str | int | None]]:
    """Give the objects for `rejects.jsonl`: lines that are no events, and conflicting versions that were set aside."""
    lines: list[dict[str, str | int | None]] = [
        {"file": item.file, "line": item.line, "id": item.id, "reason": item.reason, "excerpt": item.excerpt} for item in log.rejects
    ]
    for conflict in log.conflicts:
        for other in conflict.others:
            reason = _("то же событие ({source}, {id}) уже есть с другим содержанием в {file}:{line}; оставлено более раннее").format(
                source=conflict.source, id=conflict.id, file=conflict.kept.file, line=conflict.kept.line
            )
            lines.append({"file": other.file, "line": other.line, "id": conflict.id, "reason": reason, "excerpt": other.time})
    return lines


def known_type(event_type: str) -> bool:
    """Tell whether an event type belongs to the vocabulary."""
    return event_type in models()
