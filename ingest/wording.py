"""What users read, in their language: Russian in the code, other languages from gettext catalogues.

Message ids are the Russian texts themselves, so Russian needs no look-up but for plurals. Catalogues are plain `.po` files
under `ingest/locale/<language>/LC_MESSAGES/zavuch.po`, read when first needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("ru", "en")
_LOCALE = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en" if os.environ.get("ZAVUCH_LANG", "ru").startswith("en") else "ru")


@contextmanager
def language(code: str) -> Iterator[None]:
    """Give the texts in `code` ("ru" or "en") within the block; raises ValueError for another language."""
    if code not in LANGUAGES:
        raise ValueError(f"no catalogue for {code!r}")
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalog(code: str) -> Catalog:
    # Lazy: babel costs a tenth of a second that a Russian audit does not need.
    from babel.messages.pofile import read_po

    with (_LOCALE / code / "LC_MESSAGES" / "zavuch.po").open("rb") as file:
        return read_po(file, locale=code)


def _(message: str) -> str:
    """Give `message` in the current language; a text without translation stays Russian."""
    code = _language.get()
    if code == "ru":
        return message
    found = _catalog(code).get(message)
    return str(found.string) if found and found.string else message


def _russian_form(n: int) -> int:
    """Give the index of the Russian plural form for `n`: 0 день, 1 дня, 2 дней."""
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def ngettext(n: int, one: str, few: str, many: str) -> str:
    """Give the form of a Russian word that goes with the whole number `n`: `ngettext(3, "день", "дня", "дней")` is «дня».

    In other languages the catalogue is asked for `one` (n is 1) or `many`.
    """
    n = abs(n)
    if _language.get() == "ru":
        return (one, few, many)[_russian_form(n)]
    return _(one) if n == 1 else _(many)
