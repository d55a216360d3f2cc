"""The presets as documents: what a tender stores when it is made from one."""

import json
from typing import Any

from app.core.values.canonical import canonical_json
from app.tendering.policies.loader import parse_yaml, preset_text


def preset_document(policy_id: str) -> dict[str, Any]:
    """A preset in plain JSON values; its hash is the same as that of the YAML."""
    document: dict[str, Any] = json.loads(canonical_json(parse_yaml(preset_text(policy_id), policy_id)))
    return document
