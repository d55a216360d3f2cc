"""Policies are data: presets load, each figure has an effect, and an error states its place and the expectation."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.facts.outcome import Outcome
from app.core.facts.policy import Check, ListNature
from app.examination.screening.result import Named, result_line
from app.tendering.policies.loader import (
    PolicyInvalid,
    find_policy,
    policy_of,
    preset,
    preset_text,
    presets,
    read_policy,
)
from tests.making.screening_input import POLICIES, policy, put, screened

# Orders and laws that came after May 2017 (DOMAIN 2, 3): none of them may be quoted in the tender of that month.
YOUNGER = (
    "87号",
    "第60号",
    "民法典",
    "财库〔2017〕141号",
    "财库〔2019〕",
    "财库〔2020〕",
    "财库〔2021〕",
    "财库〔2022〕",
    "财库〔2023〕",
    "财库〔2024〕",
    "财政部令第94号",
    "财政部令第102号",
    "财政部令第110号",
    "social-serious",
    "social-abnormal",
)


AS_DATA = {Check.STAFF, Check.DOCUMENT, Check.FIGURE, Check.ANY_OF}  # of custom policies


SUZHOU = ["suzhou-2017", "suzhou-current"]


def test_the_presets() -> None:
    assert presets() == ["elderly-care", "general-services", *SUZHOU]
    for name in SUZHOU:
        assert preset(name).id == name
        assert find_policy(name) is preset(name)
        assert len(preset(name).requirements) == 10
        assert {one.check for one in preset(name).requirements} == set(Check) - AS_DATA


def test_the_lists_of_then_and_now() -> None:
    then = ["court-dishonest", "tax-serious", "procurement-serious"]
    assert [one.name for one in preset("suzhou-2017").credit.lists] == then
    now = preset("suzhou-current").credit.lists
    assert [one.name for one in now] == [*then, "social-serious", "social-abnormal"]
    assert [one.nature for one in now] == [*[ListNature.BARRING] * 4, ListNature.WARNING]


@pytest.mark.parametrize("later", YOUNGER)
def test_2017_quotes_nothing_younger_than_itself(later: str) -> None:
    lines = preset_text("suzhou-2017").decode().splitlines()
    assert not [line for line in lines if later in line.partition("#")[0]]


def test_no_message_of_2017_quotes_anything_younger() -> None:
    case = {
        "policy": "suzhou-2017",
        "roster": [{"employment": "intern"}],
        "lists": {"court-dishonest": {"entries": [{"uscc": "<code 52320508>"}]}},
        "dossier": {
            "organization.registration.kind": "filed",
            "organization.registration.validTo": "2016-01-01",
            "organization.registration.personality": "individual",
            "auditReports": [{"year": 2016, "opinion": "adverse"}],
            "declarations": [],
        },
    }
    screening, facts, rules = screened(case)
    assert sum(one.outcome is Outcome.NOT_MET for one in screening.responses) == 6
    line = result_line(Named("d", None, None), screening, facts, rules, "0").decode()
    assert not [later for later in YOUNGER if later in line]


def test_every_requirement_rests_on_an_article() -> None:
    for name in presets():
        assert all(one.legal_basis for one in preset(name).requirements)
        assert all(one.legal_basis for one in preset(name).credit.lists)


def test_the_hash_is_that_of_the_document() -> None:
    data = yaml.safe_load(preset_text("suzhou-current"))
    assert policy_of(copy.deepcopy(data), "x").sha256 == preset("suzhou-current").sha256
    put(data, "staff.retirementAge", 61)
    assert policy_of(data, "x").sha256 != preset("suzhou-current").sha256


def test_a_policy_in_a_file() -> None:
    third = find_policy(str(POLICIES / "third.yaml"))
    assert (third.id, third.version, third.tender) == ("third", "2", {})


# Each figure of a policy, varied both ways: the same bidder, another result. A figure hard-coded in the rules would
# fail.
DOUBT = Outcome.UNDETERMINED
FIGURES: list[tuple[str, Any, dict[str, Any], dict[str, Outcome]]] = [
    ("requirements.4.minimum", 9, {}, {"full_time_staff": Outcome.NOT_MET}),
    ("requirements.4.minimum", 7, {"roster": [{}] * 7}, {"full_time_staff": Outcome.MET}),
    ("requirements.5.minimum", 5, {}, {"social_workers": Outcome.NOT_MET}),
    ("requirements.5.minimum", 3, {"roster": [{}] * 3}, {"social_workers": Outcome.MET}),
    (
        "staff.insuranceMonths",
        17,
        {"roster": [{"contractFrom": "2010-01-01"}] * 8},
        {"full_time_staff": Outcome.NOT_MET},
    ),
    (
        "staff.insuranceMonths",
        1,
        {"roster": [{"socialInsurance.from": "2017-04"}] * 8},
        {"full_time_staff": Outcome.MET},
    ),
    ("staff.retirementAge", 40, {"roster": [{"residentId": "<id 1970-01-01 %d>"}] * 8}, {"full_time_staff": DOUBT}),
    (
        "staff.retirementAge",
        90,
        {"roster": [{"residentId": "<id 1940-01-01 %d>"}] * 8},
        {"full_time_staff": Outcome.MET},
    ),
    (
        "staff.minimumAge",
        30,
        {"roster": [{"residentId": "<id 1990-01-01 %d>"}] * 8},
        {"full_time_staff": Outcome.NOT_MET},
    ),
    ("staff.minimumAge", 14, {"roster": [{"residentId": "<id 2002-01-01 %d>"}] * 8}, {"full_time_staff": Outcome.MET}),
    ("staff.socialWorkerLevels", ["senior"], {}, {"social_workers": Outcome.NOT_MET}),
    (
        "staff.socialWorkerLevels",
        ["local"],
        {"roster": [{"certificates.0.level": "local"}] * 8},
        {"social_workers": Outcome.MET},
    ),
    ("staff.rehiredCounts", True, {"roster": [{"employment": "rehired"}] * 8}, {"full_time_staff": Outcome.MET}),
    ("credit.maxAgeDays", 0, {"lists": {"tax-serious": {"retrieved": "2017-05-30"}}}, {"credit_record": DOUBT}),
    ("credit.maxAgeDays", 90, {"lists": {"tax-serious": {"retrieved": "2017-03-05"}}}, {"credit_record": Outcome.MET}),
    (
        "credit.lists.0.nature",
        "warning",
        {"lists": {"court-dishonest": {"entries": [{"uscc": "<code 52320508>"}]}}},
        {"credit_record": DOUBT},
    ),  # type: ignore[dict-item]
    ("registration.department", "9", {}, {"registration_authority": Outcome.NOT_MET}),
    ("registration.kinds", ["51"], {}, {"registration_authority": DOUBT}),
    ("registration.agencyKeywords", ["养老"], {}, {"professional_agency": DOUBT}),
]


@pytest.mark.parametrize(("path", "value", "case", "expected"), FIGURES)
def test_each_figure_decides(path: str, value: Any, case: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    people = [{key: _numbered(one, n) for key, one in line.items()} for n, line in enumerate(case.get("roster", ()), 1)]
    own = {**case, "roster": people} if people else dict(case)
    found = {
        rules: {one.requirement.id: one.outcome for one in screened({**own, "rules": changed})[0].responses}
        for rules, changed in (("own", {path: value}), ("preset", {}))
    }
    for requirement, outcome in expected.items():
        assert found["own"][requirement] is outcome
        assert found["preset"][requirement] is not found["own"][requirement]


def _numbered(value: Any, number: int) -> Any:
    return value.replace("%d", str(number)) if isinstance(value, str) else value


ERRORS: list[tuple[str, Any, str, str]] = [
    ("staff.retirementAge", 200, "/staff/retirementAge", "less than or equal to 100"),
    ("staff.retirementAge", "60", "/staff/retirementAge", "integer"),
    ("staff.insuranceMonths", 0, "/staff/insuranceMonths", "greater than or equal to 1"),
    ("staff.socialWorkerLevels", ["master"], "/staff/socialWorkerLevels/0", "assistant"),
    ("staff.overtime", 3, "/staff/overtime", "not permitted"),
    ("requirements.4.minimum", None, "/requirements/4", "`minimum` is needed for headcounts"),
    ("requirements.0.minimum", 3, "/requirements/0", "only there"),
    ("requirements.7.declaration", None, "/requirements/7", "`declaration` is needed"),
    ("requirements.0.id", "something_else", "/requirements/0", "`check` is needed"),
    ("requirements.1.id", "professional_agency", "", "id of its own"),
    ("requirements.0.weight", 0, "/requirements/0/weight", "greater than 0"),
    ("requirements.0.weight", float("nan"), "/requirements/0/weight", "finite"),
    ("requirements", [], "/requirements", "at least 1"),
    ("credit.lists.1.name", "court-dishonest", "", "named once"),
    ("credit.lists.0.nature", "fatal", "/credit/lists/0/nature", "barring"),
    ("credit.cutOff", "2017-02-30", "/credit/cutOff", "date"),
    ("divisions.0.code", "32050", "/divisions/0/code", "pattern"),
    ("registration.department", "55", "/registration/department", "pattern"),
    ("tender.lots.1.id", "lot-1", "/tender", "id of its own"),
    ("tender.award.lotOrder", ["lot-77"], "/tender", "only lots of the tender"),
    ("tender.ceiling", "-1", "/tender/ceiling", "greater than 0"),
    ("title", {"zh": "中文", "en": "English", "fr": "français"}, "/title/fr", "not permitted"),
    ("title.zh", "", "/title/zh", "at least 1 character"),
    ("credit.lists", [], "", "at least one list"),
    ("registration.agencyKeywords", [], "", "`registration.agencyKeywords` is needed"),
    ("registration.registrars", ["civil_affairs"], "/registration", "either `registrars`"),
    ("id", "Suzhou 2017", "/id", "pattern"),
]


@pytest.mark.parametrize(("path", "value", "pointer", "expected"), ERRORS)
def test_an_error_says_where_and_what_was_expected(path: str, value: Any, pointer: str, expected: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        policy(changes={path: value})
    assert [(where, expected in what) for where, what in caught.value.errors] == [(pointer, True)]
    assert str(caught.value).startswith(f"policy suzhou-current: {pointer or '/'}: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "object|dictionary"),
        (b"[]", "object|dictionary"),
        (b"id: [", "well-formed YAML"),
        (b"a: &x [*x]", "required|permitted|well-formed"),
        (b"\xff\xfe\x00", "well-formed YAML"),
        (b"!!python/object/apply:os.system [ls]", "well-formed YAML"),
        (b"2017-02-30", "well-formed YAML"),
        (b"{1: 2}", "plain values|text keys|required|strings|permitted"),
        (b"x" * (1024 * 1024 + 1), "at most 1 MiB"),
        (b"[" * 50_000, "nested at most"),
        (b"id: a\nstaff: {insuranceMonths: 3,\n  insuranceMonths: 6}", "each key once (line 3, column 3)"),
        (b"lists: [{name: a}, {name: a}]", "required"),
    ],
)
def test_what_is_no_policy_at_all(text: bytes, expected: str) -> None:
    with pytest.raises(PolicyInvalid) as caught:
        read_policy(text, "x")
    message = str(caught.value)
    assert any(word in message for word in expected.split("|")), message


@pytest.mark.parametrize("name", ["suzhou-1999", "no/such/file.yaml", "."])
def test_neither_preset_nor_file(name: str) -> None:
    with pytest.raises(PolicyInvalid, match=r"one of elderly-care, .*, suzhou-current, or a file"):
        find_policy(name)


def test_the_plan_of_the_tender_agrees_with_its_budget() -> None:
    for name in SUZHOU:
        plan: Any = preset(name).tender
        assert len(plan["lots"]) == 9
        assert sum(float(lot["value"]) for lot in plan["lots"]) == float(plan["fund"]["lots"]) == 9_000_000
        assert plan["ceiling"] == "1000000.00"
        assert Path(f"{name}.yaml").suffix == ".yaml"
