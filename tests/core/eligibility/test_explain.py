"""Every reason has a message and states what would change the result."""

import inspect
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from app.core.credit import credit_record
from app.core.eligibility import declarations, registration, submissions
from app.core.eligibility.explain import reason_text, what_would_flip
from app.core.eligibility.messages import FLIPS, REASONS, STAFF_CODES
from app.core.values.text import Text
from tests.making.screening_input import CODE, NAME, policy, screened

CLOSED_LIST = """employment_not_full_time employment_missing rehired resident_id_missing resident_id_invalid under_age
past_retirement_age contract_missing contract_not_begun contract_ended insurance_missing insurance_other_payer
insurance_months_short insurance_payer_unclear insurance_too_new on_other_dossier duplicate_in_roster names_differ value_unreadable
no_certificate local_certificate
certificate_not_yet certificate_incomplete certificate_shared"""
CASES = Path(__file__).parent / "cases"


MODULES = (registration, credit_record, declarations, submissions)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_codes_of_lines_are_the_closed_list() -> None:
    assert set(STAFF_CODES) == set(CLOSED_LIST.split())


@pytest.mark.parametrize("texts", [REASONS, FLIPS, STAFF_CODES])
def test_both_languages_say_the_same(texts: dict[str, Text]) -> None:
    for code, text in texts.items():
        assert fields(text.zh) == fields(text.en) or code == "doubtful_persons_decide", code
        assert re.search(r"[\u4e00-\u9fff]", text.zh), code
        assert re.search(r"[a-z]", text.en), code


def test_a_flip_belongs_to_a_reason() -> None:
    assert set(FLIPS) <= set(REASONS)


def test_no_message_quotes_an_article() -> None:
    """Articles are stated with the requirement in the policy, since the law in force for the tender applies."""
    for text in (*REASONS.values(), *FLIPS.values(), *STAFF_CODES.values()):
        assert not re.search(r"第.+条|令第|财库", text.zh)


def test_every_code_has_a_case() -> None:
    tables = (*CASES.glob("*.yaml"), CASES.parent / "test_requirements_as_data.py")
    said = "\n".join(file.read_text("utf-8") for file in tables)
    assert not [code for code in (*REASONS, *STAFF_CODES) if not re.search(rf"\b{code}\b", said)]


def test_every_reason_that_a_rule_gives_has_a_message() -> None:
    text = "\n".join(inspect.getsource(module) for module in MODULES)
    given = set(re.findall(r'Outcome\.(?:NOT_MET|UNDETERMINED),\s*"([a-z_]+)"', text))
    assert given
    assert given <= set(REASONS)


def explained(case: dict[str, Any], requirement: str) -> tuple[Text, Text]:
    screening, _, _ = screened(case)
    response = next(one for one in screening.responses if one.requirement.id == requirement)
    flip = next(one for one in what_would_flip(screening) if one.requirement == requirement)
    return reason_text(response.findings[0], response), flip.change


def test_what_is_held_against_a_bidder_names_its_article() -> None:
    reason, flip = explained({"dossier": {"organization.registration.kind": "filed"}}, "registration_authority")
    assert reason.zh.startswith("仅为备案，不是登记（依据：")
    assert "民办非企业单位登记管理暂行条例 第五条" in reason.zh
    assert "民办非企业单位登记管理暂行条例 第五条" in reason.en
    assert "县级以上民政部门" in flip.zh


def test_a_policy_without_articles() -> None:
    case = {"rules": {"requirements.1.legalBasis": []}, "dossier": {"organization.registration.kind": "filed"}}
    assert explained(case, "registration_authority")[0].zh == "仅为备案，不是登记"


def test_how_many_persons_are_lacking() -> None:
    reason, flip = explained({"roster": [{}] * 5}, "full_time_staff")
    assert "可计入5名，存疑0名，合计仍少于要求的8名" in reason.zh
    assert flip.zh.startswith("另有3名人员可计入")
    assert flip.en.startswith("3 more countable persons")


def test_a_reason_without_a_flip_of_its_own_asks_for_clarification() -> None:
    reason, flip = explained({"dossier": {"organization.registration.authority": None}}, "registration_authority")
    assert flip.zh == f"澄清或补正：{reason.zh}"
    assert flip.en == f"clarification or correction: {reason.en}"


def test_a_list_is_named_in_both_languages() -> None:
    reason, flip = explained({"lists": {"tax-serious": None}}, "credit_record")
    assert (reason.zh, reason.en) == (
        "未载入信用名单：重大税收违法失信主体名单",
        "credit list not loaded: Serious tax offenders",
    )
    assert "重大税收违法失信主体名单" in flip.zh


def test_a_contradiction_shows_both_values() -> None:
    reason, _ = explained({"documents": {"registration": {"name": "苏州市别的社"}}}, "professional_agency")
    assert NAME in reason.zh
    assert "苏州市别的社" in reason.zh


def test_a_contradicted_line_shows_both_values_and_masks_the_id() -> None:
    other = {"certificate 0": {"residentId": "<id 1970-01-01>", "level": "senior"}, "insurance 1": {"payer": "甲公司"}}
    screening, _, _ = screened({"documents": other})
    shown = {(one.field, one.declared, one.documented) for row in screening.staff for one in row.disagreements}
    assert shown == {
        ("residentId", "320508********0018", "320508********0011"),
        ("level", "assistant", "senior"),
        ("payer", NAME, "甲公司"),
    }


def test_months_shown_against_months_declared() -> None:
    screening, _, _ = screened({"documents": {"insurance 0": {"to": "2017-01"}}})
    (found,) = screening.staff[0].disagreements
    assert (found.field, found.declared, found.documented) == ("months", "2016-01/2017-05", "2016-01/2017-01")
    assert found.place is not None
    assert found.place.document == "insurance-0"


@pytest.mark.parametrize("change", [{"insurance 0": {"residentId": "<id 1970-01-01>"}}, {"insurance 0": None}])
def test_a_proof_that_names_somebody_else(change: dict[str, Any]) -> None:
    screening, _, _ = screened({"documents": change})
    (found,) = screening.staff[0].disagreements
    expected = "residentId" if change["insurance 0"] else "socialInsurance"
    assert found.field == expected


def test_documents_bear_the_answer_out() -> None:
    screening, _, _ = screened({"documents": {}})
    places = {one.requirement.id: [place.text for place in one.places] for one in screening.responses}
    assert places["professional_agency"] == [NAME]
    assert places["registration_authority"] == [CODE, "苏州市姑苏区民政局"]
    assert places["registration_valid"] == ["2015-03-01", "2019-02-28"]
    assert places["full_time_staff"] == []


def test_presets_have_a_message_for_each_of_their_checks() -> None:
    for name in ("suzhou-2017", "suzhou-current"):
        assert all(one.title.zh and one.title.en for one in policy(name).requirements)
    assert yaml.safe_load((CASES / "credit.yaml").read_text("utf-8"))
