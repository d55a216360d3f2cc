"""The policies that come with the service, over HTTP."""

from typing import Annotated, Any

from app.core.facts.policy import Check
from app.platform.problems import NotFound
from app.platform.web.routing import Router
from app.platform.web.schema import Output, Shaped
from app.platform.web.types import Chars
from app.tendering.policies.explanation import explain
from app.tendering.policies.json_schema import policy_schema
from app.tendering.policies.loader import preset, presets
from app.tendering.policies.presets import preset_document
from app.tendering.policies.schema import PolicyDocument

router = Router(prefix="/policies", tags=["policies"])
PolicyId = Annotated[str, Chars(1, 64, r"^[a-z0-9][a-z0-9_-]*$")]


class TextOut(Output):
    """A text in both languages."""

    zh: str
    en: str


class PresetOut(Output):
    """A policy 评审规则 from which tenders can be created."""

    id: str
    version: str
    sha256: str
    title: TextOut


class RuleOut(Output):
    """What a requirement examines, and when it is met, not met or undetermined."""

    evidence: TextOut
    met: TextOut
    not_met: TextOut
    undetermined: TextOut


class ExplainedOut(Output):
    """The explanation of a requirement; one of its alternatives must be met."""

    id: str
    check: Check
    title: TextOut
    legal_basis: list[str]
    asks: list[TextOut]
    rule: RuleOut
    alternatives: list["ExplainedOut"]


class PresetDocumentOut(PresetOut):
    """A policy with its document and the explanation of its requirements."""

    document: Annotated[Any, Shaped(PolicyDocument)]
    requirements: list[ExplainedOut]


@router.get("")
def list_policies() -> list[PresetOut]:
    """List all presets, unpaged."""
    return [PresetOut.model_validate(preset(name)) for name in presets()]


@router.get("/schema")
def read_policy_schema() -> dict[str, Any]:
    """Return the JSON Schema of a policy, for editors and forms."""
    return policy_schema()


@router.get("/{policy_id}")
def read_policy(policy_id: PolicyId) -> PresetDocumentOut:
    """Return a preset with its document and explanation."""
    if policy_id not in presets():
        raise NotFound
    policy = preset(policy_id)
    head = PresetOut.model_validate(policy).model_dump()
    explained = [ExplainedOut.model_validate(one) for one in explain(policy)]
    return PresetDocumentOut(**head, document=preset_document(policy_id), requirements=explained)
