"""`make bench`: the engine beside hand-written SQL, and the whole audit of a full year; ratios in one run, never a timed test."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bench import duck, judging, norms
from engine.audit import Options, audit, settings_of
from ingest.reading import read_log
from policies.loader import load_school
from service.auditing import parse_instant

if TYPE_CHECKING:
    import numpy as np

    from ingest.eventlog import EventLog
    from policies.bundle import Policies, SchoolProfile

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "out" / "bench"
SCHOOL, ROUNDS = "pestravka", 5


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Give the median processor time of ROUNDS runs of each in seconds; they take turns, so that a busy machine slows both."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for work, times in zip((ours, theirs), spent, strict=True):
            begun = time.process_time()
            work()
            times.append(time.process_time() - begun)
    return statistics.median(spent[0]), statistics.median(spent[1])


def main() -> None:
    """Print the comparison and the whole audit."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "events.parquet").exists():
        print("simulating a full year …", flush=True)
        # In a process of its own: what it needs must not count as the audit's memory.
        command("simulate", "--school", SCHOOL, "--size", "full", "--format", "jsonl,parquet", "--out", str(FOLDER))
    # First, while this process is small: a child begins with its parent's memory, and the peak would be that.
    for name in ("events.parquet", "events.jsonl"):
        whole(name)
    profile, policies = load_school(ROOT / "schools", SCHOOL)
    log = read_log([FOLDER / "events.parquet"], profile.zone_info)
    as_of = parse_instant("2025-07-31T00:00:00", profile.zone_info)
    setting = settings_of(log, profile, policies, Options(as_of=as_of))[0]
    connection = duck.connect(FOLDER / "events.parquet", profile.zone, norms.working_days(setting))
    ours, theirs = norms.run(setting.journal, setting), duck.run(connection)
    print(f"machine: {platform.machine()}, Python {platform.python_version()}, {len(log.events):,} events")
    print("eight norms, cases left by the sieve (engine / DuckDB):")
    for name, number in ours.items():
        print(f"  {name:22} {number:7} {theirs[name]:7}{'' if number == theirs[name] else '  DIFFER'}")
    engine, sql = side_by_side(lambda: norms.run(setting.journal, setting), lambda: duck.run(connection))
    print(f"case building and sieve {engine:.3f} s of one core, DuckDB {sql:.3f} s: ratio {engine / sql:.2f}")
    whole_audit(log, profile, policies, as_of)
    told = judging.run()
    print(
        f"judge alone: {told.facts:,} facts in {told.files:,} case files, {told.facts / told.seconds:,.0f} facts/s; "
        f"resident {told.warm:.0f} MB after the warm-up, {told.end:.0f} MB at the end"
    )


def whole_audit(log: EventLog, profile: SchoolProfile, policies: Policies, as_of: np.datetime64) -> None:
    """Audit in this process; print the time, and how many cases each family made and sent to the judge."""
    begun = time.process_time()
    result = audit(log, profile, policies, Options(as_of=as_of, workers=0))
    spent = time.process_time() - begun
    print(f"in process, loaded log: audit {spent:.2f} s of one core, {result.facts} facts judged, {len(result.findings)} findings")
    print("cases per family (made / sent to the judge):")
    families: dict[str, list[int]] = {}
    for item in result.judged:
        family = families.setdefault(str(item.cases.norm.family), [0, 0])  # type: ignore[attr-defined]  # every family has its name
        family[0] += len(item.cases.units)
        family[1] += int(item.sent.sum())
    for name, (made, sent) in sorted(families.items(), key=lambda entry: -entry[1][0]):
        print(f"  {name:22} {made:9,} {sent:7,}")


def command(*arguments: str) -> resource.struct_rusage:
    """Run the command line as a process of its own; give what it used."""
    code = "from service.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT)  # noqa: S603  # our own command
    # wait4 gives the peak of this process and its judge, not of whatever ran before.
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"zavuch {arguments[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return used


def whole(name: str) -> None:
    """Audit the year by the command line; print its wall time and peak memory."""
    begun = time.perf_counter()
    where = ("--school", SCHOOL, "--as-of", "2025-07-31T00:00:00", "--out", str(FOLDER / "audit"), "--quiet")
    used = command("audit", str(FOLDER / name), *where)
    spent = time.perf_counter() - begun
    print(
        f"zavuch audit {name}: {spent:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of the processor), peak {used.ru_maxrss / 1024:.0f} MB"
    )


main()
