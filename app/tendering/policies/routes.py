"""The policies that come with the service, over HTTP."""

from typing import Annotated, Any

from app.platform.problems import NotFound
from app.platform.web.routing import Router
from app.platform.web.schema import Output
from app.platform.web.types import Chars
from app.tendering.policies.loader import preset, presets
from app.tendering.policies.presets import preset_document

router = Router(prefix="/policies", tags=["policies"])
PolicyId = Annotated[str, Chars(1, 64, r"^[a-z0-9][a-z0-9_-]*$")]


class TextOut(Output):
    """A text in both languages."""

    zh: str
    en: str


class PresetOut(Output):
    """A policy 评审规则 that tenders can be made from."""

    id: str
    version: str
    sha256: str
    title: TextOut


class PresetDocumentOut(PresetOut):
    """A policy with its document."""

    document: Any


@router.get("")
def list_policies() -> list[PresetOut]:
    """All presets; there are few."""
    return [PresetOut.model_validate(preset(name)) for name in presets()]


@router.get("/{policy_id}")
def read_policy(policy_id: PolicyId) -> PresetDocumentOut:
    """A preset, whole."""
    if policy_id not in presets():
        raise NotFound
    head = PresetOut.model_validate(preset(policy_id)).model_dump()
    return PresetDocumentOut(**head, document=preset_document(policy_id))
