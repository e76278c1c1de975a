"""Users read Russian, or complete English."""

from __future__ import annotations

import re
import sys

import pytest
from babel.messages.pofile import read_po

from ingest.wording import _, language, ngettext
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from messages import messages


def test_the_english_catalogue_is_complete_and_keeps_every_placeholder() -> None:
    """Each text of the code has a translation with the same `{names}`; no translation is left over."""
    with (ROOT / "ingest/locale/en/LC_MESSAGES/zavuch.po").open("rb") as file:
        catalog = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    wanted = messages()

    assert {m: place for m, place in wanted.items() if not catalog.get(m)} == {}
    assert set(catalog) - set(wanted) == set()
    assert [m for m in wanted if sorted(re.findall(r"{\w+}", m)) != sorted(re.findall(r"{\w+}", catalog[m]))] == []


@pytest.mark.parametrize(("n", "word"), [(1, "день"), (2, "дня"), (5, "дней"), (11, "дней"), (21, "день"), (112, "дней"), (104, "дня")])
def test_russian_words_agree_with_their_numbers(n: int, word: str) -> None:
    """One день, two дня, five дней; eleven to fourteen are many."""
    assert ngettext(n, "день", "дня", "дней") == word


def test_english_has_its_own_forms() -> None:
    """Inside `language("en")` texts and word forms are English; outside they are Russian again."""
    with language("en"):
        assert (ngettext(1, "день", "дня", "дней"), ngettext(2, "день", "дня", "дней"), _("нарушение")) == ("day", "days", "violation")
    assert _("нарушение") == "нарушение"
