"""Requirements that a policy adds as data: headcounts by column and certificate, documents, figures, alternatives, registrars."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.eligibility.explain import reason_text, what_would_flip
from app.core.eligibility.messages import REASONS
from app.core.eligibility.screening import Assurance, Facts, RequirementResponse, screen
from app.core.facts.dossier import LegalForm
from app.core.facts.outcome import Outcome
from app.core.facts.policy import CertificateRule, Check, FigureRule, Registrar, Requirement, StaffRule
from app.core.values.text import Text
from tests.making.screening_input import AS_OF, dossier, facts_of, line, policy

TITLE = Text("条件", "condition")
MET, NOT_MET, OPEN = Outcome.MET, Outcome.NOT_MET, Outcome.UNDETERMINED


def answered(requirement: Requirement, data: Any, assurance: Assurance = Assurance.DECLARED) -> RequirementResponse:
    """Return the response to one requirement, for a dossier on the wire."""
    rules = replace(policy(), requirements=(requirement,))
    screening = screen(Facts(facts_of(data), AS_OF, assurance), rules)
    (response,) = screening.responses
    for found in response.findings:
        assert reason_text(found, response).zh and reason_text(found, response).en
    assert all(flip.change.zh and flip.change.en for flip in what_would_flip(screening))
    return response


def codes(response: RequirementResponse) -> set[str]:
    return {found.code for found in response.findings}


NURSE = {"kind": "nurse", "level": "registered", "number": "N1", "approvedOn": "2010-01-01", "validTo": "2018-01-01"}


def nurse(person: int, position: str | None = "护士", *, of_line: Any = (), **certificate: Any) -> dict[str, Any]:
    held = {**NURSE, "number": f"N{person}", **certificate}
    return line(person, position=position, certificates=[held], **dict(of_line))


def nurses(**changes: Any) -> Requirement:
    rule = StaffRule(
        "position", ("护士", "护师"), CertificateRule("nurse", frozenset({"registered"}), must_be_valid=True)
    )
    return Requirement("nurses", Check.STAFF, TITLE, ("养老机构管理办法",), minimum=2, staff=replace(rule, **changes))


@pytest.mark.parametrize(
    ("second", "outcome", "counted"),
    [
        (nurse(2), MET, (2, 0)),
        (nurse(2, "主管护师"), MET, (2, 0)),
        (nurse(2, "社工"), NOT_MET, (1, 0)),
        (nurse(2, None), OPEN, (1, 1)),
        (nurse(2, of_line={"unread": ["position"]}), OPEN, (1, 1)),
        (nurse(2, kind="physician"), NOT_MET, (1, 0)),
        (nurse(2, kind=None, level=None), OPEN, (1, 1)),
        (nurse(2, level="assistant_nurse"), NOT_MET, (1, 0)),
        (nurse(2, level=None), OPEN, (1, 1)),
        (nurse(2, number=None), OPEN, (1, 1)),
        (nurse(2, validTo="2017-05-30"), NOT_MET, (1, 0)),
        (nurse(2, validTo="2017-05-31"), MET, (2, 0)),
        (nurse(2, validTo=None), OPEN, (1, 1)),
        (nurse(2, approvedOn="2017-06-01"), NOT_MET, (1, 0)),
        (nurse(2, of_line={"employment": "part_time"}), NOT_MET, (1, 0)),
        (nurse(2, of_line={"employment": None}), OPEN, (1, 1)),
        (line(2, position="护士", certificates=[]), NOT_MET, (1, 0)),
        (line(2, position="护士", certificates=[], unread=["certificates"]), OPEN, (1, 1)),
        (nurse(1), NOT_MET, (1, 0)),
    ],
)
def test_a_headcount_by_column_and_certificate(second: Any, outcome: Outcome, counted: tuple[int, int]) -> None:
    response = answered(nurses(), dossier() | {"roster": [nurse(1), second]})
    assert response.count is not None
    assert (response.outcome, (response.count.countable, response.count.doubtful)) == (outcome, counted)
    assert (response.outcome is MET) == (not response.findings)


def test_the_same_person_on_two_lines_counts_once_with_all_its_certificates() -> None:
    bare = line(2, position="护士", certificates=[])
    twice = [nurse(1), bare, nurse(2, "护士")]
    assert answered(nurses(), dossier() | {"roster": twice}).outcome is MET
    assert answered(nurses(), dossier() | {"roster": [bare, nurse(2)]}).outcome is NOT_MET


def test_a_further_column_of_the_roster() -> None:
    requirement = nurses(column="职业资格", words=("养老护理员",), certificate=None)
    people = [line(n, columns={"职业资格": "养老护理员（中级）"}, certificates=[]) for n in (1, 2)]
    assert answered(requirement, dossier() | {"roster": people}).outcome is MET
    assert answered(requirement, dossier() | {"roster": [*people[:1], line(2)]}).outcome is OPEN


def test_certificates_that_no_reader_extracts_need_review_under_documented() -> None:
    people = dossier() | {"roster": [nurse(1), nurse(2)]}
    assert answered(nurses(), people, Assurance.DOCUMENTED).outcome is OPEN


def test_a_roster_that_was_read_in_part_may_list_more() -> None:
    part = dossier() | {"roster": [nurse(1)], "rosterIncomplete": ["sheet_not_read"]}
    assert codes(answered(nurses(), part)) == {"roster_incomplete"}
    assert answered(nurses(), part | {"roster": [nurse(1), nurse(2)]}).outcome is MET


LICENCE = CertificateRule("elderly_care_record", frozenset({"a", "b"}), must_be_valid=True)


@pytest.mark.parametrize(
    ("documents", "outcome", "found"),
    [
        ([], OPEN, {"submission_missing"}),
        ([{"kind": "other", "level": "a", "validTo": "2030-01-01"}], OPEN, {"submission_missing"}),
        ([{"level": "a", "validTo": "2017-05-31"}], MET, set()),
        ([{"level": "a", "validTo": "2017-05-30"}], NOT_MET, {"submission_expired"}),
        ([{"level": "a", "validTo": "2017-05-30"}, {"level": "b", "validTo": "2018-01-01"}], MET, set()),
        ([{"level": "c", "validTo": "2018-01-01"}], NOT_MET, {"submission_level_differs"}),
        ([{"validTo": "2018-01-01"}], OPEN, {"submission_level_missing"}),
        ([{"level": "a"}], OPEN, {"submission_end_missing"}),
        ([{"level": "a", "validFrom": "2017-06-01", "validTo": "2018-01-01"}], NOT_MET, {"submission_not_begun"}),
        ([{"level": "c"}, {"level": "a"}], OPEN, {"submission_end_missing"}),
    ],
)
def test_a_document_of_a_kind(documents: Any, outcome: Outcome, found: set[str]) -> None:
    requirement = Requirement("licence", Check.DOCUMENT, TITLE, (), document=LICENCE)
    data = dossier() | {"documents": [{"kind": LICENCE.kind, **one} for one in documents]}
    response = answered(requirement, data)
    assert (response.outcome, codes(response)) == (outcome, found)
    reviewed = answered(requirement, data, Assurance.DOCUMENTED)
    assert codes(reviewed) == (found or {"not_documented"})


def test_a_document_of_any_level_and_validity() -> None:
    requirement = Requirement("licence", Check.DOCUMENT, TITLE, (), document=CertificateRule("food_licence"))
    assert answered(requirement, dossier() | {"documents": [{"kind": "food_licence"}]}).outcome is MET


TURNOVER = FigureRule("turnover", minimum=Decimal("500000"), unit="CNY", years=2, max_age_years=3)


def stated(*figures: tuple[int | None, str | None]) -> Any:
    return [{"kind": "turnover", "year": year, "value": value, "unit": "CNY"} for year, value in figures]


@pytest.mark.parametrize(
    ("figures", "outcome", "found"),
    [
        ([], OPEN, {"figure_missing"}),
        (stated((2016, "500000.00"), (2015, "600000")), MET, set()),
        (stated((2016, "499999.99"), (2015, "600000")), NOT_MET, {"figure_too_low"}),
        (stated((2016, "500000"), (2015, "600000"), (2014, "1")), MET, set()),
        (stated((2016, "500000")), OPEN, {"figure_years_missing"}),
        (stated((2016, None), (2015, "600000")), OPEN, {"figure_missing"}),
        (stated((2016, "500000"), (2013, "600000")), OPEN, {"figure_years_missing"}),
        (stated((2018, "900000"), (2016, "500000"), (2015, "600000")), MET, set()),
        (stated((2016, "500000"), (2015, "9000000")), NOT_MET, {"figure_too_high"}),
        (stated((2016, "500000"), (2015, "600000"), (None, "1")), NOT_MET, {"figure_too_low"}),
        ([{"kind": "turnover", "year": 2016, "value": "900000", "unit": "万元"}], OPEN, {"figure_unit_differs"} | {"figure_years_missing"}),
    ],
)  # fmt: skip
def test_a_stated_figure(figures: Any, outcome: Outcome, found: set[str]) -> None:
    requirement = Requirement("turnover", Check.FIGURE, TITLE, (), figure=replace(TURNOVER, maximum=Decimal(1_000_000)))
    response = answered(requirement, dossier() | {"figures": figures})
    assert (response.outcome, codes(response)) == (outcome, found)


@pytest.mark.parametrize(
    ("registered", "bounds", "outcome"),
    [
        ("2014-05-31", {"minimum": Decimal(3)}, MET),
        ("2014-06-01", {"minimum": Decimal(3)}, NOT_MET),
        (None, {"minimum": Decimal(3)}, OPEN),
        ("2017-06-01", {"minimum": Decimal(1)}, NOT_MET),
        ("2010-01-01", {"maximum": Decimal(5)}, NOT_MET),
        ("2010-01-01", {"maximum": Decimal(10)}, MET),
    ],
)
def test_years_since_registration(registered: str | None, bounds: Any, outcome: Outcome) -> None:
    requirement = Requirement("years", Check.FIGURE, TITLE, (), figure=FigureRule("years_since_registration", **bounds))
    data = dossier(changes={"organization.registration.registeredOn": registered})
    assert answered(requirement, data).outcome is outcome


def any_of(*checks: Requirement) -> Requirement:
    return Requirement("either", Check.ANY_OF, TITLE, (), alternatives=checks)


def test_one_alternative_is_enough() -> None:
    licence = Requirement("licence", Check.DOCUMENT, TITLE, (), document=LICENCE)
    turnover = Requirement("turnover", Check.FIGURE, TITLE, (), figure=replace(TURNOVER, years=1))
    either = any_of(licence, turnover)
    rich = {"figures": stated((2016, "900000"))}
    poor = {"figures": stated((2016, "1"))}
    assert answered(either, dossier() | rich).outcome is MET
    response = answered(either, dossier() | poor)
    assert (response.outcome, codes(response)) == (OPEN, {"submission_missing", "figure_too_low"})
    expired = {"documents": [{"kind": LICENCE.kind, "level": "a", "validTo": "2016-01-01"}]}
    response = answered(either, dossier() | poor | expired)
    assert (response.outcome, codes(response)) == (NOT_MET, {"submission_expired", "figure_too_low"})


CIVIL = policy().registration.registrars[0]
MARKET = Registrar("9", ("91", "92", "93"), ("市场监督管理局", "工商行政管理局"), ("国家市场监督管理总局",))


@pytest.mark.parametrize(
    ("changes", "outcome", "found"),
    [
        ({}, MET, set()),
        ({"code": "91320508", "authority": "苏州市姑苏区市场监督管理局"}, MET, set()),
        ({"code": "91320508", "authority": "苏州市相城区市场监督管理局"}, OPEN, {"authority_and_code_disagree"}),
        ({"code": "91320508", "authority": "苏州市姑苏区民政局"}, OPEN, {"authority_and_code_disagree"}),
        ({"code": "52320508", "authority": "苏州市姑苏区市场监督管理局"}, OPEN, {"authority_and_code_disagree"}),
        ({"code": "91100000", "authority": "国家市场监督管理总局"}, MET, set()),
        ({"code": "91320508", "authority": "国家市场监督管理总局"}, OPEN, {"authority_and_code_disagree"}),
        ({"code": "99320508", "authority": "市场监督管理局"}, OPEN, {"code_of_other_kind"}),
        ({"code": "12320508", "authority": "市场监督管理局"}, NOT_MET, {"code_of_other_department"}),
    ],
)
def test_several_registration_departments(changes: dict[str, str], outcome: Outcome, found: set[str]) -> None:
    rules = policy()
    requirement = next(one for one in rules.requirements if one.check is Check.REGISTRATION_AUTHORITY)
    both = replace(rules.registration, registrars=(CIVIL, MARKET))
    own = {}
    if changes:
        own = {
            "organization.identifier.id": f"<code {changes['code']}>",
            "organization.registration.authority": changes["authority"],
        }
    facts = Facts(facts_of(dossier(changes=own)), AS_OF)
    (response,) = screen(facts, replace(rules, registration=both, requirements=(requirement,))).responses
    assert (response.outcome, codes(response)) == (outcome, found)


def test_a_company_is_a_legal_person_where_the_policy_says_so() -> None:
    rules = policy()
    requirement = next(one for one in rules.requirements if one.check is Check.LEGAL_PERSON)
    company = {"organization.registration.legalForm": "company", "organization.registration.personality": None}
    facts = Facts(facts_of(dossier(changes=company)), AS_OF)
    by_statute = replace(rules.registration, statutory_persons=frozenset({LegalForm.COMPANY}))
    asked = replace(rules, requirements=(requirement,))
    assert screen(facts, asked).responses[0].outcome is OPEN
    assert screen(facts, replace(asked, registration=by_statute)).responses[0].outcome is MET


def test_every_message_of_these_requirements_exists() -> None:
    assert {"roster_incomplete", "submission_missing", "figure_missing", "not_documented"} <= set(REASONS)
    assert date(2017, 5, 31) == AS_OF
