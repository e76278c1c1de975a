"""The texts of the house that go through gettext, found in the code: what the English catalogue must translate."""

from __future__ import annotations

import ast
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("ingest", "rules", "policies", "engine", "reports", "service")


def messages() -> dict[str, str]:
    """Give message → `file:line` of its first place, for every text given to `_` and every word form given to `ngettext`."""
    found = _in_code()
    for message, place in _in_templates().items():
        found.setdefault(message, place)
    return found


def _in_templates() -> dict[str, str]:
    found: dict[str, str] = {}
    reader = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in sorted((ROOT / "reports" / "templates").glob("*.j2")):
        for line, _function, message in reader.extract_translations(path.read_text("utf-8"), gettext_functions=("_",)):
            if isinstance(message, str):
                found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return found


def _in_code() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                # Other languages know one and many; the middle form is Russian grammar.
                wanted = {"_": node.args[:1], "ngettext": [*node.args[1:2], *node.args[3:4]]}.get(node.func.id, [])
                for argument in wanted:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found.setdefault(argument.value, f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


if __name__ == "__main__":
    for message, place in messages().items():
        print(f"{place}\t{message!r}")
