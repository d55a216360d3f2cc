"""Every code of the API has a Chinese and an English label."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import app
from app.administration.labels.words import FAMILIES
from app.core.eligibility.messages import REASONS
from app.core.integrity.signals import SIGNALS
from app.platform.access.roles import Role
from app.platform.problems import all_problems
from app.platform.web.problem_titles import ZH, prefers_chinese

pytestmark = pytest.mark.sqlite_only
# Not used as codes on the wire: columns of a roster file, price statements, parts of a dossier, options of commands.
INTERNAL = {"Stated", "PartKind", "Feature", "Kind"}


def modules():
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def enumerations():
    found = {kind for module in modules() for kind in vars(module).values() if isinstance(kind, type)}
    for kind in found:
        where = kind.__module__
        if issubclass(kind, StrEnum) and where.startswith("app.core.") and kind.__name__ not in INTERNAL:
            yield kind


def test_every_enumeration_of_the_core_has_a_family():
    labelled = [set(codes) for codes in FAMILIES.values()]
    missing = [
        kind.__qualname__
        for kind in enumerations()
        if not any({one.value for one in kind} <= codes for codes in labelled)
    ]
    assert missing == []


def test_every_problem_has_a_chinese_title():
    list(modules())
    codes = {one.code for one in all_problems() if one.__module__.startswith("app.") and isinstance(one.code, str)}
    assert codes - set(ZH) == set()


def test_every_label_has_both_languages(client):
    families = client.as_(Role.BIDDER).get("/api/v1/labels").json()["families"]
    for family, codes in families.items():
        assert codes, family
        for code, label in codes.items():
            assert label["zh"] and label["en"], (family, code)
    assert set(families["reason"]) == set(REASONS)
    assert set(families["lead"]) == set(SIGNALS)
    assert families["tenderState"]["active.evaluation"] == {"zh": "评标中", "en": "evaluation"}
    assert families["problem"]["not_found"] == {"zh": "资源不存在", "en": "Resource not found"}


def test_the_openapi_document_carries_the_labels(client):
    officer = client.as_(Role.OFFICER)
    document = officer.get("/api/v1/openapi.json").json()
    assert document["x-labels"] == officer.get("/api/v1/labels").json()["families"]


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "资源不存在"),
        ("en-GB,zh;q=0.5", "Resource not found"),
        ("", "Resource not found"),
        ("fr", "Resource not found"),
    ],
)
def test_a_problem_speaks_the_language_of_the_client(client, header, title):
    answer = client.as_(Role.OFFICER).get("/api/v1/tenders/none", headers={"Accept-Language": header})
    assert (answer.json()["code"], answer.json()["title"]) in {("not_found", title), ("invalid_input", _invalid(title))}
    assert answer.headers["content-language"] == ("zh-CN" if title == "资源不存在" else "en")
    assert answer.headers["vary"] == "Accept-Language"


def _invalid(title):
    return "输入无效" if title == "资源不存在" else "Invalid input"


def test_an_unauthenticated_problem_is_translated_too(client):
    answer = client.anonymous.get("/api/v1/tenders", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["title"]) == (401, "需要身份验证")


@pytest.mark.parametrize(
    ("header", "chinese"),
    [("zh;q=0", False), ("en,zh", False), ("zh,en", True), ("zh;q=x", False), ("*", False), ("zh-Hant;q=0.1", True)],
)
def test_language_ranges_are_weighed(header, chinese):
    assert prefers_chinese(header) is chinese
