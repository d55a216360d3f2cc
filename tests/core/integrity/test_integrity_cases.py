"""The cases of `cases/integrity`: observation, code, strength, subjects; and what is no lead."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.integrity.assess import integrity_leads
from tests.making.integrity_input import resident_id, tender, uscc

CASES = Path(__file__).parent / "cases"


def cases() -> list[Any]:
    found = [
        (path.stem, case) for path in sorted(CASES.glob("*.yaml")) for case in yaml.safe_load(path.read_text("utf-8"))
    ]
    return [pytest.param(case, id=f"{name}: {case['why']}") for name, case in found]


def codes(value: Any) -> Any:
    """In a case `uscc 1` stands for a valid code."""
    if isinstance(value, dict):
        return {key: codes(one) for key, one in value.items()}
    if isinstance(value, list):
        return [codes(one) for one in value]
    return uscc(int(value[5:])) if isinstance(value, str) and value.startswith("uscc ") else value


@pytest.mark.parametrize("case", cases())
def test_leads(case: dict[str, Any]) -> None:
    leads = integrity_leads(tender(codes(case)))
    told = sorted(f"{lead.strength} {lead.code} {' '.join(lead.subjects)}" for lead in leads)
    assert told == sorted(case.get("expect", []))
    for lead in leads:
        assert lead.evidence and {pointer.organization for pointer in lead.evidence} == set(lead.subjects)
        assert lead.article and lead.message.zh and lead.message.en and lead.innocent.zh and lead.innocent.en
        assert "{" not in lead.message.zh + lead.message.en
        if "article" in case:
            assert lead.article == case["article"]
        if "blocks" in case:
            assert lead.blocks is case["blocks"]


def test_no_id_number_is_shown() -> None:
    both = {"roster": [{"name": "甲", "id": 1}], "head": {"id": 2}}
    case = {"bidders": {"A": both, "B": both}}
    leads = integrity_leads(tender(case))
    assert len(leads) == 2
    for lead in leads:
        shown = f"{lead.id}{lead.message}{lead.evidence}{lead.evidence_identities}"
        assert resident_id(1) not in shown and resident_id(2) not in shown
