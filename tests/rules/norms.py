"""Norms of one family, tried apart from the schools' bundles: a rule written in YAML, a log, the findings."""

from __future__ import annotations

import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.audit import Audit, Options, audit, settings_of
from ingest.eventlog import EventLog
from policies.bundle import Policies, SchoolProfile
from policies.loader import load_bundle
from rules.setting import Setting
from service.auditing import parse_instant
from tests.conftest import Json

UFA = ZoneInfo("Asia/Yekaterinburg")
PROFILE = SchoolProfile(school="test", name="Школа", zone="Asia/Yekaterinburg", country="RU", week=5)
_HEAD = """\
school: test
regulation: {title: Положение, order: "1", dated: 2024-01-01}
in_force: {from: 2024-01-01}
extends: [common/vocabulary]
"""
_RULE = """\
  - id: tried
    title: Норма
    clause: "1"
    severity: minor
"""


def policies_of(rule: str = "", extra: str = "", others: str = "") -> Policies:
    """Give a bundle with the one rule whose own keys are `rule` (one per line); `extra` are further parts of the file, `others` further
    rules, as they stand there.
    """
    keys = "".join(f"    {line}\n" for line in rule.strip().splitlines())
    text = _HEAD + extra + ("rules:\n" + _RULE + keys + others if keys else "rules: []\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2024-01-01.yaml"
        path.write_text(text, "utf-8")
        return Policies([load_bundle(path)])


def tried(log: EventLog, rule: str, as_of: str = "2025-08-01T00:00:00+05:00", extra: str = "", others: str = "") -> Audit:
    """Give the audit of a log under one rule, and `others` beside it."""
    moment = parse_instant(as_of, UFA)
    return audit(log, PROFILE, policies_of(rule, extra, others), Options(as_of=moment, workers=0))


def setting_of(log: EventLog, as_of: str = "2025-08-01T00:00:00+05:00") -> Setting:
    """Give the setting of a log without rules."""
    (setting,) = settings_of(log, PROFILE, policies_of(), Options(as_of=parse_instant(as_of, UFA)))
    return setting


def findings(log: EventLog, rule: str, *fields: str, as_of: str = "2025-08-01T00:00:00+05:00", extra: str = "") -> list[tuple[object, ...]]:
    """Give the findings under one rule as tuples of these fields."""
    return [tuple(getattr(found, name) for name in fields) for found in tried(log, rule, as_of, extra).findings]


def lesson(number: int, day: str, at: str = "09:00", **data: object) -> Json:
    """Give a lesson of 40 minutes: L-`number` of class 7А in history by t-01, unless `data` says otherwise."""
    hour, minute = map(int, at.split(":"))
    minutes = hour * 60 + minute + 40
    plain = {"lesson": f"L-{number}", "class": "7А", "subject": "История", "teacher": "t-01"}
    plain |= {"starts_at": f"{day}T{at}:00+05:00", "ends_at": f"{day}T{minutes // 60:02}:{minutes % 60:02}:00+05:00"}
    plain |= {name.rstrip("_"): value for name, value in data.items()}
    made = {"specversion": "1.0", "id": f"l-{number:03}", "source": "journal", "type": "lesson.scheduled"}
    return made | {"time": "2024-08-26T10:00:00+05:00", "actor": "a-01", "data": plain}
