"""Bad input is answered with a problem: a code, a pointer, never the input, never a 500."""

import json
import re

import pytest
from sqlalchemy.exc import OperationalError

from app.core.awards.state import AWARD
from app.core.procedure.contract import CONTRACT
from app.core.procedure.qualification import BID, QUALIFICATION
from app.core.procedure.remedies import COMPLAINT, QUESTION
from app.core.procedure.review import REVIEW
from app.core.procedure.state_machine import Mover, Refusal, StepRefused
from app.core.procedure.tender_state import LOT, TENDER
from app.entrypoints import asgi
from app.entrypoints.features import ROUTERS
from app.platform.access import permissions
from app.platform.access.roles import Role
from app.platform.problems import Conflict, step_problem
from app.platform.unit_of_work import Work
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.schema import Input, Output
from app.platform.web.types import Amount, Day, Id, Instant, MonthText, Name, Score, Token
from app.platform.web.uploads import Upload

pytestmark = pytest.mark.sqlite_only
RESIDENT_ID = "110101199003070732"  # invented
router = Router(prefix="/for-tests")


class Inner(Input):
    amount: Amount


class Everything(Input):
    name: Name | None = None
    amount: Amount | None = None
    score: Score | None = None
    day: Day | None = None
    month: MonthText | None = None
    at: Instant | None = None
    token: Token | None = None
    lots: list[Inner] | None = None


class Echo(Output):
    amount: Amount | None
    score: Score | None
    day: Day | None
    at: Instant | None


@router.post("/everything")
def take_everything(body: Everything) -> Echo:
    return Echo(amount=body.amount, score=body.score, day=body.day, at=body.at)


@router.post("/upload")
def take_upload(file: Upload, work: Work) -> int:
    return work.files.put(file.file).size


@router.put("/versioned")
def change_versioned(if_match: IfMatch) -> str:
    require_match(if_match, 3)
    return etag(4)


@router.get("/failing")
def fail() -> None:
    raise RuntimeError(f"no trace outward, no {RESIDENT_ID} in a log")


@router.get("/busy")
def be_busy() -> None:
    raise OperationalError("SELECT", {}, Exception("database is locked"))


@router.get("/article")
def rest_on_an_article() -> None:
    class Frozen(Conflict):
        code, title, article = "conflict", "Frozen", "实施条例 第三十四条"

    raise Frozen(pointer="/lots/0")


@router.get("/things/{thing_id}")
def read_thing(thing_id: Id) -> str:
    return thing_id


@pytest.fixture
def officer(client):
    return client.as_(Role.OFFICER)


@pytest.fixture(autouse=True)
def with_routes(monkeypatch):
    monkeypatch.setattr(asgi, "ROUTERS", (*ROUTERS, router))
    for route in router.routes:
        monkeypatch.setitem(permissions.PERMISSIONS, route.name, permissions.may({Role.OFFICER}))


def post(officer, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    return officer.post("/api/v1/for-tests/everything", content=content, headers=headers)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"surprise": 1}, "/surprise"),
        ({"surprise/~": 1}, "/surprise~1~0"),
        ({RESIDENT_ID: 1}, "/110101********0732"),
        ({"\ud800": 1}, ""),
        ({"name": 7}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": "a\u0000b"}, "/name"),
        ({"name": "a\ud800b"}, "/name"),
        ({"name": RESIDENT_ID + "\u0000"}, "/name"),
        ({"amount": 980000}, "/amount"),
        ({"amount": 1e400}, "/amount"),
        ({"amount": "1e400"}, "/amount"),
        ({"amount": "1" + "0" * 400}, "/amount"),
        ({"amount": "NaN"}, "/amount"),
        ({"amount": "-1"}, "/amount"),
        ({"amount": "1.001"}, "/amount"),
        ({"amount": "１"}, "/amount"),
        ({"score": "Infinity"}, "/score"),
        ({"day": "2017-02-30"}, "/day"),
        ({"day": "0000-01-01"}, "/day"),
        ({"day": "2017-05-31T00:00:00"}, "/day"),
        ({"day": 1496188800}, "/day"),
        ({"month": "2017-13"}, "/month"),
        ({"at": "2017-05-31T09:30:00"}, "/at"),
        ({"at": "2199-12-31T23:59:59-25:00"}, "/at"),
        ({"at": 1496188800}, "/at"),
        ({"token": "中"}, "/token"),
        ({"lots": [{"amount": "1"}, {"amount": "x"}]}, "/lots/1/amount"),
        ([], ""),
        ("text", ""),
    ],
)
def test_bad_values_are_answered_with_their_pointer(officer, body, pointer):
    answer = post(officer, body)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert problem["pointer"] == pointer
    assert RESIDENT_ID not in answer.text


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", b"[" * 100_000, b'{"amount": ' + b"1" * 5000 + b"}", b'{"name": "\xed\xa0\x80"}', b"NaN"],
)
def test_what_cannot_be_read_is_no_fault_of_the_service(officer, content):
    answer = post(officer, content)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_good_values_come_back_as_they_are_meant(officer):
    sent = {"amount": "980000.5", "score": "92.50", "day": "2017-05-31", "at": "2017-05-31T09:30:00+08:00"}
    assert post(officer, sent).json() == {
        "amount": "980000.50",
        "score": "92.50",
        "day": "2017-05-31",
        "at": "2017-05-31T01:30:00Z",
    }


def test_many_errors_are_cut_off(officer):
    answer = post(officer, {f"unknown{number}": 1 for number in range(500)})
    assert len(answer.json()["errors"]) == 50


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_another_kind_of_content_is_not_read(officer, kind):
    answer = post(officer, b"<a/>", **{"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_an_upload_must_be_a_form(officer):
    answer = officer.post("/api/v1/for-tests/upload", json={})
    assert answer.status_code == 415
    assert officer.post("/api/v1/for-tests/upload", files={"other": b"x"}).json()["errors"][0]["pointer"] == "/file"
    assert officer.post("/api/v1/for-tests/upload", files={"file": b"12345"}).json() == 5


def test_ids_in_addresses_are_bounded(officer):
    for wrong in ("x", "a" * 5000, "ten_" + "u" * 26, "%00", "ten_%ED%A0%80"):
        answer = officer.get(f"/api/v1/for-tests/things/{wrong}")
        assert answer.status_code in (404, 422), wrong
        assert answer.headers["content-type"] == "application/problem+json"


def test_large_bodies_are_refused_before_they_are_read(client, officer):
    limit = client.platform.settings.max_body_bytes
    answer = post(officer, b" " * (limit + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    def pieces():  # no Content-Length: counted as it arrives
        for _ in range(limit // 65536 + 2):
            yield b" " * 65536

    answer = officer.post(
        "/api/v1/for-tests/everything", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_uploads_have_a_limit_of_their_own(client, officer):
    assert (
        officer.post(
            "/api/v1/for-tests/upload", files={"file": b"x" * (client.platform.settings.max_body_bytes + 1)}
        ).status_code
        == 200
    )
    over = client.platform.settings.max_upload_bytes + 1
    answer = officer.post(
        "/api/v1/for-tests/upload",
        content=b"x",
        headers={"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(over)},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/api/v1/audit", 405, "method_not_allowed"),
        ("GET", "/api/v1/for-tests/failing", 500, "internal"),
        ("GET", "/api/v1/for-tests/busy", 503, "busy"),
    ],
)
def test_every_error_is_a_problem(officer, method, path, status, code):
    answer = officer.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    assert RESIDENT_ID not in answer.text


def test_a_failure_is_logged_with_its_request_and_without_numbers(officer, capfd):
    answer = officer.get("/api/v1/for-tests/failing", headers={"X-Request-Id": "find-me"})
    assert answer.headers["x-request-id"] == "find-me"
    logged = capfd.readouterr()
    assert "find-me" in logged.out + logged.err


def test_a_problem_can_rest_on_an_article(officer):
    problem = officer.get("/api/v1/for-tests/article").json()
    assert problem["article"] == "实施条例 第三十四条"
    assert problem["pointer"] == "/lots/0"


@pytest.mark.parametrize(
    ("tag", "status"),
    [(None, 428), ('"2"', 412), ("3", 412), ("*", 412), ('"3"', 200), ('W/"3"', 200), ('"2", "3"', 200)],
)
def test_changes_need_the_version_that_was_read(officer, tag, status):
    headers = {"If-Match": tag} if tag else {}
    assert officer.put("/api/v1/for-tests/versioned", headers=headers).status_code == status


@pytest.mark.parametrize("given", ["ok.Name-1", "x" * 65, "a b", "é"])
def test_request_ids_are_taken_over_when_harmless(officer, given):
    answer = officer.get("/api/v1/nowhere", headers={"X-Request-Id": given.encode("latin-1")})
    assert (answer.headers["x-request-id"] == given) == bool(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given))


def test_security_headers_are_on_every_answer(client, officer):
    for answer in (
        client.anonymous.get("/api/v1/health"),
        client.anonymous.get("/x"),
        officer.get("/api/v1/for-tests/failing"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


STEP_CODES = [
    (TENDER, "state_forbids"),
    (LOT, "state_forbids"),
    (BID, "step_refused"),
    (QUALIFICATION, "qualification_decided"),
    (AWARD, "award_step"),
    (CONTRACT, "contract_step"),
    (QUESTION, "remedy_step"),
    (COMPLAINT, "remedy_step"),
    (REVIEW, "review_step"),
]


@pytest.mark.parametrize(("machine", "code"), STEP_CODES)
def test_a_refused_step_has_the_code_of_its_subject(machine, code):
    state = next(iter(machine.holds))
    with pytest.raises(StepRefused) as refused:
        machine.require(state, state, Mover.OFFICER)
    problem = step_problem(refused.value)
    assert (problem.code, problem.status) == (code, 409)
    assert problem.article == refused.value.article and problem.detail == refused.value.detail


def test_a_step_of_an_unnamed_subject_is_a_conflict():
    problem = step_problem(StepRefused("unnamed", Refusal("final_state", "第一条", "已结束", "ended")))
    assert (problem.code, problem.status) == ("conflict", 409)
