"""Full simulated years of the five schools against the simulator's truth: `python -m tests.full_years [SEED]`, a part of `make soak`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ingest.reading import read_log
from ingest.simulator import simulate
from ingest.writers import write_parquet
from policies.loader import load_school
from tests.conftest import SCHOOLS, SLUGS, audited
from tests.truth import unmatched


def compared(slug: str, seed: int) -> tuple[int, int, int, int]:
    """Give how many events a school's full year has, how many breaches were injected, how many were missed, how many findings have none."""
    simulation = simulate(slug, 2024, "full", seed)
    profile, _policies = load_school(SCHOOLS, slug)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        write_parquet(simulation.events, path)
        log = read_log([path], profile.zone_info)
    findings = [finding.as_json() for finding in audited(log, slug, simulation.as_of).findings]
    missed, extra = unmatched(simulation.truth, findings)
    return len(simulation.events), len(simulation.truth), len(missed), len(extra)


def main() -> int:
    """Print one line per school; 1 when a breach was missed or a finding has no breach behind it."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    wrong = 0
    for slug in SLUGS:
        events, injected, missed, extra = compared(slug, seed)
        wrong += missed + extra
        print(f"{slug:11} {events:9,} events, {injected:5} breaches injected, {missed} missed, {extra} findings beyond them", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
