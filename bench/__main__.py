"""`make bench`: the engine beside hand-written SQL, and the whole audit of a full year; ratios in one run, never a timed test."""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import duck, norms
from engine.audit import Options, audit, settings_of
from ingest.reading import read_log
from ingest.simulator import simulate, write
from policies.loader import load_school
from service.auditing import parse_instant

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "out" / "bench"
SCHOOL, ROUNDS = "pestravka", 5


def timed(work: Callable[[], object]) -> float:
    """Give the median of ROUNDS runs in seconds."""
    spent = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def main() -> None:
    """Print the comparison and the whole audit."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not (FOLDER / "events.parquet").exists():
        print("simulating a full year …", flush=True)
        write(simulate(SCHOOL, 2024, "full", 1), FOLDER, ("jsonl", "parquet"))
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
    engine, sql = timed(lambda: norms.run(setting.journal, setting)), timed(lambda: duck.run(connection))
    print(f"case building and sieve {engine:.3f} s, DuckDB {sql:.3f} s on one thread: ratio {engine / sql:.2f}")
    begun = time.perf_counter()
    result = audit(log, profile, policies, Options(as_of=as_of, workers=0))
    print(
        f"in process, loaded log: audit {time.perf_counter() - begun:.2f} s, {result.facts} facts judged, {len(result.findings)} findings"
    )
    for name in ("events.parquet", "events.jsonl"):
        whole(name)


def whole(name: str) -> None:
    """Run the command line as a process of its own; print its wall time and peak memory."""
    code = "from service.cli import main; main()"
    out = FOLDER / "audit"
    arguments = ["audit", str(FOLDER / name), "--school", SCHOOL, "--as-of", "2025-07-31T00:00:00", "--out", str(out), "--quiet"]
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, check=True)  # noqa: S603  -- our own command
    spent = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"zavuch audit {name}: {spent:.1f} s, peak of the processes so far {peak:.0f} MB")


main()
