"""What tests share: profiles of hypothesis, small logs, simulated years, the audit as a function."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import settings

from engine.audit import Audit, Options, audit
from ingest.eventlog import EventLog
from ingest.reading import read_log
from ingest.simulator import Simulation, simulate
from ingest.writers import write_jsonl
from policies.loader import load_school
from service.auditing import parse_instant

settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).resolve().parent.parent
SCHOOLS = ROOT / "schools"
SHARED = ROOT.parent / "shared"
SLUGS = ("lyceum-68", "pestravka", "rainbow", "school-7", "sgo-school")
UFA = ZoneInfo("Asia/Yekaterinburg")

Json = dict[str, Any]


def event(number: int, kind: str, time: str, actor: str | None = "a-01", /, **data: Any) -> Json:
    """Give an event in the contract's form; `from_` and `class_` stand for the names that Python keeps for itself."""
    plain = {name.rstrip("_"): value for name, value in data.items()}
    made = {"specversion": "1.0", "id": f"e-{number:03}", "source": "journal", "type": kind, "time": time, "data": plain}
    return made if actor is None else made | {"actor": actor}


@cache
def simulated(slug: str, seed: int = 1) -> Simulation:
    """Give a simulated small year of a school, made once per test process."""
    return simulate(slug, 2024, "small", seed)


def audited(log: EventLog, slug: str, as_of: str, **options: Any) -> Audit:
    """Give the audit of a log in this process under the school's own bundle."""
    profile, policies = load_school(SCHOOLS, slug)
    moment: np.datetime64 = parse_instant(as_of, profile.zone_info)
    return audit(log, profile, policies, Options(**({"as_of": moment, "workers": 0} | options)))


@pytest.fixture
def log_of(tmp_path: Path) -> Callable[[Sequence[Json]], EventLog]:
    """Give a function that reads events through a file."""

    def read(events: Sequence[Json], zone: ZoneInfo = UFA) -> EventLog:
        path = tmp_path / "events.jsonl"
        write_jsonl(events, path)
        return read_log([path], zone)

    return read


def lines(path: Path) -> list[Json]:
    """Give the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
