"""Policies without code: in one language, beyond the ten requirements, checked with line and pointer."""

import json

import jsonschema
import pytest
import yaml

from app.core.facts.policy import Check
from app.platform.access.roles import Role
from app.tendering.policies.explanation import RULES, explain
from app.tendering.policies.json_schema import policy_schema
from app.tendering.policies.loader import PolicyInvalid, policy_of, preset, preset_text, presets
from app.tendering.policies.positions import Position, position

SHORT = """
id: short
version: "1"
title: 物业服务
law: 财政部令第87号
inForce: {from: 2021-01-01}
requirements:
  - {id: guards, title: 保安员不少于3名, minimum: 3, staff: {certificate: {kind: security_guard}}}
  - {id: premises, title: {en: Premises}, figure: {name: premises_area, minimum: 200, unit: 平方米}}
registration: {registrars: [market_supervision]}
"""


def short(**changes):
    return {**yaml.safe_load(SHORT), **changes}


def test_a_policy_of_ten_lines_is_whole():
    policy = policy_of(short(), "short")
    assert [one.check for one in policy.requirements] == [Check.STAFF, Check.FIGURE]
    assert (policy.title.zh, policy.title.en) == ("物业服务", "物业服务")
    assert policy.requirements[1].title.zh == "Premises"
    assert (policy.staff.insurance_months, policy.credit.lists, dict(policy.tender)) == (3, (), {})


@pytest.mark.parametrize("name", presets())
def test_presets_hold_to_the_published_schema(name):
    document = json.loads(json.dumps(yaml.safe_load(preset_text(name)), default=str))
    jsonschema.Draft202012Validator(policy_schema()).validate(document)


@pytest.mark.parametrize(
    ("requirement", "pointer", "expected"),
    [
        ({"staff": {"column": "岗位"}, "minimum": 1}, "/requirements/0/staff", "`column` and `contains`"),
        ({"staff": {}, "minimum": 1}, "/requirements/0/staff", "or both are expected"),
        ({"staff": {"certificate": {"kind": "nurse"}}}, "/requirements/0", "`minimum` is needed"),
        ({"figure": {"name": "turnover"}}, "/requirements/0/figure", "`minimum`, `maximum`"),
        ({"figure": {"name": "turnover", "minimum": 5, "maximum": 4}}, "/requirements/0/figure", "no greater than"),
        (
            {"document": {"kind": "licence"}, "figure": {"name": "a", "minimum": 1}},
            "/requirements/0",
            "`check` is needed",
        ),
        ({"check": "document"}, "/requirements/0", "`document` is needed"),
        ({"anyOf": [{"id": "a", "title": "甲", "declaration": "a"}]}, "/requirements/0/anyOf", "at least 2"),
        ({"anyOf": [{"id": "a", "title": "甲", "declaration": "a"}] * 2}, "", "id of its own"),
    ],
)
def test_a_requirement_that_says_too_little_is_refused(requirement, pointer, expected):
    with pytest.raises(PolicyInvalid) as caught:
        policy_of(short(requirements=[{"id": "own", "title": "条件", **requirement}]), "short")
    assert [(at, expected in what) for at, what in caught.value.errors] == [(pointer, True)]


def test_a_registrar_of_ones_own_and_one_that_is_unknown():
    own = {"department": "2", "kinds": ["21"], "authorities": ["外交部门"]}
    assert policy_of(short(registration={"registrars": [own, "civil_affairs"]}), "short").registration.registrars[
        0
    ].kinds == ("21",)
    with pytest.raises(PolicyInvalid) as caught:
        policy_of(short(registration={"registrars": ["taxes"]}), "short")
    assert {at for at, _ in caught.value.errors} == {"/registration/registrars/0"}


def test_errors_have_line_and_column():
    assert position(SHORT.encode(), "/requirements/1/figure/minimum") == Position(9, 73)
    assert position(SHORT.encode(), "/registration/registrars/0").line == 10
    assert position(SHORT.encode(), "/stuff").line == 2  # the nearest part above it
    assert position(b"a: [", "/a") is None


@pytest.mark.parametrize("name", presets())
def test_every_requirement_of_a_preset_is_explained(name):
    for one in explain(preset(name)):
        for text in (one.title, *one.asks, one.rule.evidence, one.rule.met, one.rule.not_met, one.rule.undetermined):
            assert text.zh and text.en
    assert set(RULES) == set(Check)


def test_schema_and_explanation_are_answered(client):
    bidder = client.as_(Role.BIDDER)
    assert bidder.get("/api/v1/policies/schema").json() == policy_schema()
    shown = bidder.get("/api/v1/policies/general-services").json()
    finances = next(one for one in shown["requirements"] if one["id"] == "sound_finances")
    assert [one["check"] for one in finances["alternatives"]] == ["financial_accounting", "document"]


def test_a_tender_from_a_policy_without_fund_and_service_plan(client):
    officer = client.as_(Role.OFFICER)
    made = officer.post("/api/v1/tenders", json={"policy": "elderly-care"})
    assert made.status_code == 201, made.text
    tender = made.json()
    assert (tender["fund"], tender["parties"], tender["award"]["lotOrder"]) == (None, None, ["lot-1"])
    own = officer.post("/api/v1/tenders", json={"policy": "general-services", "title": "物业"})
    assert {one["pointer"] for one in own.json()["errors"]} == {"/ceiling", "/lots", "/scheme"}
    plan = officer.post(f"/api/v1/tenders/{tender['id']}/service-plan-checks", json={"communities": []})
    assert (plan.status_code, plan.json()["code"]) == (409, "no_plan_rules")
