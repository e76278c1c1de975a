"""JSON Schema of the policy language, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from policies.bundle import Contradiction, InForce, Parameter, Regulation
from policies.judgement import Judgement
from policies.scoring import Scoring
from rules.registry import families
from rules.vocabulary import Readings, Vocabulary

_PARAMETER = {"type": "object", "properties": {"parameter": {"type": "string"}}, "required": ["parameter"], "additionalProperties": False}
Schema = dict[str, Any]


def schema() -> Schema:
    """Give the JSON Schema of a policy file: rules by family; wherever a number stands, `{parameter: NAME}` may stand."""
    definitions: Schema = {}
    rules = []
    for name, model in sorted(families().items()):
        part = model.model_json_schema(by_alias=True)
        definitions |= part.pop("$defs", {})
        part["properties"].pop("assumed", None)
        definitions[f"rule_{name}"] = part
        rules.append({"$ref": f"#/$defs/rule_{name}"})
    properties: Schema = {"school": {"type": "string"}, "extends": {"type": "array", "items": {"type": "string"}}}
    parts: dict[str, type[BaseModel]] = {
        "regulation": Regulation, "in_force": InForce, "vocabulary": Vocabulary, "readings": Readings, "scoring": Scoring,
    }  # fmt: skip
    for key, whole_part in parts.items():
        part = whole_part.model_json_schema(by_alias=True)
        definitions |= part.pop("$defs", {})
        properties[key] = part
    properties["parameters"] = {"type": "object", "additionalProperties": Parameter.model_json_schema()}
    properties["contradictions"] = {"type": "array", "items": Contradiction.model_json_schema()}
    reasoning = Judgement.model_json_schema(by_alias=True)
    definitions |= reasoning.pop("$defs", {})
    properties["judgement"] = {"type": "array", "items": reasoning}
    properties["rules"] = {"type": "array", "items": {"oneOf": rules}}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Положение школы об электронном журнале",
        "type": "object",
        "required": ["school", "regulation", "in_force", "rules"],
        "additionalProperties": False,
        "properties": properties,
        "$defs": definitions,
    }
    finished: Schema = _with_parameters(whole)
    return finished


def _with_parameters(node: Any) -> Any:
    if isinstance(node, dict):
        found = {key: _with_parameters(value) for key, value in node.items()}
        if found.get("type") == "integer" and "enum" not in found:
            return {"anyOf": [found, _PARAMETER]}
        return found
    if isinstance(node, list):
        return [_with_parameters(item) for item in node]
    return node
