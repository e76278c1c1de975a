"""How a topic names a kind of work: by the school's own names of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rules.vocabulary import WORK_KINDS, plain

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.vocabulary import Vocabulary

_WORD = re.compile(r"\w+")
_STEM = 5
_KIND_OF = {"работа", "работы", "задание"}
"""Words that say nothing of the kind."""


def names_of(kind: str, vocabulary: Vocabulary) -> list[str]:
    """Give the school's names of a kind of work as they are compared, longest first."""
    return sorted({plain(name) for name in vocabulary.works.get(kind, ())}, key=len, reverse=True)


def naming(kinds: Iterable[str], vocabulary: Vocabulary) -> dict[str, re.Pattern[str]]:
    """Give for each kind the pattern that finds one of its names, as a whole and in the nominative, in a plain text: «Контрольная работа
    № 2» names a work, «Анализ контрольной работы» does not.
    """
    patterns = {}
    for kind in kinds:
        if names := names_of(kind, vocabulary):
            patterns[kind] = re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, names))})(?![\w/])")
    return patterns


def hinting(kind: str, vocabulary: Vocabulary) -> re.Pattern[str]:
    """Give the pattern that finds any hint of a kind in a plain text: a name, or the beginning of a word of one, in any case."""
    names = names_of(kind, vocabulary)
    whole = [re.escape(name) for name in names if len(name) <= _STEM]
    words = {word[:_STEM] for name in names for word in _WORD.findall(name) if len(word) >= _STEM and word not in _KIND_OF}
    parts = [*(rf"(?<![\w/]){name}(?![\w/])" for name in whole), *(rf"\b{re.escape(word)}" for word in sorted(words))]
    return re.compile("|".join(parts) or r"(?!)")


def kinds_in(scope: Scope, vocabulary: Vocabulary) -> list[str]:
    """Give the kinds of work of which the scope speaks; all but homework where it names none."""
    wanted = {vocabulary.work(name) or name for name in scope.works} or set(WORK_KINDS) - {"homework"}
    return sorted(wanted - {vocabulary.work(name) or name for name in scope.except_works})
