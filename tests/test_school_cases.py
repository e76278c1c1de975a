"""The cases beside each school's policy: each finds what it says, and every rule is shown broken and kept."""

from __future__ import annotations

from functools import cache

import pytest

from engine.case_runner import run_case
from policies.bundle import Policies, SchoolProfile
from policies.case_files import Case, load_cases
from policies.loader import load_school
from tests.conftest import ROOT, SCHOOLS, SLUGS

CASES = [(slug, case) for slug in SLUGS for case in load_cases(SCHOOLS / slug, ROOT)]


@cache
def loaded(slug: str) -> tuple[SchoolProfile, Policies]:
    """Give a school, loaded once per process."""
    return load_school(SCHOOLS, slug)


@pytest.mark.parametrize(("slug", "case"), CASES, ids=[f"{slug}: {case.name}" for slug, case in CASES])
def test_the_case_finds_what_it_says_and_nothing_else(slug: str, case: Case) -> None:
    """A case passes when its expectations and the findings under its rules are the same."""
    assert run_case(case, *loaded(slug)).problems == ()
