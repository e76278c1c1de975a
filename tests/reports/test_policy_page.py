"""The policy as a page: everything in it is said once, in words; HTML stands alone and escapes what it is given."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from policies.bundle import Bundle, Policies, SchoolProfile
from policies.coverage import written
from policies.loader import load_school
from policies.register import Clause, Register
from reports.policy_page import page, policy_page
from reports.policy_words import clauses, outcomes, scope, severity
from rules.norm import Scope
from rules.vocabulary import Vocabulary
from tests.conftest import SCHOOLS, SLUGS
from tests.rules.norms import PROFILE, policies_of
from tests.service.test_cli import zavuch

_VOID = ("meta", "br")


class Outline(HTMLParser):
    """The tags, ids, links and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that closes."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note words that a reader sees."""
        if self.open and self.open[-1] != "style":
            self.words.append(" ".join(data.split()))


def loaded(slug: str) -> tuple[SchoolProfile, Policies, Bundle]:
    """Give a school's profile, its policies and their last version."""
    profile, policies = load_school(SCHOOLS, slug)
    return profile, policies, policies.versions[-1]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_html_stands_alone(slug: str) -> None:
    """Its tags close, its ids are single, it asks for nothing from elsewhere, and its links lead into itself."""
    text = policy_page(*loaded(slug), "html")
    found = Outline(text)

    assert ([], []) == (found.open, found.unbalanced)
    assert [] == [name for name, number in Counter(found.ids).items() if number > 1]
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert not re.search(r"https?://|<script|<link|@import|url\(", text)
    assert '<html lang="ru">' in text
    assert 'name="viewport"' in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_rule_and_every_clause_without_one_is_there(slug: str) -> None:
    """A part per section holds each rule once; the tables hold each clause that no rule decides once."""
    profile, policies, bundle = loaded(slug)
    found = page(profile, policies, bundle)
    rules = [rule.anchor for part in found.parts for rule in part.rules]
    rows = [row[0] for part in found.parts if part.anchor in ("attested", "proxies", "no-norm", "unaccounted") for row in part.rows]
    free = [number for number, clause in policies.register.clauses.items() if clause.accounting != "decided"]

    assert sorted(f"rule-{norm.id}" for norm in written(bundle)) == sorted(rules)
    assert Counter(clauses([number]) for number in free) == Counter(rows)


@pytest.mark.parametrize("slug", SLUGS)
def test_both_forms_say_the_same(slug: str) -> None:
    """The words of the HTML page stand in the Markdown page, in the same order."""
    content = loaded(slug)
    markdown = re.sub(r"\\(.)", r"\1", policy_page(*content, "md"))
    at = 0
    body = Outline(policy_page(*content, "html").partition("<main>")[2]).words
    for words in (words for words in body if words):
        place = markdown.find(words, at)
        assert place >= 0, words
        at = place


def test_the_same_policy_gives_the_same_bytes() -> None:
    """Nothing of the clock or the machine is in it."""
    assert policy_page(*loaded("lyceum-68"), "html") == policy_page(*loaded("lyceum-68"), "html")


def test_a_rule_reads_as_a_person_would_say_it() -> None:
    """Who, by when, for whom, and what the machine answers."""
    text = re.sub(r"\\(.)", r"\1", policy_page(*loaded("lyceum-68"), "md"))
    (rule,) = re.findall(r"### Отметки за письменную работу по русскому языку.*?(?=\n\n#)", text, re.DOTALL)

    assert "- Отвечает: учитель" in rule
    assert "- Срок: 10 рабочих дней" in rule
    assert "- Пункт: 5.4 (a)" in rule
    assert "- Касается: предметы: русский язык, литература; кроме работ: домашняя работа" in rule


def test_a_term_that_the_school_assumed_is_marked() -> None:
    """Its value, the reason, and that it gives a notice only."""
    rule = "family: remark_terms\ndue: {working_days: {parameter: days}}"
    extra = "parameters: {days: {value: 5, unit: дней, assumed: true, why: текст молчит}}\n"
    policies = policies_of(rule, extra)
    text = policy_page(PROFILE, policies, policies.versions[0], "html")

    assert '<dd class="assumed">5 рабочих дней</dd>' in text
    assert "там, где число допущено школой, — уведомление" in text
    assert "5 дней — текст молчит" in text
    assert "допущено школой" in text


HOSTILE = "<script>alert(1)</script> | **жирно** & [ссылка](x)"


def test_what_a_school_writes_is_text_and_nothing_else() -> None:
    """Tags and Markdown signs in a norm mean themselves."""
    policies = policies_of("family: deadline\nrecord: topic\ndue: {same_day: true}")
    register = Register({"1": Clause(norm=HOSTILE, kind="definition", who=("school",), no_norm=HOSTILE)})
    policies = replace(policies, register=register)
    html, markdown = (policy_page(PROFILE, policies, policies.versions[0], form) for form in ("html", "md"))

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert r"\<script\>alert(1)\</script\> \| \*\*жирно\*\* & \[ссылка\](x)" in markdown


def test_a_repealed_clause_is_not_on_the_page_of_the_new_version() -> None:
    """A clause stands on the pages of the versions that have it."""
    policies = policies_of("family: deadline\nrecord: topic\ndue: {same_day: true}")
    day = policies.versions[0].in_force.from_
    gone = Clause(norm="Было", kind="definition", who=("school",), no_norm="определение", until=day.replace(year=day.year - 1))
    stays = Clause(norm="Есть", kind="definition", who=("school",), no_norm="определение", until=day)
    found = page(PROFILE, replace(policies, register=Register({"1": gone, "2": stays})), policies.versions[0])

    assert [("2", "Есть", "школа", "определение")] == [row for part in found.parts for row in part.rows]


def test_words_for_parts_of_a_rule() -> None:
    """Grades in ranges, atoms in brackets, kinds of work by the school's own names."""
    vocabulary = Vocabulary(works={"control": ("контрольная работа", "к/р")})
    (norm,) = policies_of("family: deadline\nrecord: homework\ndue: {same_day: true}\nmissing: review\nverdict: notice").versions[0].rules

    assert "5.1 (a), 6" == clauses(("5.1#a", "6"))
    assert "1, 5–7 классы; работы: контрольная работа, lab" == scope(Scope(grades=(7, 5, 6, 1), works=("control", "lab")), vocabulary)
    assert ("уведомление; если не сделано совсем — решает человек", "") == (outcomes(norm), severity(norm))


@pytest.mark.parametrize(("least", "told"), [("", ("только показатели", "")), ("\nleast: 90", ("нарушение", "лёгкое"))])
def test_a_rule_that_only_gives_figures_answers_nothing(least: str, told: tuple[str, str]) -> None:
    """Without a threshold neither an answer nor a gravity is shown."""
    (norm,) = policies_of("family: participation\nof: lessons" + least).versions[0].rules

    assert told == (outcomes(norm), severity(norm))


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    """To a file or to the terminal; a form or a day that there is not is said in one message."""
    out = tmp_path / "pages" / "rainbow.html"
    done = zavuch("policy", "show", "--school", "rainbow", "--format", "html", "--out", out)
    shown = zavuch("policy", "show", "--school", "rainbow", "--on", "2023-01-01")
    form = zavuch("policy", "show", "--school", "rainbow", "--format", "pdf")
    early = zavuch("policy", "show", "--school", "rainbow", "--on", "2020-01-01")

    assert (0, "", True) == (done.returncode, done.stdout, out.read_text("utf-8").startswith("<!doctype html>"))
    assert (0, True) == (shown.returncode, shown.stdout.startswith("# Положение"))
    assert (2, True) == (form.returncode, "есть html и md" in form.stderr)
    assert (2, True) == (early.returncode, "не действовала ни одна редакция" in early.stderr)
