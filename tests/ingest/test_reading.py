"""Reading logs: formats agree, bad lines are said and the rest is taken, nothing is lost."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UserError
from ingest.eventlog import EventLog
from ingest.reading import read_log
from ingest.writers import write_csv, write_jsonl, write_parquet
from tests.conftest import UFA, event, simulated

Json = dict[str, Any]
GOOD = event(1, "topic.recorded", "2024-02-05T12:00:00+05:00", "t-01", lesson="L-1", text="Дроби")
LESSON = event(
    2, "lesson.scheduled", "2024-01-05T12:00:00+05:00", lesson="L-1", class_="8А", subject="Алгебра", teacher="t-01",
    starts_at="2024-02-05T09:00:00+05:00", ends_at="2024-02-05T09:40:00+05:00",
)  # fmt: skip


def read(path: Path, **options: Any) -> EventLog:
    return read_log([path], options.pop("zone", UFA), **options)


def written(tmp_path: Path, *raw: bytes | Json) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in raw) + b"\n")
    return path


def without(source: Json, name: str) -> Json:
    return {key: value for key, value in source.items() if key != name}


def with_data(source: Json, **data: Any) -> Json:
    return source | {"id": "bad", "data": source["data"] | data}


BAD: list[tuple[str, bytes | Json, str]] = [
    ("not JSON", b"hello", "не JSON"),
    ("half a line", json.dumps(GOOD).encode()[:40], "не JSON"),
    ("an array", b"[1, 2]", "объект"),
    ("a number for an id", GOOD | {"id": 5}, "поле id: ожидается текст"),
    ("no type", without(GOOD, "type"), "нет обязательного поля type"),
    ("no time", without(GOOD, "time"), "нет обязательного поля time"),
    ("no lesson", GOOD | {"id": "bad", "data": {"text": "x"}}, "нет обязательного поля data.lesson"),
    ("a number for a lesson", with_data(GOOD, lesson=7), "data.lesson"),
    ("an impossible time", GOOD | {"id": "bad", "time": "2024-13-05T12:00:00+05:00"}, "не момент времени"),
    ("a time that is a date", GOOD | {"id": "bad", "time": "2024-02-05"}, "не момент времени"),
    ("a year far away", GOOD | {"id": "bad", "time": "9024-02-05T10:00:00+05:00"}, "год вне"),
    (
        "an impossible date",
        event(3, "student.joined", "2024-02-05T12:00:00+05:00", student="s", class_="8А", date="2024-02-30"),
        "такой даты нет",
    ),
    ("a lesson that ends before it starts", with_data(LESSON, ends_at="2024-02-05T08:00:00+05:00"), "не позже, чем начинается"),
    (
        "an unknown kind of period",
        event(3, "period.set", "2024-02-05T12:00:00+05:00", period="Q", kind="month", starts="2024-01-01", ends="2024-02-01"),
        "quarter",
    ),
    ("an empty id", GOOD | {"id": " "}, "поле id пусто"),
    ("brackets without a lower bound", GOOD | {"id": "bad", "evidence": "bracketed"}, "notbefore"),
    ("brackets upside down", GOOD | {"id": "bad", "evidence": "bracketed", "notbefore": "2024-02-06T12:00:00+05:00"}, "раньше time"),
    ("an unknown grade of evidence", GOOD | {"id": "bad", "evidence": "rumour"}, "logged"),
    ("not UTF-8", "тема".encode("cp1251"), "UTF-8"),
    ("a NUL byte", b'{"id": "\\u0000"}', "нулевой символ"),
    ("a line of ten megabytes", b'{"id": "' + b"x" * (10 << 20) + b'"}', "длиннее"),
]


@pytest.mark.parametrize(("line", "words"), [(line, words) for _name, line, words in BAD], ids=[name for name, _line, _words in BAD])
def test_a_bad_line_is_rejected_with_its_place_and_the_rest_is_taken(line: bytes | Json, words: str, tmp_path: Path) -> None:
    """The reject names file and line and says in Russian what is wrong; the good lines around it are events."""
    path = written(tmp_path, LESSON, line, GOOD)
    log = read(path)

    assert log.events["id"].tolist() == ["e-002", "e-001"]
    assert [(reject.file, reject.line) for reject in log.rejects] == [(str(path), 2)]
    assert words in log.rejects[0].reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пусто"),
        (b"\n\n", "пусто"),
        (b"hello\n", "ни одного события"),
        (bytes(range(256)) * 10, "ни одного события"),
        (b"\x1f\x8b broken", "повреждён"),
    ],
    ids=["empty", "blank lines", "text", "binary", "a broken archive"],
)
def test_a_file_without_a_single_event_cannot_be_used(content: bytes, words: str, tmp_path: Path) -> None:
    """The message says so and names the file."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)

    with pytest.raises(UserError, match=words) as error:
        read(path)
    assert "log.jsonl" in str(error.value)


def test_a_missing_file_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    """Paths that hold nothing are errors with the path in them."""
    with pytest.raises(UserError, match=r"none\.jsonl"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match="нет файлов с событиями"):
        read(tmp_path)


def test_a_naive_time_is_read_in_the_schools_zone(tmp_path: Path) -> None:
    """12:00 without an offset is 12:00 in Ufa."""
    log = read(written(tmp_path, GOOD | {"time": "2024-02-05T12:00:00"}))

    assert str(log.events["time"].iloc[0]) == "2024-02-05 07:00:00"


def test_a_naive_time_in_a_missing_hour_does_not_crash(tmp_path: Path) -> None:
    """Where clocks are put forward the next existing instant is taken."""
    log = read(written(tmp_path, GOOD | {"time": "2024-03-31T02:30:00"}), zone=ZoneInfo("Europe/Berlin"))

    assert str(log.events["time"].iloc[0]) == "2024-03-31 01:00:00"


def test_unknown_types_and_fields_are_kept_and_counted(tmp_path: Path) -> None:
    """What the vocabulary does not know breaks nothing and is not lost."""
    strange = GOOD | {"id": "x", "type": "robot.arrived"}
    wordy = with_data(GOOD, mood="good") | {"id": "y"}
    log = read(written(tmp_path, GOOD, strange, wordy))

    assert log.unknown_types == {"robot.arrived": 1}
    assert log.unknown_fields == {"topic.recorded.mood": 1}
    assert len(log.table("topic.recorded")) == 2
    assert [item.json for item in log.unknown if item.field] == ['"good"']


def test_the_same_identity_with_other_content_is_a_conflict_and_the_earliest_is_kept(tmp_path: Path) -> None:
    """Nothing is lost: the other version stands in the conflict with its place; the same content twice is one event."""
    later = GOOD | {"time": "2024-02-06T12:00:00+05:00"}
    elsewhere = GOOD | {"source": "import"}
    log = read(written(tmp_path, later, GOOD, GOOD, elsewhere))

    assert len(log.events) == 2
    assert log.duplicates == 1
    assert [(c.id, c.kept.line, [o.line for o in c.others]) for c in log.conflicts] == [("e-001", 2, [1])]


def test_two_schools_in_one_log_and_the_wrong_school_are_refused(tmp_path: Path) -> None:
    """The optional `school` of an event must be the one that is audited."""
    with pytest.raises(UserError, match="разных школ"):
        read(written(tmp_path, GOOD | {"school": "a"}, LESSON | {"school": "b"}))
    with pytest.raises(UserError, match="rainbow"):
        read(written(tmp_path, GOOD | {"school": "rainbow"}), school="pestravka")


@pytest.mark.parametrize("name", ["events.jsonl.gz", "events.csv", "events.parquet"])
def test_formats_give_the_same_log(name: str, tmp_path: Path) -> None:
    """A simulated month in every format has the hash of the plain one."""
    events = [item for item in simulated("pestravka").events if item["time"] < "2024-10-01"]
    writer = {"events.csv": write_csv, "events.parquet": write_parquet}.get(name, write_jsonl)
    write_jsonl(events, tmp_path / "plain" / "events.jsonl")
    writer(events, tmp_path / name)
    plain, other = read(tmp_path / "plain"), read(tmp_path / name)

    assert other.hash() == plain.hash()
    assert not other.rejects
    assert not other.unknown


@given(order=st.randoms(), repeated=st.sets(st.integers(0, 30)))
def test_order_and_repetition_do_not_change_the_hash(
    order: random.Random, repeated: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The event set is a set."""
    events = list(simulated("rainbow").events[:400])
    mixed = [*events, *(events[place] for place in repeated)]
    order.shuffle(mixed)
    folder = tmp_path_factory.mktemp("order")
    write_jsonl(events, folder / "a.jsonl")
    write_jsonl(mixed, folder / "b.jsonl")

    assert read(folder / "b.jsonl").hash() == read(folder / "a.jsonl").hash()


def test_any_change_of_content_changes_the_hash(tmp_path: Path) -> None:
    """One letter of a topic, one second of a time, one actor."""
    changed = [
        GOOD,
        with_data(GOOD, text="Дробь") | {"id": "e-001"},
        GOOD | {"time": "2024-02-05T12:00:01+05:00"},
        GOOD | {"actor": "t-02"},
    ]
    hashes = {read(written(tmp_path, item)).hash() for item in changed}

    assert len(hashes) == len(changed)


def test_a_gzip_folder_and_several_paths_are_one_log(tmp_path: Path) -> None:
    """Files of a folder and further paths are read together."""
    (tmp_path / "in").mkdir()
    with gzip.open(tmp_path / "in" / "a.jsonl.gz", "wb") as file:
        file.write(json.dumps(GOOD).encode())
    write_jsonl([LESSON], tmp_path / "b.jsonl")
    log = read_log([tmp_path / "in", tmp_path / "b.jsonl"], UFA)

    assert sorted(log.events["id"]) == ["e-001", "e-002"]
