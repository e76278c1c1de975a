"""What the documents say is true: commands, options, links, the example, the pages of decisions."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath

import pytest
import typer
import yaml

from service.cli import app
from tests.house.tree import ROOT, names, text

READMES = ("README.md", "README.ru.md")
PAGES = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/index.md")
DECISIONS = [name for name in names() if re.fullmatch(r"docs/decisions/\d{4}-.*\.md", name)]
_ZAVUCH = re.compile(r"^\.venv/bin/zavuch .*$|`(?:\.venv/bin/)?zavuch [^`]*`", re.MULTILINE)


def targets() -> set[str]:
    """Give the commands of the Makefile."""
    return set(re.findall(r"^([a-z]+):(?!=)", text("Makefile"), re.MULTILINE))


def spoken(page: str) -> list[list[str]]:
    """Give the `zavuch …` command lines of a page, split into words, from the first word after `zavuch` on."""
    return [shlex.split(line.strip("`"), comments=True)[1:] for line in _ZAVUCH.findall(text(page))]


def options(words: list[str]) -> set[str]:
    """Give the options that the command named by `words` knows; raises KeyError where there is no such command."""
    command = typer.main.get_command(app)
    while hasattr(command, "commands") and words:
        command, words = command.commands[words[0]], words[1:]
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_exists(page: str) -> None:
    """A document names only commands that the Makefile has."""
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text(page), re.MULTILINE))

    assert set() == named - targets()


@pytest.mark.parametrize("page", PAGES)
def test_every_zavuch_command_and_option_exists(page: str) -> None:
    """A document shows only commands and options that the command line has."""
    unknown = [" ".join(words) for words in spoken(page) if {word for word in words if word.startswith("--")} - options(words)]

    assert [] == unknown


def blocks(page: str) -> list[list[str]]:
    """Give the words of each block of commands of a page, without comments and words in capitals."""
    found = re.findall(r"```sh\n(.*?)```", text(page), re.DOTALL)
    return [re.sub(r"#.*|[A-ZА-ЯЁ.]{3,}", "", block).split() for block in found]


def test_both_readmes_show_the_same_commands() -> None:
    """The two READMEs have the same blocks of commands; only comments and words in capitals differ."""
    english, russian = map(blocks, READMES)

    assert english == russian


def test_every_command_of_the_makefile_is_explained() -> None:
    """CONTRIBUTING has a line for each command but `help`."""
    explained = set(re.findall(r"^\| `make ([a-z]+)`", text("CONTRIBUTING.md"), re.MULTILINE))

    assert targets() - {"help"} == explained


@pytest.mark.parametrize("page", [name for name in names() if name.endswith(".md")])
def test_every_link_leads_somewhere(page: str) -> None:
    """A link inside the tree points to a file that is there."""
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text(page)) if "://" not in link]

    assert [] == [link for link in links if link and not (ROOT / PurePosixPath(page).parent / link).exists()]


def test_the_number_to_change_is_there() -> None:
    """The policy that the READMEs invite to change has that rule with that number."""
    policy = yaml.safe_load(text("schools/lyceum-68/policy/2023-09-27.yaml"))
    rule = next(rule for rule in policy["rules"] if rule["id"] == "written-marks.language")

    assert {"working_days": 10} == rule["due"]


@pytest.mark.parametrize("page", DECISIONS)
def test_a_decision_has_context_choice_and_cost(page: str) -> None:
    """Each page of decisions has its number in the title and the three headings in their order."""
    headings = re.findall(r"^(#+ .*)$", text(page), re.MULTILINE)

    assert headings[0].startswith(f"# {PurePosixPath(page).name[:4]} ")
    assert ["## Context", "## Choice", "## What it costs"] == headings[1:]


def test_decisions_are_numbered_and_listed() -> None:
    """Their numbers run from 0001 without a gap, and the index names every page."""
    numbers = [PurePosixPath(page).name[:4] for page in DECISIONS]
    listed = re.findall(r"\(decisions/(\S+\.md)\)", text("docs/index.md"))

    assert [f"{place:04}" for place in range(1, len(numbers) + 1)] == numbers
    assert [PurePosixPath(page).name for page in DECISIONS] == listed
