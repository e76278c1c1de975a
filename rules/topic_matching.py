"""Which topic of a plan a recorded topic is: by the same text first, by common words else; and whether the order is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_HEAD = r"^\s*(?:(?:урок|занятие|тема|раздел)\s*№?\s*\d+(?:\s*[-–.,]\s*\d+)*|\d+(?:\s*[.)]\s*\d+)*\s*[.)]|\d+\s*[-–]\s*\d+)[\s.:)–-]*"
"""Numbers before a topic: «Урок 5.», «1.2.», «12)», «Тема 4:»."""
_HOURS = r"\(\s*\d+\s*(?:ч|час[а-я]*)\.?\s*\)|\b\d+\s*ч(?:ас[а-я]*)?\.?\s*$"
_WORD = re.compile(r"\w+")
_STEM = 4
_SHORTEST = 3


def plainly(texts: Sequence[str] | npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Give topics as they are compared: lower case, ё as е, without numbers before, hours behind and punctuation; "" for nothing left."""
    column = pc.replace_substring(pc.utf8_lower(pa.array(list(texts), pa.string())), "ё", "е")
    for pattern, instead in ((_HOURS, " "), (_HEAD, ""), (r"[^\pL\pN]+", " ")):
        column = pc.replace_substring_regex(column, pattern, instead)
    return np.asarray(pc.utf8_trim_whitespace(column).to_pandas(), dtype=object)


@lru_cache(maxsize=1 << 16)
def stems(text: str) -> frozenset[str]:
    """Give the beginnings of the words of a plain topic that carry its sense: «квадратные уравнения» is {квад, урав}."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text) if len(word) >= _SHORTEST)


def alike(recorded: Sequence[str], planned: Sequence[str], share: int) -> npt.NDArray[np.int64]:
    """Give for each recorded topic the place of the planned one with which it shares most words, -1 where none has `share` percent of
    the shorter one's words, -2 where a recorded topic has no words to compare. Topics are plain.
    """
    own, theirs = [stems(text) for text in recorded], [stems(text) for text in planned]
    words = {word: place for place, word in enumerate(sorted(frozenset().union(*own, *theirs)))}
    left, right = _incidence(own, words), _incidence(theirs, words)
    common = left @ right.T
    sizes = np.minimum(left.sum(axis=1)[:, None], right.sum(axis=1)[None, :])
    score = np.where((common * 100 >= share * sizes) & (common > 0), common * 1000 // np.maximum(sizes, 1) + common, -1)
    best = score.argmax(axis=1) if len(planned) else np.full(len(recorded), -1)
    found = np.where(score.max(axis=1, initial=-1) >= 0, best, -1)
    return np.where(left.sum(axis=1) == 0, -2, found)


def _incidence(topics: Sequence[frozenset[str]], words: dict[str, int]) -> npt.NDArray[np.int64]:
    table = np.zeros((len(topics), len(words)), dtype=np.int64)
    for row, topic in enumerate(topics):
        table[row, [words[word] for word in topic]] = 1
    return table


def out_of_place(places: Sequence[Sequence[int]], shift: int) -> list[int]:
    """Give the lessons (their positions in `places`) whose topic stands more than `shift` lessons away from its place in the plan.

    `places` has for each lesson, in order, the places in the plan at which its topic stands, none where it stands nowhere. A single topic
    out of place is one finding, and so is a section that is moved as a whole: what follows it in order is in order.
    """
    found: list[int] = []
    reached, jumped = -1, -1
    taken: set[int] = set()
    for lesson, options in enumerate(places):
        if not options:
            continue
        near = min(options, key=lambda place: (abs(place - reached - 1), place))
        if reached - shift <= near <= reached + 1 + shift:
            reached, jumped = max(reached, near), -1
            while reached + 1 in taken:
                reached += 1
            continue
        after = min(options, key=lambda place: (abs(place - jumped - 1), place))
        if jumped >= 0 and jumped - shift <= after <= jumped + 1 + shift:
            reached, jumped = after, -1
            continue
        found.append(lesson)
        taken.add(near)
        jumped = near
    return found
