"""The `policy show` command: one version of a school's policy as a page, on the terminal or in a file."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import UserError
from ingest.wording import _
from policies.bundle import Bundle, Policies
from policies.loader import load_school
from reports.files import write_all
from reports.policy_page import policy_page
from service.auditing import parse_day


def show_policy(schools_dir: Path, school: str, form: str, on: str | None, out: Path | None) -> str:
    """Give the page, and write it to `out` where that is given; raises UserError when school, form, day or file cannot be used."""
    if form not in ("html", "md"):
        raise UserError(_("--format: «{form}» не бывает; есть html и md.").format(form=form))
    profile, policies = load_school(schools_dir, school)
    text = policy_page(profile, policies, _version(policies, on), "html" if form == "html" else "md")
    if out is not None:
        write_all(out.parent, {out.name: text})
    return text


def _version(policies: Policies, on: str | None) -> Bundle:
    day = parse_day(on, "--on")
    if day is None:
        return policies.versions[-1]
    found = policies.in_force_on(day)
    if found is None:
        raise UserError(_("{day} не действовала ни одна редакция положения.").format(day=day))
    return found
