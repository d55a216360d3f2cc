"""The policy of a screening, with the document that is kept for a replay."""

from dataclasses import dataclass
from typing import Any

from app.core.facts.policy import Policy
from app.platform.problems import Fault, Invalid
from app.tendering.policies.loader import PolicyInvalid, parse_yaml, preset, preset_text

DEFAULT_POLICY = "suzhou-current"


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy with the document it was read from."""

    policy: Policy
    document: Any


def preset_rules(policy_id: str, pointer: str = "/policy") -> Rules:
    """Return a preset by its id; raises Invalid where there is none."""
    try:
        return Rules(preset(policy_id), parse_yaml(preset_text(policy_id), policy_id))
    except PolicyInvalid as error:
        faults = [Fault("policy", expected, pointer + place) for place, expected in error.errors]
        raise Invalid(faults=faults) from None
