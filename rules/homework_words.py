"""How a homework text says what to do: numbers, pages, names of tasks, verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_STEMS = (
    "параграф", "стр", "страниц", "упр", "задач", "номер", "пример", "пункт", "глав", "правил", "наизусть", "таблиц", "конспект", "доклад",
    "реферат", "сочинени", "изложени", "эссе", "схем", "карт", "тетрад", "практическ", "проект", "презентаци", "словар", "слова", "термин",
    "вопрос", "тест", "вариант", "формул", "определени", "стих", "рассказ", "сообщени", "рисун", "лексик", "уравнени", "кроссворд",
    "exercise", "page", "words", "unit",
)  # fmt: skip
"""Beginnings of words that name a piece of homework."""
_NAMED = rf"[\d§№]|(^|\PL)({'|'.join(_STEMS)})|(^|\PL)[IVX]+(\PL|$)|https?:"
_VERB = re.compile(r"\b\w{2,}(?:ть|ти|чь|ться|тись|йте|ите|ьте|йтесь|итесь)\b")
"""An infinitive or an imperative by its ending; a few nouns pass too, which is the milder mistake."""
_LETTER = re.compile(r"[^\W\d_]")
_WITHOUT_VERB = 3


def stating(texts: Sequence[str], shortest: int) -> npt.NDArray[np.bool_]:
    """Tell for each homework text whether it states its content: a number or the name of a task, or a verb and `shortest` letters, or
    three times as many letters.
    """
    lowered = pc.utf8_lower(pa.array(list(texts), pa.string()))
    named = pc.match_substring_regex(lowered, _NAMED.replace("[IVX]", "[ivx]")).to_numpy(zero_copy_only=False).astype(bool)
    for place in np.flatnonzero(~named).tolist():
        text = texts[place].lower()
        letters = len(_LETTER.findall(text))
        named[place] = letters >= (shortest if _VERB.search(text) else _WITHOUT_VERB * shortest)
    return np.asarray(named, dtype=bool)
