"""`POST /rankings/preview` gives the same result as `bidscreen rank`; errors come as one problem."""

import copy
import json
import subprocess
import sys

import pytest

from app.platform.access.roles import Role

URL = "/api/v1/rankings/preview"
INPUT = {
    "lot": {"id": "lot-1", "ceiling": "1000000.00"},
    "scheme": {
        "price": {"points": "10", "formula": "lowest_price"},
        "factors": [
            {"id": "technical", "points": "60", "objective": False, "technical": True},
            {"id": "record", "points": "30", "objective": True, "technical": False},
        ],
        "rounding": {"places": 2},
        "minBidders": 3,
        "tieBreak": ["price", "technical", "lot_draw"],
        "drawSeed": None,
    },
    "bids": [
        {
            "id": name,
            "price": price,
            "qualified": True,
            "deduction": "0",
            "offered": None,
            "scores": {member: {"technical": "50.5", "record": "30"} for member in ("m1", "m2")},
        }
        for name, price in (("A", "980000.00"), ("B", "1000000.00"), ("C", "950000.00"))
    ],
}
RUN = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()", "rank", "-"]

pytestmark = pytest.mark.sqlite_only


def preview(client, body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    return client.as_(Role.CLIENT).post(URL, content=content, headers=headers)


def changed(path, value):
    data = copy.deepcopy(INPUT)
    *steps, last = path
    part = data
    for step in steps:
        part = part[step]
    part[last] = value
    return data


def test_the_worked_example(client):
    rows = preview(client, INPUT).json()["rows"]
    assert {row["bid"]: row["priceScore"] for row in rows} == {"A": "9.69", "B": "9.50", "C": "10.00"}


def test_the_answer_is_the_command_lines(client):
    for body in (INPUT, changed(["bids", 0, "qualified"], False), changed(["scheme", "price", "formula"], "fixed")):
        done = subprocess.run(RUN, input=json.dumps(body).encode(), capture_output=True, check=True)
        assert preview(client, body).json() == json.loads(done.stdout)


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        (["bids", 0, "price"], "1" + "0" * 400, "decimal_too_large", "/bids/0/price"),
        (["bids", 0, "price"], "NaN", "decimal_malformed", "/bids/0/price"),
        (["bids", 0, "price"], 980000.0, "wrong_type", "/bids/0/price"),
        (["bids", 0, "price"], "1.001", "money_places", "/bids/0/price"),
        (["bids", 0, "deduction"], "1", "deduction_out_of_range", "/bids/0/deduction"),
        (["bids", 0, "id"], "B", "duplicate_bid", "/bids/1/id"),
        (["bids", 0, "surprise"], 1, "unknown_key", "/bids/0/surprise"),
        (["bids", 0, "scores", "m1", "technical"], "60.01", "score_out_of_range", "/bids/0/scores/m1/technical"),
        (["bids", 0, "scores", "m1", "record"], "29", "objective_disagreement", "/bids/0"),
        (["bids", 0, "scores", "m1"], {}, "score_missing", "/bids/0/scores/m1/technical"),
        (["scheme", "price", "formula"], "guess", "unknown_value", "/scheme/price/formula"),
        (["lot", "id"], "a\u0000", "text_unreadable", "/lot/id"),
        (["lot", "id"], "\ud800", "text_unreadable", "/lot/id"),
    ],
)
def test_errors_come_as_one_problem_with_code_and_pointer(client, path, value, code, pointer):
    answer = preview(client, changed(path, value))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    errors = [(error["code"], error["pointer"]) for error in answer.json()["errors"]]
    assert (code, pointer) in errors
    assert str(value) not in answer.text or len(str(value)) < 4


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"NaN", b"null", b'{"lot": 1e400}', b"\xff"])
def test_what_is_no_ranking_at_all(client, content):
    assert preview(client, content).status_code == 422


def test_brackets_without_end_are_not_read(client):
    answer = preview(client, b"[" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_deep")


def test_the_same_key_twice_is_refused(client):
    answer = preview(client, b'{"lot": {"id": "a", "id": "b"}, "scheme": {}, "bids": []}')
    assert answer.json()["errors"][0]["code"] == "duplicate_key"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/lot/id", "/scheme/price"]


def test_another_kind_of_content_is_refused(client):
    answer = client.as_(Role.CLIENT).post(URL, content=b"a=b", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
