"""From checked batches to the event log: shared codes per domain, each identity once, canonical event numbers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.batch import EVIDENCE, Reject, Typed, codes_of
from ingest.eventlog import Conflict, EventLog, Unknown, Version, content, content_hashes, identity_hashes
from ingest.vocabulary import columns

if TYPE_CHECKING:
    from ingest.fields import Column

_EVIDENCE = pd.CategoricalDtype(list(EVIDENCE))
Numbers = npt.NDArray[np.int64]
Tables = dict[str, pd.DataFrame]


class _Domains:
    """Gives every text of a domain one code; the codes are in the order of the sorted texts."""

    def __init__(self, of_type: dict[str, list[Typed]]) -> None:
        used: dict[str, list[pa.Array]] = defaultdict(list)
        for event_type, parts in of_type.items():
            for part in parts:
                for column in columns(event_type):
                    if column.kind == "id":
                        used[column.domain].append(_used(_array(part.columns[column.name])))
                used["person"].append(_used(_array(part.columns["actor"])))
                used["~source"].append(_used(_array(part.columns["source"])))
            used["person"].extend(_named_people(parts, event_type))
        self._words = {domain: _union(arrays) for domain, arrays in used.items()}
        self.dtypes = {domain: pd.CategoricalDtype(words.to_pandas().astype("str")) for domain, words in self._words.items()}

    def codes(self, domain: str, arrays: Iterable[pa.Array]) -> npt.NDArray[np.int32]:
        """Give the domain's codes of dictionary arrays one after another, -1 where there is no text."""
        words = self._words[domain]
        parts = []
        for array in arrays:
            at = pc.fill_null(pc.index_in(array.dictionary, value_set=words), -1).to_numpy(zero_copy_only=False)
            parts.append(np.append(at, -1).astype(np.int32)[codes_of(array)])
        return np.concatenate(parts)

    def column(self, domain: str, arrays: Iterable[pa.Array]) -> pd.Categorical:
        """Give the same as a categorical column."""
        return pd.Categorical.from_codes(self.codes(domain, arrays), dtype=self.dtypes[domain])


def _used(array: pa.Array) -> pa.Array:
    """The texts of a dictionary array that at least one row has: a file's dictionary may hold words of other rows."""
    at = codes_of(array)
    used = np.zeros(len(array.dictionary) + 1, dtype=bool)
    used[at] = True
    return array.dictionary if used[:-1].all() else array.dictionary.filter(pa.array(used[:-1]))


def _union(arrays: list[pa.Array]) -> pa.Array:
    """The distinct texts of arrays, sorted."""
    unique = pa.chunked_array(arrays, type=pa.string()).unique().drop_null()
    return unique.take(pc.sort_indices(unique))


def assemble(batches: Iterable[Typed], rejects: list[Reject], unknown: list[Unknown]) -> EventLog:
    """Give the log of all batches: identities that come twice are one event, or a conflict when their contents differ."""
    of_type: dict[str, list[Typed]] = defaultdict(list)
    for batch in batches:
        rejects.extend(batch.rejects)
        if len(batch.lines):
            of_type[batch.type].append(batch)
    if not of_type:
        return EventLog(_no_events(), {}, {}, rejects, [], 0, unknown)
    of_type = {event_type: of_type[event_type] for event_type in sorted(of_type)}
    domains = _Domains(of_type)
    tables = {event_type: _table(event_type, parts, domains) for event_type, parts in of_type.items()}
    events = _Events.of(of_type, tables, domains)
    dropped, conflicts, duplicates = _repeated(events, tables)
    order = events.order(dropped)
    _number(events, tables, order)
    return EventLog(events.frame(order), tables, domains.dtypes, rejects, conflicts, duplicates, unknown, events.hashes[order])


def _no_events() -> pd.DataFrame:
    empty = pd.DataFrame({"id": pd.Series(dtype="str"), "source": pd.Series(dtype="category"), "type": pd.Series(dtype="category")})
    empty["time"] = pd.Series(dtype="datetime64[us]")
    empty["file"], empty["line"] = pd.Series(dtype="category"), pd.Series(dtype="int32")
    return empty


def _array(column: object) -> pa.Array:
    assert isinstance(column, pa.Array)
    return column


def _named_people(parts: list[Typed], event_type: str) -> list[pa.Array]:
    """Ids inside lists of people belong to the domain of people too: a student may be named only there."""
    if event_type not in ("work.set", "exam.announced"):
        return []
    return [_array(part.columns["students"]).flatten().cast(pa.string()).unique() for part in parts if _is_list(part.columns["students"])]


def _is_list(column: object) -> bool:
    return isinstance(column, pa.Array) and pa.types.is_list(column.type)


# ---- tables --------------------------------------------------------------------------------------------------------------------------


def _table(event_type: str, parts: list[Typed], domains: _Domains) -> pd.DataFrame:
    def stacked(name: str) -> npt.NDArray[np.generic]:
        return np.concatenate([np.asarray(part.columns[name]) for part in parts])

    table: dict[str, object] = {
        "time": stacked("time"),
        "notbefore": stacked("notbefore"),
        "evidence": pd.Categorical.from_codes(stacked("evidence").astype(np.int8), dtype=_EVIDENCE),
        "actor": domains.column("person", (_array(part.columns["actor"]) for part in parts)),
    }
    for column in columns(event_type):
        table[column.name] = _values(column, parts, domains)
    return pd.DataFrame(table, copy=False)


def _values(column: Column, parts: list[Typed], domains: _Domains) -> object:
    if column.kind == "id":
        return domains.column(column.domain, (_array(part.columns[column.name]) for part in parts))
    if column.kind in ("date", "instant"):
        return np.concatenate([np.asarray(part.columns[column.name]) for part in parts])
    arrays = [_array(part.columns[column.name]) for part in parts]
    if column.kind == "list":
        lists = [None if items is None else tuple(str(item) for item in items) for array in arrays for items in array.to_pylist()]
        values = np.empty(len(lists), dtype=object)
        values[:] = lists
        return values
    wanted, zero = (pa.bool_(), False) if column.kind == "bool" else (pa.int64(), 0)
    whole = pa.concat_arrays([array.cast(wanted) for array in arrays])
    absent = np.asarray(whole.is_null().to_numpy(zero_copy_only=False))
    plain = whole.fill_null(zero).to_numpy(zero_copy_only=False).copy()
    return pd.arrays.BooleanArray(plain, absent) if column.kind == "bool" else pd.arrays.IntegerArray(plain, absent)


def _number(events: _Events, tables: Tables, order: Numbers) -> None:
    """Put the event numbers into the tables, sort these by them, and leave out the rows that are not in `order`."""
    numbers = np.full(len(events.time), -1, dtype=np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    for place, event_type in enumerate(events.types):
        mine = numbers[events.starts[place] : events.starts[place + 1]]
        if (mine[:-1] < mine[1:]).all() and mine[0] >= 0:
            ordered = tables[event_type]
        else:
            rows = np.argsort(mine, kind="stable")[np.count_nonzero(mine < 0) :]
            ordered, mine = tables[event_type].take(rows).reset_index(drop=True), mine[rows]
        ordered.insert(0, "event", mine)
        tables[event_type] = ordered


# ---- identities ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Events:
    """All accepted rows, type after type as in the tables (`starts`: where each of `types` begins), not yet in order."""

    types: list[str]
    starts: Numbers
    ids: pa.ChunkedArray
    source: pd.Categorical
    file: pd.Categorical
    line: npt.NDArray[np.int32]
    time: npt.NDArray[np.datetime64]
    hashes: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, of_type: dict[str, list[Typed]], tables: Tables, domains: _Domains) -> _Events:
        """Give the rows of all batches."""
        parts = [part for batches in of_type.values() for part in batches]
        sizes = [len(part.lines) for part in parts]
        ids = pa.chunked_array([part.ids.cast(pa.string()) for part in parts], type=pa.string())
        source = domains.column("~source", (_array(part.columns["source"]) for part in parts))
        files, of_part = np.unique([part.file for part in parts], return_inverse=True)
        file_names = pd.CategoricalDtype(pd.Index(files, dtype="str"))
        return cls(
            types=list(of_type),
            starts=np.cumsum([0, *(len(table) for table in tables.values())]),
            ids=ids,
            source=source,
            file=pd.Categorical.from_codes(np.repeat(of_part, sizes), dtype=file_names),
            line=np.concatenate([part.lines for part in parts]),
            time=np.concatenate([table["time"].to_numpy() for table in tables.values()]),
            hashes=identity_hashes(ids.to_numpy(), source),
        )

    def order(self, dropped: Numbers) -> Numbers:
        """Give the rows that stay in the order of time, then identity."""
        order = np.lexsort((self.hashes, self.time))
        if not len(dropped):
            return order
        stays = np.ones(len(order), dtype=bool)
        stays[dropped] = False
        return order[stays[order]]

    def at(self, row: int) -> tuple[str, int]:
        """Give the type of a row and its place in that type's table."""
        place = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.types[place], row - int(self.starts[place])

    def frame(self, order: Numbers) -> pd.DataFrame:
        """Give the rows in this order as the log's table of events."""
        of_type = np.repeat(np.arange(len(self.types), dtype=np.int8), np.diff(self.starts))[order]
        types = pd.CategoricalDtype(pd.Index(self.types, dtype="str"))
        return pd.DataFrame(
            {
                "id": self.ids.take(pa.array(order)).to_pandas(),
                "source": self.source[order],
                "type": pd.Categorical.from_codes(of_type, dtype=types),
                "time": self.time[order],
                "file": self.file[order],
                "line": self.line[order],
            },
            copy=False,
        )


def _repeated(events: _Events, tables: Tables) -> tuple[Numbers, list[Conflict], int]:
    """Rows to drop because their identity stands elsewhere, the conflicts among them, and the number of plain repetitions."""
    rows = np.flatnonzero(pd.Series(events.hashes).duplicated(keep=False).to_numpy())
    if not len(rows):
        return rows, [], 0
    same = _versions(events, tables, rows)
    first = ~same.duplicated(["source", "id", "content"]).to_numpy()
    dropped = same["row"].to_numpy()[~first]
    different = same[first & same.assign(first=first).groupby(["source", "id"])["first"].transform("sum").gt(1).to_numpy()]
    conflicts, beaten = _conflicts(events, tables, different)
    return np.sort(np.concatenate([dropped, beaten])), conflicts, len(dropped)


def _versions(events: _Events, tables: Tables, rows: Numbers) -> pd.DataFrame:
    """Rows whose identity may stand elsewhere: source, id (codes), content (hash), row; in the order of file and line."""
    contents = np.zeros(len(rows), dtype=np.uint64)
    bounds = np.searchsorted(rows, events.starts)
    for place, event_type in enumerate(events.types):
        mine = rows[bounds[place] : bounds[place + 1]] - events.starts[place]
        if len(mine):
            contents[bounds[place] : bounds[place + 1]] = content_hashes(event_type, tables[event_type].take(mine))
    ids = events.ids.take(pa.array(rows)).combine_chunks().dictionary_encode()
    frame = pd.DataFrame({"source": events.source.codes[rows], "id": codes_of(ids), "content": contents, "row": rows})
    order = np.lexsort((events.line[rows], events.file.codes[rows]))
    return frame.take(order).reset_index(drop=True)


def _conflicts(events: _Events, tables: Tables, versions: pd.DataFrame) -> tuple[list[Conflict], Numbers]:
    """The conflicts among versions of identities, in the order of these, and the rows that are not kept."""
    conflicts: list[Conflict] = []
    beaten: list[int] = []
    for _identity, rows in versions.groupby(["source", "id"], sort=False)["row"]:
        found = sorted((_version(events, tables, row) for row in rows.tolist()), key=lambda item: (item[0].time, item[0].content))
        beaten.extend(row for _version, row in found[1:])
        source, name = str(events.source[found[0][1]]), events.ids[found[0][1]].as_py()
        conflicts.append(Conflict(source, name, found[0][0], tuple(version for version, _row in found[1:])))
    conflicts.sort(key=lambda conflict: (conflict.source, conflict.id))
    return conflicts, np.array(beaten, dtype=np.int64)


def _version(events: _Events, tables: Tables, row: int) -> tuple[Version, int]:
    event_type, place = events.at(row)
    digest = hashlib.sha256(content(tables, event_type, place).encode()).hexdigest()
    time = f"{pd.Timestamp(events.time[row]).isoformat()}+00:00"
    return Version(str(events.file[row]), int(events.line[row]), time, digest), row
