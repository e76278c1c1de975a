"""Lines and files that are no good: each is said in Russian with its place, what is good beside it is taken, nothing is guessed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import jsonl
from ingest.errors import UserError
from ingest.eventlog import EventLog
from ingest.journal import Journal
from ingest.reading import read_log
from ingest.writers import write_csv, write_jsonl, write_parquet
from tests.conftest import UFA, event, simulated
from tests.ingest.test_reading import BAD, GOOD, LESSON, read, with_data, without

Json = dict[str, Any]
FIRST, LAST = LESSON | {"id": "first"}, GOOD | {"id": "last"}
RAW = json.dumps(GOOD, ensure_ascii=False).encode()


def text(put: bytes) -> bytes:
    """Give the good topic with another text, as bytes."""
    return RAW.replace("Дроби".encode(), put)


def more(put: bytes) -> bytes:
    """Give the good topic with one more key."""
    return RAW[:-1] + b', "x": ' + put + b"}"


NESTED = b"[" * 100_000 + b"]" * 100_000
PERSON = event(9, "person.registered", "2024-02-05T12:00:00+05:00", person="p-1", roles=["teacher"])
PERIOD = event(9, "period.set", "2024-02-05T12:00:00+05:00", period="Q", kind="quarter", starts="2024-01-01", ends="2024-03-01")
LINES: list[tuple[str, bytes | Json, str]] = [
    ("half of a surrogate pair in an id", RAW.replace(b"e-001", b"e-\\ud800"), "суррогатной пары"),
    ("half of a surrogate pair in a text", text(b"\\ud800"), "суррогатной пары"),
    ("half of a surrogate pair as bytes", text(b"\xed\xa0\x80"), "не в UTF-8"),
    ("NUL in a text", text(b"\\u0000"), "data.text: в тексте нулевой символ"),
    ("NUL in an id", RAW.replace(b"e-001", b"e-\\u0000"), "id: в тексте нулевой символ"),
    ("NUL in a person", with_data(PERSON, person="p\0"), "data.person: в тексте нулевой символ"),
    ("NUL in a list", with_data(PERSON, roles=["teacher", "x\0"]), "data.roles: в тексте нулевой символ"),
    ("a key twice in the envelope", RAW.replace(b'"source"', b'"id": "e-9", "source"'), "ключ id стоит дважды"),
    ("a key twice in the data", RAW.replace(b'"lesson"', b'"lesson": "L-2", "lesson"'), "ключ lesson стоит дважды"),
    ("a key twice with a null after it", RAW.replace(b'"text"', b'"lesson": null, "text"'), "ключ lesson стоит дважды"),
    ("a deep nest outside the data", more(NESTED), "глубокая вложенность"),
    ("a deep nest inside the data", RAW.replace(b'"L-1"', NESTED), "глубокая вложенность"),
    ("a huge whole number", with_data(LESSON, number=10**30), "data.number: число слишком велико"),
    ("a whole number of 64 bits", with_data(LESSON, number=2**63), "data.number: число слишком велико"),
    ("a number of five thousand digits", more(b"9" * 5000), "число слишком велико"),
    ("a number beyond all bounds", more(b"1e999"), "число слишком велико"),
    ("a fraction", with_data(LESSON, number=1.5), "data.number: ожидается целое число, а здесь дробь"),
    ("NaN", more(b"NaN"), "не JSON"),
    ("a number for a time", GOOD | {"time": 1707112800}, "поле time: ожидается текст, а здесь целое число"),
    ("null for a time", GOOD | {"time": None}, "поле time: ожидается текст, а здесь пусто"),
    ("a time of a hundred thousand digits", GOOD | {"time": "2" * 100_000}, "не момент времени"),
    ("an offset that there is not", GOOD | {"time": "2024-02-05T12:00:00+99:99"}, "не момент времени"),
    ("a list for data", GOOD | {"data": [1]}, "поле data: ожидается объект, а здесь список"),
    ("a text for data", GOOD | {"data": "x"}, "поле data: ожидается объект, а здесь текст"),
    ("null for data", GOOD | {"data": None}, "поле data: ожидается объект, а здесь пусто"),
    ("no data", without(GOOD, "data"), "нет обязательного поля data"),
    ("no id", without(GOOD, "id"), "нет обязательного поля id"),
    ("no source", without(GOOD, "source"), "нет обязательного поля source"),
    ("no specversion", without(GOOD, "specversion"), "нет обязательного поля specversion"),
    ("another specversion", GOOD | {"specversion": "0.3"}, "понимаем только «1.0»"),
    ("a number for a specversion", GOOD | {"specversion": 1.0}, "понимаем только «1.0»"),
    ("a number for an actor", GOOD | {"actor": 5}, "поле actor: ожидается текст"),
    ("a text for a list", with_data(PERSON, roles="teacher"), "data.roles: ожидается список, а здесь текст"),
    ("a list in a list", with_data(PERSON, roles=[["teacher"]]), "data.roles[0]"),
    ("a text for true", event(9, "day.set", "2024-02-05T12:00:00+05:00", date="2024-02-05", working="yes"), "true или false"),
    ("an empty lesson", with_data(GOOD, lesson=""), "нет обязательного поля data.lesson"),
    ("a grade that is no number", with_data(PERIOD, grades=["9А"]), "класс — целое число"),
    ("a period that ends before it starts", with_data(PERIOD, ends="2023-12-31"), "раньше, чем начинается"),
    ("a bare word", b"true", "ожидается объект JSON"),
    ("an object without fields", b"{}", "нет обязательного поля"),
]


@pytest.mark.parametrize(("line", "words"), [(line, words) for _name, line, words in LINES], ids=[name for name, _line, _words in LINES])
def test_a_bad_line_is_rejected_with_its_place_and_the_rest_is_taken(line: bytes | Json, words: str, tmp_path: Path) -> None:
    """The reject names the line and what is wrong with it; the events around it are read, and their hash can be taken."""
    raw = line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join([json.dumps(FIRST).encode(), raw, json.dumps(LAST).encode()]) + b"\n")
    log = read(path)

    assert log.events["id"].tolist() == ["first", "last"]
    assert [(reject.file, reject.line) for reject in log.rejects] == [(str(path), 2)]
    assert words in log.rejects[0].reason
    assert len(log.hash()) == 64


def test_half_a_line_at_the_end_is_rejected(tmp_path: Path) -> None:
    """An export that was cut off: what came before is taken."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(json.dumps(FIRST).encode() + b"\n" + RAW[:50])
    log = read(path)

    assert log.events["id"].tolist() == ["first"]
    assert [(reject.line, reject.reason) for reject in log.rejects] == [
        (2, "строка — не JSON (обрезана или повреждена): выгрузите файл ещё раз")
    ]


def test_unusual_texts_are_texts(tmp_path: Path) -> None:
    """A backslash before u0000, quotes before a colon, the words of JSON: none of them is taken for damage."""
    texts = ["\\u0000", 'сказал "да": вот', '":null', '"lesson": "L-2"', "а\u2028б", "🙂", "x" * 1_000_000]
    events = [GOOD | {"id": f"e-{place}", "data": {"lesson": "L-1", "text": item}} for place, item in enumerate(texts)]
    write_jsonl([*events, GOOD | {"id": "nulls", "actor": None, "data": {"lesson": "L-1", "text": None}}], tmp_path / "events.jsonl")
    log = read(tmp_path / "events.jsonl")

    assert [(reject.id, reject.reason) for reject in log.rejects] == [("nulls", "topic.recorded: нет обязательного поля data.text")]
    assert sorted(log.table("topic.recorded")["text"]) == sorted(texts)


@given(places=st.sets(st.integers(0, 40), max_size=6), careful=st.sampled_from([1, 300, 1 << 16]))
def test_wherever_bad_lines_stand_the_same_events_are_taken(
    places: set[int], careful: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A piece with bad lines is halved until they stand alone; no line is lost or numbered wrongly on the way."""
    good = [json.dumps(item).encode() for item in simulated("rainbow").events[:40]]
    bad = [item if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode() for _name, item, _words in BAD[:12]]
    mixed = list(good)
    for order, place in enumerate(sorted(places, reverse=True)):
        mixed.insert(place, bad[order])
    wanted = sorted(number for number, line in enumerate(mixed, 1) if line not in good)
    folder = tmp_path_factory.mktemp("bad")
    (folder / "good.jsonl").write_bytes(b"\n".join(good))
    (folder / "mixed.jsonl").write_bytes(b"\n".join(mixed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "_CAREFUL_BYTES", careful)
        log = read(folder / "mixed.jsonl")

    assert log.hash() == read(folder / "good.jsonl").hash()
    assert sorted(reject.line for reject in log.rejects) == wanted


def test_a_log_read_twice_over_is_the_log_and_a_few_conflicts_stay_visible(tmp_path: Path) -> None:
    """A folder with the same export in three formats: every repetition is counted, nothing is doubled; another content is a conflict."""
    events = list(simulated("sgo-school").events)
    changed = [item | {"actor": "t-99"} for item in events[100:103]]
    write_jsonl(events, tmp_path / "a.jsonl")
    write_csv(events, tmp_path / "b.csv")
    write_parquet([*events, *changed], tmp_path / "c.parquet")
    once, log = read(tmp_path / "a.jsonl"), read(tmp_path)

    assert len(log.events) == len(once.events)
    assert log.duplicates == 2 * len(events)
    assert sorted(conflict.id for conflict in log.conflicts) == sorted(str(item["id"]) for item in changed)
    assert all(len(conflict.others) == 1 for conflict in log.conflicts)


# ---- whole files ---------------------------------------------------------------------------------------------------------------------


def parquet_bytes(tmp_path: Path, change: Callable[[pa.Table], pa.Table] = lambda table: table) -> bytes:
    """Give the bytes of a Parquet file with two good events, changed."""
    write_parquet([FIRST, LAST], tmp_path / "made")
    pq.write_table(change(pq.read_table(tmp_path / "made")), tmp_path / "made")
    content = (tmp_path / "made").read_bytes()
    (tmp_path / "made").unlink()
    return content


def damaged(content: bytes) -> bytes:
    """Give the bytes with two hundred of them overwritten."""
    return content[:60] + b"\x55" * 200 + content[260:]


def csv_text(tmp_path: Path) -> str:
    """Give two good events as CSV."""
    write_csv([FIRST, LAST], tmp_path / "made")
    content = (tmp_path / "made").read_text("utf-8")
    (tmp_path / "made").unlink()
    return content


def column(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


NOT_UTF8 = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
UNUSABLE: list[tuple[str, str, Callable[[Path], bytes], str]] = [
    ("an empty file", "e.jsonl", lambda _t: b"", "пусто"),
    ("an empty CSV", "e.csv", lambda _t: b"", "пусто"),
    ("an empty Parquet", "e.parquet", lambda _t: b"", "пусто"),
    ("a binary file", "b.jsonl", lambda _t: bytes(range(256)) * 40, "ни одного события"),
    ("a binary CSV", "b.csv", lambda _t: bytes(range(256)) * 40, "нет столбцов"),
    ("one line of 30 MB without an end", "l.jsonl", lambda _t: b"x" * (30 << 20), "длиннее 8 МБ"),
    ("UTF-16", "u.jsonl", lambda _t: RAW.decode().encode("utf-16"), "не в UTF-8"),
    ("an archive cut off", "a.jsonl.gz", lambda _t: gzip.compress(RAW * 1000)[:60], "повреждён или обрезан"),
    ("an archive with a wrong byte", "a.jsonl.gz", lambda _t: gzip.compress(RAW)[:-8] + b"\0" * 8, "повреждён или обрезан"),
    ("an archive with something behind it", "a.jsonl.gz", lambda _t: gzip.compress(RAW) + b"garbage", "повреждён или обрезан"),
    ("a Parquet cut off", "p.parquet", lambda t: parquet_bytes(t)[:-40], "не читается как Parquet"),
    (
        "a Parquet with damage inside",
        "p.parquet",
        lambda t: (c := parquet_bytes(t))[:60] + b"\x55" * 200 + c[260:],
        "не читается как Parquet",
    ),
    ("a text named Parquet", "p.parquet", lambda _t: RAW, "не читается как Parquet"),
    ("a Parquet of something else", "p.parquet", lambda t: parquet_bytes(t, lambda x: x.select(["id"])), "нет столбцов source, type, time"),
    ("a Parquet with bytes for texts", "p.parquet", lambda t: parquet_bytes(t, lambda x: column(x, "lesson", NOT_UTF8)), "не читается"),
    ("a CSV of something else", "c.csv", lambda _t: b"a,b\n1,2\n", "нет столбцов id, source, type, time"),
    (
        "a CSV with a column twice",
        "c.csv",
        lambda t: csv_text(t).replace("\n", ",x\n").replace("text,x", "text,id").encode(),
        "повторяются: id",
    ),
    ("a CSV with semicolons", "c.csv", lambda t: csv_text(t).replace(",", ";").encode(), "точкой с запятой"),
    ("a CSV in cp1251", "c.csv", lambda t: csv_text(t).encode("cp1251"), "не в UTF-8"),
    ("a CSV with a heading in cp1251", "c.csv", lambda t: csv_text(t).replace("text", "тема").encode("cp1251"), "не в UTF-8"),
    ("a CSV with a heading only", "c.csv", lambda t: csv_text(t).splitlines()[0].encode(), "пусто"),
    ("events of unknown types only", "e.jsonl", lambda _t: json.dumps(GOOD | {"type": "robot.came"}).encode(), "неизвестных видов"),
]


@pytest.mark.parametrize(("name", "made", "words"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
def test_a_file_that_cannot_be_used_is_said_by_name(name: str, made: Callable[[Path], bytes], words: str, tmp_path: Path) -> None:
    """One Russian message with the file's name, without a word of the libraries below."""
    path = tmp_path / name
    path.write_bytes(made(tmp_path))

    with pytest.raises(UserError, match=words) as error:
        read(path)
    assert str(path) in str(error.value)
    assert not {"Arrow", "Error", "Invalid", "codec"} & set(str(error.value).replace(":", " ").split())


def test_a_csv_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    """As Excel saves it."""
    (tmp_path / "c.csv").write_bytes(b"\xef\xbb\xbf" + csv_text(tmp_path).replace("\n", "\r\n").encode())

    assert read(tmp_path / "c.csv").events["id"].tolist() == ["first", "last"]


def test_ragged_rows_of_a_csv_are_rejected_and_the_rest_keeps_its_numbers(tmp_path: Path) -> None:
    """A row with too many cells, one with too few, and after them one with a wrong time: each by its own number."""
    heading, first, last = csv_text(tmp_path).splitlines()
    rows = [heading, first, first + ",x,y", "topic.recorded,e-7", last.replace("2024-02-05T12", "2024-02-35T12"), last]
    (tmp_path / "c.csv").write_text("\n".join(rows), "utf-8")
    log = read(tmp_path / "c.csv")

    assert log.events["id"].tolist() == ["first", "last"]
    assert sorted(reject.line for reject in log.rejects) == [3, 4, 5]
    assert "полей вместо" in log.rejects[0].reason


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("time", pa.array([1, None]), "time: это не момент времени"),
        ("lesson", pa.array([{"a": 1}, None]), "data.lesson: значение не того вида"),
        ("lesson", pa.array([["L-1"], None]), "data.lesson: значение не того вида"),
        ("lesson", pa.array(["L\0", None]), "нулевой символ"),
    ],
    ids=["a number for a time", "a structure for a lesson", "a list for a lesson", "NUL"],
)
def test_a_parquet_column_of_another_kind_gives_rejects(name: str, values: pa.Array, words: str, tmp_path: Path) -> None:
    """Its rows are rejected with their numbers; the row without a value is rejected for that."""
    path = tmp_path / "p.parquet"
    path.write_bytes(parquet_bytes(tmp_path, lambda table: column(table, name, values)))
    write_jsonl([GOOD], tmp_path / "good.jsonl")
    log = read_log([path, tmp_path / "good.jsonl"], UFA)

    assert log.events["id"].tolist() == ["e-001"]
    assert sorted(reject.line for reject in log.rejects) == [1, 2]
    assert any(words in reject.reason for reject in log.rejects)


def test_words_of_rejected_rows_leave_no_trace_in_the_log(tmp_path: Path) -> None:
    """A lesson that only a rejected event names is not among the lessons of the log."""
    write_jsonl([FIRST, with_data(GOOD, lesson="L-ghost") | {"time": "2024-13-01T00:00:00Z"}], tmp_path / "e.jsonl")
    log: EventLog = read(tmp_path / "e.jsonl")

    assert Journal(log, UFA).names("lesson").tolist() == ["L-1"]
