"""Letters and words by which the language of a short record is told: what is not Russian, and what may stand in a Russian record."""

from __future__ import annotations

import re

RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
KYRGYZ = (
    "жана", "менен", "эмес", "болуп", "болгон", "болот", "кандай", "кайсы", "бирок", "ошол", "анын", "алардын", "чейин", "кийин", "бул",
    "жок", "сабак", "кайталоо", "тапшырма", "суроо", "суроолор", "суроолорго", "жооп", "окуу", "жазуу", "мисалдар", "китеби", "деген",
)  # fmt: skip
"""Common Kyrgyz words that no Russian text has; those with ң, ө or ү are told by these letters."""
NAMES = (
    "Python", "Pascal", "Java", "JavaScript", "Scratch", "C++", "SQL", "HTML", "CSS", "Excel", "Word", "PowerPoint", "Access", "Paint",
    "Microsoft", "Office", "Windows", "Linux", "Android", "GeoGebra", "Internet", "Web", "Google", "Zoom", "YouTube", "Quizlet", "Kahoot",
)  # fmt: skip
"""Names that have no Russian spelling in use."""
TITLED = (
    "словар", "учебник", "пособи", "журнал", "газет", "книг", "роман", "рассказ", "стихотворени", "песн", "фильм", "сайт", "платформ",
    "программ", "сред", "приложени", "язык", "сборник", "рубрик",
)  # fmt: skip
"""Beginnings of words after which a title may stand without quotation marks."""

_LATIN = r"[^\W\d_а-яёА-ЯЁ]"
_NUMBERS = r"\s*\.?\s*(?:№\s*)?\d+\w?(?:\s*[-–,;/]\s*\d+\w?)*"
QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|\([^()]*\)|\[[^\[\]]*\]")
AFTER_TITLED = re.compile(rf"\b((?:{'|'.join(TITLED)})\w*\s*[:–-]?\s*)(?:{_LATIN}[\w'’]*[\s.,:;&'’-]*)+", re.IGNORECASE)
REFERENCES = re.compile(
    rf"\b(?:pp?|pgs?|pages?|ex|exx|exs|exercises?|nos?|nr|tasks?|wb|sb|ab|pb|s|seite|üb|übung(?:en)?|aufgabe|exercices?){_NUMBERS}|\b[wsap]b\b",
    re.IGNORECASE,
)
"""Pages and exercises of a foreign textbook: «p. 40 ex. 5»."""
SECTIONS = re.compile(
    rf"\b(?:units?|modules?|lessons?|steps?|parts?|chapters?|sections?|texts?|tables?|levels?|lektion|kapitel|einheit|leçon){_NUMBERS}",
    re.IGNORECASE,
)
"""Parts of a foreign textbook: «Unit 3»; they name the matter, but not in Russian."""
ROMAN = re.compile(r"\b[IVXLCDM]+\b")
WORD = re.compile(r"[^\W\d_]+")
SIGNS = re.compile(r"\b(?:\w*\d\w*|[A-ZÀ-Þ]{2,5}|[^\W\d_]{1,2})\b")
"""Abbreviations and signs of formulas: «DNA», «pH», «kx»."""
