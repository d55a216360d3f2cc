"""The JSON Schema of a whole policy, as published by the API, the command line and docs/policy.schema.json."""

from typing import Any

from app.tendering.policies.schema import PolicyDocument


def policy_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a policy as it is written."""
    schema = PolicyDocument.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
