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
_NAMES = frozenset({"id", "title", "clause", "family", "severity", "where", "also", "also_late", "applies", "absorbs"})
_SHARED_PARTS = frozenset({"Due", "Every"})
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
    for name in families():
        definitions[f"rule_{name}"] = _with_parameters(definitions[f"rule_{name}"])
    # Terms and rhythms are parts of rules that several families share.
    for name in _SHARED_PARTS & definitions.keys():
        definitions[name] = _with_parameters(definitions[name])
    return whole


def _with_parameters(rule: Schema) -> Schema:
    """The schema of a rule or of a part of one, where each single value may be a parameter, but for what names the rule."""
    properties = {key: part if key in _NAMES else {"anyOf": [part, _PARAMETER]} for key, part in rule.get("properties", {}).items()}
    return rule | {"properties": properties}
