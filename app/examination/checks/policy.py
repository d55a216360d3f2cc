"""The policy that the monitoring body 监管评估机构 is screened under, as data with its own hash."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Annotated

from pydantic import Field, StrictInt

from app.core.eligibility.monitoring_body import MonitoringBodyRules
from app.core.facts.measured import Measured
from app.core.facts.outcome import Verdict, verdict_of
from app.core.values.canonical import canonical_json, sha256_hex
from app.tendering.policies.loader import parse_yaml
from app.tendering.policies.parts import Articles, BilingualPart, Identifier, Part, Words

PRESET = "suzhou-evaluator"


class MonitoringBodyDocument(Part):
    """The policy document as written."""

    id: Identifier
    version: Words
    title: BilingualPart
    minimum_years_of_evaluating: Annotated[StrictInt, Field(ge=0, le=100)]
    minimum_qualified_team: Annotated[StrictInt, Field(ge=0, le=1_000)]
    legal_basis: Articles


@dataclass(frozen=True, slots=True)
class MonitoringBodyPolicy:
    """The policy by name and hash, and its rules as the core reads them."""

    id: str
    version: str
    sha256: str
    rules: MonitoringBodyRules


@dataclass(frozen=True, slots=True)
class MonitoringBodyScreened:
    """The result of screening the monitoring body, the policy used, and the input hash for later comparison."""

    policy: MonitoringBodyPolicy
    requirements: tuple[Measured, ...]
    input_hash: str

    @property
    def verdict(self) -> Verdict:
        """Return the verdict, as of any screening: it proposes, an officer decides."""
        return verdict_of(one.outcome for one in self.requirements)


@lru_cache(maxsize=1)
def monitoring_body_policy() -> MonitoringBodyPolicy:
    """Return the policy that is bundled with the service."""
    text = resources.files("app.examination.checks").joinpath(f"{PRESET}.yaml").read_bytes()
    data = parse_yaml(text, PRESET)
    document = MonitoringBodyDocument.model_validate(data)
    basis = "、".join(document.legal_basis)
    rules = MonitoringBodyRules(document.minimum_years_of_evaluating, document.minimum_qualified_team, basis)
    return MonitoringBodyPolicy(document.id, document.version, sha256_hex(canonical_json(data)), rules)
