"""YAML with positions: plain data, and for every key and value the line and column where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

import yaml

from ingest.errors import UserError
from ingest.wording import _

Path_ = tuple[str | int, ...]
Value: TypeAlias = "str | int | bool | date | None | list[Value] | dict[str, Value]"

_INTEGER = re.compile(r"^-?(0|[1-9]\d*)$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOST_NODES = 200_000


@dataclass(frozen=True, order=True)
class Problem:
    """One error in a policy file; prints as `file:line:column: message`."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Give the line a user reads."""
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class PolicyError(UserError):
    """A bundle cannot be used; `problems` holds every error, in the order of files and lines."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems, each once."""
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Document:
    """A YAML file as data. `keys` and `values`: path of keys and indexes → (line, column); `raw`: path → the text of a plain scalar."""

    path: str
    data: Value
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    raw: dict[Path_, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path_, message: str, *, key: bool = False) -> Problem:
        """Give a problem at a path: at its key, or at its value, or at the nearest place above it that exists."""
        at = path
        while True:
            found = (self.keys.get(at) if key else None) or self.values.get(at) or self.keys.get(at)
            if found or not at:
                return Problem(self.path, *(found or (1, 1)), message)
            at = at[:-1]


def read_document(path: Path, shown: str) -> Document:
    """Give the data of a YAML file with its positions; raises PolicyError when it is missing, empty or no YAML."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise PolicyError([Problem(shown, 1, 1, _("такого файла нет"))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError([Problem(shown, 1, 1, _("файл не читается: {reason}").format(reason=error))]) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = _("это не YAML: {reason}. Проверьте отступы (только пробелы), кавычки и двоеточия").format(reason=error.problem)
        raise PolicyError([Problem(shown, line, column, message)]) from error
    except yaml.YAMLError as error:
        raise PolicyError([Problem(shown, 1, 1, _("это не YAML: {reason}").format(reason=error))]) from error
    document = Document(shown, None)
    if node is None:
        raise PolicyError([Problem(shown, 1, 1, _("файл пуст"))])
    document.data = _Builder(document).build(node, ())
    return document


class _Builder:
    """Builds data from nodes; counts them, so that aliases cannot blow a small file up."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._nodes = 0

    def build(self, node: yaml.Node, path: Path_) -> Value:
        self._nodes += 1
        position = (node.start_mark.line + 1, node.start_mark.column + 1)
        if self._nodes > _MOST_NODES:
            raise PolicyError([Problem(self._document.path, *position, _("слишком много значений: ссылки (&, *) разрастаются"))])
        self._document.values[path] = position
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, place)) for place, item in enumerate(node.value)]
        text = str(node.value)
        if isinstance(node, yaml.ScalarNode) and node.style in (None, ""):
            self._document.raw[path] = text
            return _plain(text)
        return text

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> Value:
        found: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            position = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in found:
                first = self._document.keys[*path, key][0]
                message = _("ключ «{key}» уже был в строке {line}; оставьте один").format(key=key, line=first)
                self._document.problems.append(Problem(self._document.path, *position, message))
                continue
            self._document.keys[*path, key] = position
            found[key] = self.build(value_node, (*path, key))
        return found


def _plain(text: str) -> Value:
    """A plain scalar read by the few rules that surprise nobody; `on`, `no`, `012`, `1_000`, `1:30`, `5.2` stay texts."""
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if _INTEGER.match(text):
        return int(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
