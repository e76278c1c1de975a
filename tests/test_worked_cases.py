"""The worked cases that are shared beside a checkout: exact times, exact findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_log
from policies.loader import load_school
from tests.conftest import SCHOOLS, SHARED, audited
from tests.truth import unmatched

CASES = sorted((SHARED / "cases").glob("*/expect.json"))


@pytest.mark.parametrize("path", CASES, ids=[path.parent.name for path in CASES])
def test_worked_case(path: Path) -> None:
    """The findings under the clauses that the case tests are the expected ones."""
    case: dict[str, Any] = json.loads(path.read_text("utf-8"))
    tested = set(case["clauses"])
    profile, _policies = load_school(SCHOOLS, case["school"])
    found = [
        f.as_json() for f in audited(read_log([path.parent / "events.jsonl"], profile.zone_info), case["school"], case["as_of"]).findings
    ]
    relevant = [finding for finding in found if tested & {finding["clause"], *finding["also"]}]
    expected = [{"status": None, "responsible": None} | finding for finding in case["findings"]]
    filled = [{**item, **{key: _only(relevant, item, key) for key in ("status", "responsible") if item[key] is None}} for item in expected]

    assert unmatched(filled, relevant) == ([], [])


def _only(found: list[dict[str, Any]], wanted: dict[str, Any], key: str) -> Any:
    """What the found finding of the same clause says where the case leaves a field open."""
    return next((item[key] for item in found if wanted["clause"] in (item["clause"], *item["also"])), None)
