"""The presets as documents, as a tender created from a preset stores them."""

import json
from typing import Any

from app.core.values.canonical import canonical_json
from app.tendering.policies.loader import parse_yaml, preset_text


def preset_document(policy_id: str) -> dict[str, Any]:
    """Return a preset as plain JSON values; its hash equals that of the YAML."""
    document: dict[str, Any] = json.loads(canonical_json(parse_yaml(preset_text(policy_id), policy_id)))
    return document
