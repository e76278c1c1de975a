"""From YAML data to models: the errors of a model become problems with their places in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policies.positions import Document, Path_, Problem, Value
from policies.translation import sentence

Model = TypeVar("Model", bound=BaseModel)
_MOST_TEXTS = 50


@dataclass
class Reader:
    """Makes models of the parts of files and collects what is wrong with them."""

    problems: list[Problem]

    def model(self, model: type[Model], document: Document, data: Value, path: Path_) -> Model | None:
        """Make a model from data at a path; its errors become problems. A plain scalar serves where a text is wanted."""
        for _attempt in range(_MOST_TEXTS):
            try:
                return model.model_validate(_tuples(data))
            except ValidationError as error:
                details = error.errors(include_url=False)
                texts = [d for d in details if d["type"] == "string_type" and (*path, *d["loc"]) in document.raw]
                if not texts:
                    for detail in _telling(details):
                        at, message, key = sentence(detail, model)
                        self.problems.append(document.problem((*path, *at), message, key=key))
                    return None
                for detail in texts:
                    data = _replaced(data, tuple(detail["loc"]), document.raw[(*path, *detail["loc"])])
        return None


def _telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those that only follow: a list whose items are wrong is not too short."""
    inner = {detail["loc"][:-1] for detail in details if detail["loc"]}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in inner]


def _tuples(data: object) -> object:
    """The data with tuples for lists: the models are frozen."""
    if isinstance(data, dict):
        return {key: _tuples(value) for key, value in data.items()}
    return tuple(_tuples(value) for value in data) if isinstance(data, list) else data


def _replaced(data: Value, path: Path_, text: str) -> Value:
    if not path:
        return text
    step = path[0]
    if isinstance(data, dict) and isinstance(step, str):
        return {key: _replaced(value, path[1:], text) if key == step else value for key, value in data.items()}
    if isinstance(data, list) and isinstance(step, int):
        return [_replaced(value, path[1:], text) if place == step else value for place, value in enumerate(data)]
    return data
