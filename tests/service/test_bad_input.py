"""What cannot be used, at the command line: exit code 2, one Russian message on stderr, no traceback, nothing half-written."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.writers import write_csv, write_jsonl
from service import auditing, cli
from tests.conftest import ROOT, SCHOOLS, event, lines
from tests.service.test_cli import LATE, LESSON, zavuch

Told = Callable[..., tuple[int, str]]
AS_OF = ("--as-of", "2024-02-07T00:00:00+05:00")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    """Give a function that runs the command line in this process: exit code and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["zavuch", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        code = end.value.code
        return (code if isinstance(code, int) else 0), capsys.readouterr().err

    return run


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with one lesson whose topic was written the next day."""
    path = tmp_path / "in" / "events.jsonl"
    write_jsonl([LESSON, LATE], path)
    return path


def left(folder: Path) -> list[str]:
    """Give the names of all files in a folder, hidden ones too; none when there is no folder."""
    return sorted(path.name for path in folder.rglob("*")) if folder.is_dir() else []


def said(outcome: tuple[int, str], words: str) -> None:
    """Check that an outcome is one readable message."""
    code, message = outcome
    assert code == 2, message
    assert words in message
    assert "Traceback" not in message
    assert len(message.strip().splitlines()) == 1


EXPORTS: list[tuple[str, str, bytes | None, str]] = [
    ("no file", "none.jsonl", None, "none.jsonl нет"),
    ("an empty file", "e.jsonl", b"", "пусто"),
    ("not JSON", "e.jsonl", b"hello\n", "не JSON"),
    ("a binary file", "e.jsonl", bytes(range(256)) * 40, "ни одного события"),
    ("a damaged archive", "e.jsonl.gz", gzip.compress(b"x" * 1000)[:20], "повреждён"),
    ("a text named Parquet", "e.parquet", b"hello\n", "не читается как Parquet"),
    ("a CSV without the columns", "e.csv", b"a,b\n1,2\n", "нет столбцов"),
]


@pytest.mark.parametrize(("name", "content", "words"), [case[1:] for case in EXPORTS], ids=[case[0] for case in EXPORTS])
def test_an_export_that_cannot_be_used(name: str, content: bytes | None, words: str, told: Told, tmp_path: Path) -> None:
    """The message names the file; no output folder is made."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    said(told("audit", tmp_path / name, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out"), words)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_readable_files(told: Told, tmp_path: Path) -> None:
    """A folder with a picture and a note in it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "note.docx").write_bytes(b"x")

    said(told("audit", tmp_path / "in", "--school", "sgo-school", "--out", tmp_path / "out"), "нет файлов с событиями")
    assert not (tmp_path / "out").exists()


def plainly(*arguments: str | Path) -> tuple[int, str]:
    """Give exit code and stderr of the command line run by somebody whom file rights bind, root without its power over them."""
    # Root may read and write everything; without these two capabilities its files' rights bind it too.
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    code = "from service.cli import main; main()"
    command = [*bound, sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stderr


def test_an_export_that_may_not_be_read(log: Path, tmp_path: Path) -> None:
    """No right to the file."""
    log.chmod(0)

    said(plainly("audit", log, "--school", "sgo-school", "--out", tmp_path / "out"), "нет права доступа")


@pytest.mark.parametrize(
    ("schools", "words"),
    [(("rainbow", "rainbow"), "--school rainbow"), (("sgo-school", "rainbow"), "разных школ")],
    ids=["the wrong school", "two schools in one log"],
)
def test_events_of_another_school(schools: tuple[str, str], words: str, told: Told, tmp_path: Path) -> None:
    """A log that names another school than the one asked for, or several."""
    path = tmp_path / "e.jsonl"
    write_jsonl([LESSON | {"school": schools[0]}, LATE | {"school": schools[1]}], path)

    said(told("audit", path, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out"), words)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--school", "no-school"), "no-school"),
        (("--school", "sgo-school", "--schools-dir", "/nowhere"), "/nowhere"),
        (("--school", "sgo-school", "--as-of", "2020-01-01"), "ещё нет событий"),
        (("--school", "sgo-school", "--as-of", "0001-01-01T00:00:00+05:00"), "не момент времени"),
        (("--school", "sgo-school", "--as-of", "99999-01-01"), "не момент времени"),
        (("--school", "sgo-school", "--from", "32.01.2024"), "не дата"),
    ],
)
def test_options_that_cannot_be_used(arguments: tuple[str, ...], words: str, told: Told, log: Path, tmp_path: Path) -> None:
    """The message says which option and why."""
    said(told("audit", log, *arguments, "--out", tmp_path / "out"), words)
    assert not (tmp_path / "out").exists()


# ---- bundles -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """A copy of one school in a folder of schools of its own, with the vocabulary that all share."""
    shutil.copytree(SCHOOLS / "sgo-school", tmp_path / "schools" / "sgo-school")
    return tmp_path / "schools"


def policy_of(schools: Path) -> Path:
    """Give the school's one policy file."""
    (path,) = (schools / "sgo-school" / "policy").glob("*.yaml")
    return path


def _unknown_key(schools: Path) -> None:
    path = policy_of(schools)
    path.write_text(path.read_text("utf-8").replace("    severity:", "    sevrity:", 1), "utf-8")


def _wrong_clause(schools: Path) -> None:
    path = policy_of(schools)
    text = path.read_text("utf-8")
    start = text.index("    clause: ")
    path.write_text(f"{text[:start]}    clause: 99.9#z{text[text.index(chr(10), start) :]}", "utf-8")


def _circle(schools: Path) -> None:
    path = policy_of(schools)
    for name, other in (("a", "b"), ("b", "a")):
        path.with_name(f"{name}.txt").write_text("", "utf-8")
        (schools / "sgo-school" / f"{name}.yaml").write_text(f"extends: [{other}]\n", "utf-8")
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("extends:"))
    path.write_text(f"{text}\nextends: [../a]\n", "utf-8")


def _two_versions(schools: Path) -> None:
    path = policy_of(schools)
    text = path.read_text("utf-8")
    first = path.stem
    path.write_text(text.replace(f"from: {first}", f"from: {first}, to: 2030-01-01", 1), "utf-8")
    path.with_name("2024-11-01.yaml").write_text(text.replace(f"from: {first}", "from: 2024-11-01", 1), "utf-8")


def _not_utf8(schools: Path) -> None:
    policy_of(schools).write_bytes("школа: это".encode("cp1251"))


def _no_profile(schools: Path) -> None:
    (schools / "sgo-school" / "school.yaml").unlink()


BUNDLES: list[tuple[str, Callable[[Path], None], str]] = [
    ("an unknown key", _unknown_key, "может быть, «severity»"),
    ("a wrong clause", _wrong_clause, "99.9#z"),
    ("inheritance in a circle", _circle, "по кругу"),
    ("two versions in force on one day", _two_versions, "два положения"),
    ("a file that is not UTF-8", _not_utf8, ".yaml"),
    ("no profile", _no_profile, "sgo-school"),
]


@pytest.mark.parametrize(("spoil", "words"), [case[1:] for case in BUNDLES], ids=[case[0] for case in BUNDLES])
def test_a_bundle_that_cannot_be_used(
    spoil: Callable[[Path], None], words: str, told: Told, log: Path, schools: Path, tmp_path: Path
) -> None:
    """Every line of the message begins with the place of an error; no output folder is made."""
    spoil(schools)
    code, message = told("audit", log, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out", "--schools-dir", schools)

    assert code == 2
    assert words in message
    assert "Traceback" not in message
    assert not (tmp_path / "out").exists()


def test_a_folder_without_schools(told: Told, tmp_path: Path) -> None:
    """`policy check` of an empty folder is no success."""
    said(told("policy", "check", "--schools-dir", tmp_path), "нет ни одной школы")


# ---- output --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may grow beyond 300 bytes, as on a disk that is full in the middle of a file."""
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, old)


def test_an_output_folder_that_is_a_file(told: Told, log: Path, tmp_path: Path) -> None:
    """The file stays as it was."""
    (tmp_path / "out").write_text("mine", "utf-8")

    for out in (tmp_path / "out", tmp_path / "out" / "deeper"):
        said(told("audit", log, "--school", "sgo-school", *AS_OF, "--out", out, "--workers", "0"), "это файл, а не папка")
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_an_output_folder_that_may_not_be_written(log: Path, tmp_path: Path) -> None:
    """No right to the folder."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(stat.S_IRUSR | stat.S_IXUSR)

    said(plainly("audit", log, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out", "--workers", "0"), "нет права доступа")
    assert left(tmp_path / "out") == []


def test_a_full_disk_leaves_the_earlier_results_whole(told: Told, log: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The audit of yesterday stays byte for byte, and nothing of today's lies beside it."""
    arguments = ("audit", log, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out", "--workers", "0", "--quiet")
    assert told(*arguments) == (0, "")
    before = {name: (tmp_path / "out" / name).read_bytes() for name in left(tmp_path / "out")}
    write_jsonl([LESSON | {"id": "e-9"}, LATE], log)
    request.getfixturevalue("small_disk")

    said(told(*arguments), "файл получился больше")
    assert {name: (tmp_path / "out" / name).read_bytes() for name in left(tmp_path / "out")} == before


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_simulation_on_a_full_disk_leaves_nothing(kind: str, told: Told, tmp_path: Path, small_disk: None) -> None:
    """Not even a hidden file."""
    said(told("simulate", "--school", "rainbow", "--out", tmp_path / "sim", "--format", kind), "файл получился больше")
    assert left(tmp_path / "sim") == []


def test_a_simulation_into_a_file(told: Told, tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "sim").write_text("mine", "utf-8")

    said(told("simulate", "--school", "rainbow", "--out", tmp_path / "sim"), "это файл, а не папка")


@pytest.mark.parametrize(
    ("arguments", "words"), [(("--school", "nope"), "nope"), (("--school", "rainbow", "--size", "big"), "big")], ids=["school", "size"]
)
def test_a_simulation_of_what_is_not_known(arguments: tuple[str, ...], words: str, told: Told, tmp_path: Path) -> None:
    """The message says what is known."""
    said(told("simulate", *arguments, "--out", tmp_path / "sim"), words)
    assert left(tmp_path / "sim") == []


def test_interrupted_writing_leaves_nothing(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of writing: no half of a file stays."""

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    request = auditing.AuditRequest([log], "sgo-school", tmp_path / "out", "2024-02-07", None, None, SCHOOLS, 0)
    with pytest.raises(KeyboardInterrupt):
        auditing.run_audit(request, quiet=True)
    assert left(tmp_path / "out") == []


def test_an_explanation_of_what_there_is_not(told: Told, tmp_path: Path) -> None:
    """No audit in the folder, a damaged file, no such finding."""
    said(told("explain", "f-1", "--out", tmp_path), "сначала выполните zavuch audit")
    (tmp_path / "findings.jsonl").write_text('{"id": "f-', "utf-8")
    said(told("explain", "f-1", "--out", tmp_path), "не читается")
    (tmp_path / "findings.jsonl").write_text("", "utf-8")
    said(told("explain", "f-1", "--out", tmp_path), "нет вывода")


# ---- the program itself --------------------------------------------------------------------------------------------------------------


def test_a_fault_of_the_program_is_one_line(told: Told, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1: neither "nothing found" nor the user's mistake; the details come when asked for."""

    def broken(*_arguments: object, **_options: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(auditing, "audit", broken)
    arguments = ("audit", log, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out")
    code, message = told(*arguments)

    assert code == 1
    assert "Ошибка в самой программе (KeyError" in message
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("ZAVUCH_DEBUG", "1")
    with pytest.raises(KeyError):
        told(*arguments)


def test_unusual_ids_and_names_reach_the_results(tmp_path: Path) -> None:
    """An input file whose name is not UTF-8, texts with quotes, line ends and formulas: the results are readable files."""
    strange = os.fsdecode("журнал.csv".encode("cp1251"))
    texts = [LESSON, LATE, event(5, "topic.recorded", "2024-02-06T09:00:00+05:00", '=1+1"\n', lesson="L-9\u2028\t", text="'\n\"")]
    write_csv(texts, tmp_path / strange)
    done = zavuch("audit", tmp_path, "--school", "sgo-school", *AS_OF, "--out", tmp_path / "out")

    assert (done.returncode, done.stderr) == (0, "")
    (reject,) = lines(tmp_path / "out" / "rejects.jsonl")
    assert (reject["file"], reject["line"]) == (str(tmp_path) + "/\\udce6\\udcf3\\udcf0\\udced\\udce0\\udceb.csv", 4)
