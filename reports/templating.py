"""Templates of pages and documents: what stands between their words is escaped as the form asks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ingest.wording import _

_FOLDER = Path(__file__).parent / "templates"
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>|#~])")


@cache
def environment(form: str) -> Environment:
    """Give the templates of a form: `html` escapes for HTML, `md` for Markdown. A name that nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(("html.j2",)),
        finalize=_plain if form == "md" else None,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals["_"] = _
    return made


def rendered(template: str, **content: object) -> str:
    """Give a template filled in; its form is the ending before `.j2`."""
    return environment(template.split(".")[-2]).get_template(template).render(**content)


def _plain(text: object) -> object:
    """A text for Markdown: its punctuation means itself, and it stays on one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split())) if isinstance(text, str) else text
