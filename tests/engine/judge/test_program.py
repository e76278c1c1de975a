"""What is compiled from a bundle."""

from __future__ import annotations

import pytest

from engine.judge.program import Program
from ingest.errors import UserError


def test_pairs_are_closed_over_chains() -> None:
    """Whoever speaks for b speaks for all for whom b speaks."""
    assert Program.of({"a": ["b"], "b": ["c"]}).pairs == (("a", "b"), ("a", "c"), ("b", "c"))


def test_rules_without_absorption_belong_to_it() -> None:
    """All rules are known, in order, also one named only as a loser."""
    assert Program.of({"z": ["y"], "a": []}).rules == ("a", "y", "z")


def test_key_depends_on_content_alone() -> None:
    """The order in which a bundle names its rules changes nothing; another pair does."""
    program = Program.of({"a": ["b", "c"], "d": []})

    assert program.key == Program.of({"d": [], "a": ["c", "b"]}).key
    assert program.key != Program.of({"a": ["b"], "c": [], "d": []}).key


@pytest.mark.parametrize(("absorbs", "circle"), [({"a": ["a"]}, "a → a"), ({"a": ["b"], "b": ["c"], "c": ["a"]}, "a → b → c → a")])
def test_circle_is_refused_with_its_way(absorbs: dict[str, list[str]], circle: str) -> None:
    """The message shows the rules in a circle, so that its author knows where to cut."""
    with pytest.raises(UserError, match=circle):
        Program.of(absorbs)
