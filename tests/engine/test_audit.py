"""Laws of the audit on simulated years: it finds what was broken and nothing else, whatever the order, the sieve, the judge."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ingest.eventlog import EventLog
from policies.loader import load_school
from tests.conftest import SCHOOLS, SLUGS, audited, simulated
from tests.truth import unmatched

Json = dict[str, Any]
LogOf = Callable[[Sequence[Json]], EventLog]


SEEDS = {"pestravka": (1, 2), "sgo-school": (1, 2)}
"""Where a duty of once a year stands in the way of another: in years of odd seeds one is broken, in the others the other."""
NEVER_ALONE = {
    "lyceum-68": {"analysis.weekly", "archive.printed"},
    "pestravka": {"homework.same-day", "reports.deputy"},
}
"""Rules whose every breach is the same act as a stricter rule's, which absorbs it."""


@pytest.mark.parametrize("slug", SLUGS)
def test_every_injected_breach_is_found_and_nothing_else(slug: str, log_of: LogOf) -> None:
    """Against the simulator's truth, precision and recall are one; and every rule that can give a finding gives one."""
    broken = set()
    for seed in SEEDS.get(slug, (1,)):
        simulation = simulated(slug, seed)
        findings = [finding.as_json() for finding in audited(log_of(simulation.events), slug, simulation.as_of).findings]
        broken |= {finding["rule"] for finding in findings}

        assert unmatched(simulation.truth, findings) == ([], [])
    (bundle,) = load_school(SCHOOLS, slug)[1].versions
    judging = {rule.id for rule in bundle.rules if rule.judges and not rule.id.startswith("attested.")}

    assert judging - broken == NEVER_ALONE.get(slug, set())


@pytest.mark.parametrize("slug", ["sgo-school", "pestravka"])
def test_the_sieve_changes_no_finding(slug: str, log_of: LogOf) -> None:
    """With the sieve off the judge sees every case, and the findings and counts are the same."""
    simulation = simulated(slug)
    events = [event for event in simulation.events if event["time"] < "2024-10-01"]
    log = log_of(events)
    sieved = audited(log, slug, "2024-10-15")
    whole = audited(log, slug, "2024-10-15", sieve=False)

    assert whole.findings == sieved.findings
    assert whole.scores.table.equals(sieved.scores.table)
    assert whole.facts > sieved.facts > 0


@pytest.mark.parametrize("slug", SLUGS)
def test_the_second_judge_gives_the_same_findings(slug: str, log_of: LogOf) -> None:
    """The plain judge in place of the rules engine changes nothing."""
    simulation = simulated(slug)
    log = log_of(simulation.events)

    assert audited(log, slug, simulation.as_of, second_judge=True).findings == audited(log, slug, simulation.as_of).findings


def test_order_and_repetition_of_events_change_nothing(log_of: LogOf) -> None:
    """A shuffled log with every tenth event twice has the same hash and the same findings, byte for byte."""
    simulation = simulated("sgo-school")
    mixed = [*simulation.events, *simulation.events[::10]]
    random.Random(5).shuffle(mixed)
    first, second = log_of(simulation.events), log_of(mixed)
    findings = [[f.as_json() for f in audited(log, "sgo-school", simulation.as_of).findings] for log in (first, second)]

    assert second.hash() == first.hash()
    assert second.duplicates == len(simulation.events[::10])
    assert findings[0] == findings[1]


def test_worker_processes_change_nothing(log_of: LogOf) -> None:
    """Two judge processes give what this process gives."""
    simulation = simulated("lyceum-68")
    log = log_of(simulation.events)

    assert audited(log, "lyceum-68", simulation.as_of, workers=2).findings == audited(log, "lyceum-68", simulation.as_of).findings


def test_nothing_later_than_as_of_is_looked_at(log_of: LogOf) -> None:
    """Events after `as_of` change nothing, and terms after it are pending."""
    simulation = simulated("rainbow")
    known = [event for event in simulation.events if event["time"] < "2024-12-01"]
    early = audited(log_of(simulation.events), "rainbow", "2024-12-01T00:00:00").findings

    assert early == audited(log_of(known), "rainbow", "2024-12-01T00:00:00").findings
    assert all(finding.due_at is None or finding.due_at[:19] <= "2024-12-01T00:00:00" for finding in early)


def test_recording_later_or_never_never_scores_better(log_of: LogOf) -> None:
    """Topics moved after their term, or left out, never raise the number of obligations met."""
    simulation = simulated("rainbow")
    topics = [event for event in simulation.events if event["type"] == "topic.recorded"]
    chosen = {event["id"] for event in random.Random(7).sample(topics, 40)}
    delayed = [event | {"time": "2025-06-20T10:00:00+06:00"} if event["id"] in chosen else event for event in simulation.events]
    dropped = [event for event in simulation.events if event["id"] not in chosen]
    met = [audited(log_of(events), "rainbow", simulation.as_of).scores.met for events in (simulation.events, delayed, dropped)]

    assert met[0] > met[1] >= met[2]
