"""Worker processes: same answers whatever their number; a crash costs one case file and is reported."""

from __future__ import annotations

import pickle
import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from engine.judge import workers
from engine.judge.casefile import JudgeFault
from engine.judge.plain_judge import judge
from engine.judge.program import Program
from engine.judge.workers import answers, judge_batch
from tests.engine.judge.crashes import crashing_batch, light_batch
from tests.engine.judge.examples import file, unit

PROGRAM = Program.of({"a": ["b"]})
FILES = [file(unit(done=40 + n, low=40 + n), unit(rule="b", act=n % 2), person=f"t-{n}") for n in range(20)]
PLAIN = [judge(PROGRAM, given) for given in FILES]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_number_of_workers_changes_nothing(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The answers come in the order of the case files, also over many small batches and renewed workers."""
    monkeypatch.setattr(workers, "_BATCH_UNITS", 7)
    monkeypatch.setattr(workers, "_ROUND_UNITS", 30)

    assert answers(PROGRAM, FILES, workers=count, batch=judge_batch) == PLAIN


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_judge(count: int) -> None:
    assert answers(PROGRAM, [], workers=count, batch=judge_batch) == []


@pytest.mark.parametrize("guilty", [[0], [7, 19]])
def test_a_crash_costs_one_case_file(guilty: list[int]) -> None:
    """Whoever brings the worker down is named; all others are judged."""
    given = [replace(one, person=f"crash-{n}") if n in guilty else one for n, one in enumerate(FILES)]

    found = answers(PROGRAM, given, workers=1, batch=crashing_batch)

    assert {n: str(one) for n, one in enumerate(found) if isinstance(one, JudgeFault)} == {
        n: f"crash-{n}, Q1: the rules engine crashed on this case file" for n in guilty
    }
    assert [one for n, one in enumerate(found) if n not in guilty] == [one for n, one in enumerate(PLAIN) if n not in guilty]


@pytest.mark.parametrize("count", [0, 1])
def test_a_fault_costs_one_case_file(count: int) -> None:
    """A case file that cannot be judged is named, whether in a process of its own or not."""
    given = [*FILES[:3], file(unit(limit="50"), person="t-bad"), *FILES[3:]]

    found = answers(PROGRAM, given, workers=count, batch=judge_batch)

    assert str(found.pop(3)) == "t-bad, Q1: '50' should be int"
    assert found == PLAIN


def test_every_guilty_case_file_is_named() -> None:
    """Of several faults each says whose case file it is, and all others are judged."""
    given = [file(unit(limit="50"), person="t-bad"), *FILES, file(unit(late="?"), person="t-worse")]
    first, *found, last = answers(PROGRAM, given, workers=0, batch=judge_batch)

    assert [str(fault).split(":")[0] for fault in (first, last)] == ["t-bad, Q1", "t-worse, Q1"]
    assert found == PLAIN


@pytest.mark.parametrize("as_module", [False, True])
def test_worker_leaves_the_command_line_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_module: bool) -> None:
    """A worker runs neither a console script nor a `python -m` module again, nor imports pandas; what was hidden is shown again."""
    script, ran = tmp_path / "command_line.py", tmp_path / "ran"
    script.write_text(f"open({str(ran)!r}, 'w').close()", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    spec = ModuleSpec("command_line", None) if as_module else None
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "__file__", str(script), raising=False)
    monkeypatch.setattr(main, "__spec__", spec)

    found = answers(PROGRAM, FILES[:1], workers=1, batch=light_batch)

    assert found == PLAIN[:1]
    assert not ran.exists()
    assert (main.__file__, main.__spec__) == (str(script), spec)


def test_case_files_rulings_and_faults_travel() -> None:
    """All that passes between processes is equal, or says the same, after the journey."""
    fault = JudgeFault("reason", "t-1", "Q1")

    assert pickle.loads(pickle.dumps((PROGRAM, FILES, PLAIN))) == (PROGRAM, FILES, PLAIN)  # noqa: S301  # our own bytes
    assert str(pickle.loads(pickle.dumps(fault))) == str(fault)  # noqa: S301  # as above
