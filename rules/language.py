"""Family `language`: records are kept in Russian."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from ingest.wording import _
from rules import language_words as words
from rules.cases import Cases, units
from rules.norm import Norm

if TYPE_CHECKING:
    from rules.setting import Setting

_CARRIED = ("class", "subject", "group", "day", "teacher", "grade", "ev_scheduled")
_SUSPECT = rf"[^\P{{L}}А-Яа-яЁё]|(?i:(^|\P{{L}})({'|'.join(words.KYRGYZ)})(\P{{L}}|$))"
_LONGEST = 80
Doubt = Literal["none", "quoted", "share", "letters", "words"]


@dataclass(frozen=True)
class Reading:
    """What a text's letters say: `doubt` – why it may not be Russian ("none": not one Cyrillic letter), the counts, what was noticed."""

    doubt: Doubt
    russian: int
    letters: int
    noticed: str = ""


class Language(Norm):
    """Topics and homework are written in Russian.

    Broken: «Present Perfect. Revision», not one Cyrillic letter. Kept: «Настоящее совершенное время (Present Perfect)», «p. 40 ex. 5»,
    «Реформы Петра I». A person decides: half of the letters or more are foreign, Kyrgyz letters or words, a bare quotation or title.

    Quotations, brackets, pages and exercises, Roman numerals and known names are taken out before letters are counted.
    """

    family: Literal["language"]
    records: tuple[Literal["topic", "homework"], ...] = Field(default=("topic", "homework"), min_length=1, description="Какие записи")
    quoting: tuple[str, ...] = Field(
        default=(), description="Предметы, где запись может приводить слова другого языка: хватает одного русского слова"
    )
    terms: tuple[str, ...] = Field(default=(), description="Слова и названия, которые могут стоять не по-русски, сверх общеизвестных")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per text that stands and is not, or may not be, in Russian."""
        frame = self._texts(setting)
        readings = self._readings(frame["text"].to_numpy(), setting)
        frame = frame[frame["text"].isin(list(readings))].reset_index(drop=True)
        found = [readings[code] for code in frame["text"].tolist()]
        frame["doubt"] = np.array([reading.doubt for reading in found], dtype=object)
        frame["late"] = np.where(frame["doubt"] == "none", self.verdict, "review")
        names = setting.journal.names("text")
        frame["fig_text"] = np.array([str(names[code]) for code in frame["text"]], dtype=object)
        for name in ("doubt", "russian", "letters", "noticed"):
            frame[f"fig_{name}"] = np.array([getattr(reading, name) for reading in found], dtype=object)
        mixed = frame["doubt"].isin(["share"]) & setting.named_subjects(self.quoting)[frame["subject"].to_numpy(dtype=np.int32)]
        frame = frame[~mixed].assign(
            person=lambda rows: np.where(rows["actor"] < 0, rows["teacher"], rows["actor"]),
            act=lambda rows: rows["event"],
            ev_record=lambda rows: rows["event"],
            ev_lesson=lambda rows: rows["ev_scheduled"],
        )
        return Cases(self, units(frame), ("act",), ban=True, status="mismatch")

    def _texts(self, setting: Setting) -> pd.DataFrame:
        """Give the last topic and the last homework of each lesson held."""
        journal = setting.journal
        texts = pd.concat([journal.texts(f"{name}.recorded").drop_duplicates("lesson", keep="last") for name in self.records])
        lessons = journal.lessons.take(texts["lesson"].to_numpy()).reset_index(drop=True)
        frame = texts.reset_index(drop=True).assign(**{name: lessons[name] for name in _CARRIED})
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        kept: pd.DataFrame = frame[chosen & lessons["held"].to_numpy()]
        return kept.reset_index(drop=True)

    def _readings(self, texts: np.ndarray, setting: Setting) -> dict[int, Reading]:
        """Give the texts (by code) that are not plainly Russian; only those with a foreign letter or a Kyrgyz word are read one by one."""
        codes = np.unique(texts)
        names = setting.journal.names("text")
        suspect = pc.match_substring_regex(pa.array(names[codes], pa.string()), _SUSPECT).to_numpy(zero_copy_only=False)
        known = _known_names(self.terms)
        found = {int(code): reading(str(names[code]), known) for code in codes[suspect.astype(bool)]}
        return {code: item for code, item in found.items() if item is not None}

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the text and what its letters say."""
        row = figures[0]
        text = str(row["text"])
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        match row["doubt"]:
            case "none":
                said = _("нет ни одной буквы кириллицы (букв: {letters})")
            case "quoted":
                said = _("нет ни одной буквы кириллицы, но это может быть название, цитата или формула; решает человек")
            case "share":
                said = _("кириллицы {russian} из {letters} букв, не больше половины; решает человек")
            case "letters":
                said = _("есть буквы {noticed}, которых нет в русском алфавите; решает человек")
            case _:
                said = _("есть слова не из русского языка: {noticed}; решает человек")
        return _("запись «{text}»: ").format(text=shown) + said.format(**{k: row[k] for k in ("russian", "letters", "noticed")})


def _known_names(terms: tuple[str, ...]) -> re.Pattern[str]:
    names = sorted({*words.NAMES, *terms}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


def reading(text: str, known: re.Pattern[str]) -> Reading | None:
    """Give why `text` is not, or may not be, Russian; None for a Russian text and for one without words. `known` are names to ignore."""
    bare = words.ROMAN.sub(" ", words.REFERENCES.sub(" ", text))
    letters = sum(map(len, words.WORD.findall(bare)))
    if not letters:
        return None
    rest = known.sub(" ", words.AFTER_TITLED.sub(r"\1", words.QUOTED.sub(" ", bare)))
    if not any(map(_cyrillic, text)):
        own = words.SIGNS.sub(" ", words.SECTIONS.sub(" ", rest))
        return Reading("none" if words.WORD.search(own) else "quoted", 0, letters)
    found = "".join(words.WORD.findall(rest))
    russian = sum(map(_cyrillic, found))
    if russian * 2 <= len(found) and found:
        return Reading("share", russian, len(found))
    if foreign := sorted({sign for sign in found.lower() if _cyrillic(sign) and sign not in words.RUSSIAN}):
        return Reading("letters", russian, len(found), ", ".join(foreign))
    if kyrgyz := sorted({word for word in words.WORD.findall(rest.lower()) if word in words.KYRGYZ}):
        return Reading("words", russian, len(found), ", ".join(f"«{word}»" for word in kyrgyz))
    return None


def _cyrillic(sign: str) -> bool:
    return "\u0400" <= sign <= "\u052f"
