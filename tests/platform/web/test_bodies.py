"""Limits of bodies: nesting, parts, field size; all enforced before anything is parsed or stored."""

import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from app.platform.access.roles import Role
from app.platform.web.bodies import (
    DEEPEST,
    LARGE,
    LARGEST_FIELD,
    MOST_FIELDS,
    MOST_FILES,
    MOST_NAMES,
    MOST_VALUES,
    deeper_than,
    more_names_than,
)
from app.platform.web.bounded_errors import MOST_ERRORS
from app.platform.web.edge import ANONYMOUS_BODY

pytestmark = pytest.mark.sqlite_only
API = "/api/v1"


def depth_of(value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(alphabet='[]{}"\\a中', max_size=6))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\', max_size=3), inner, max_size=3)
)


@given(value=VALUES, level=st.integers(0, 8), spaced=st.booleans(), escaped=st.booleans())
def test_the_depth_is_that_of_the_document(value, level, spaced, escaped):
    body = json.dumps(value, ensure_ascii=escaped, indent=1 if spaced else None).encode()
    assert deeper_than(body, level) == (depth_of(value) > level)


def names_of(value) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names_of, value.values()))
    return set().union(*map(names_of, value)) if isinstance(value, list) else set()


@given(value=VALUES, most=st.integers(0, 8), spaced=st.booleans())
def test_the_names_are_those_of_the_document(value, most, spaced):
    body = json.dumps(value, ensure_ascii=False, indent=1 if spaced else None).encode()
    assert more_names_than(body, most) == (len(names_of(value)) > most)


@given(st.binary(max_size=200), st.integers(0, 5))
def test_any_bytes_have_an_answer(body, level):
    assert deeper_than(body, level) in (True, False)


@pytest.mark.parametrize("piece", [b'"\\"', b'"', b"\\", b'"\\', b'["', b'{"a":['])
def test_no_bytes_take_long(piece):
    took = []
    for size in (200_000, 800_000):
        body = piece * (size // len(piece))
        began = time.process_time()
        deeper_than(body, 10**9)
        deeper_than(body + b"[" * 10, 5)
        more_names_than(body + b":", 0)
        took.append(time.process_time() - began)
    assert took[1] < 0.5 + 16 * took[0], "four times the bytes took far more than four times as long"


@pytest.mark.parametrize(
    ("levels", "code"), [(DEEPEST, "invalid_input"), (DEEPEST + 1, "too_deep"), (200_000, "too_deep")]
)
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_json_is_refused_before_it_is_parsed(client, levels, code, opening):
    closing = {"[": "]", '{"a":': "}"}[opening]
    body = opening * levels + "1" + closing * levels
    answer = client.as_(Role.OFFICER).post(f"{API}/tenders", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["code"] == code
    assert answer.status_code == {"invalid_input": 422, "too_deep": 400}[code]


def test_deep_json_is_refused_for_routes_that_read_bytes_too(client):
    officer = client.as_(Role.OFFICER)
    for kind in ({}, {"Content-Type": "application/json"}, {"Content-Type": "application/x+json; charset=utf-8"}):
        answer = officer.post(f"{API}/rankings/preview", content="[" * 100, headers=kind)
        assert (answer.status_code, answer.json()["code"]) == (400, "too_deep"), kind


def form(*parts: tuple[str, bytes]) -> dict:
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts
    )
    return {"content": body + b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}


FILE = 'name="files"; filename="a.csv"'
FORMS = {
    "too many files": form(*[(FILE, b"a,b")] * (MOST_FILES + 1)),
    "too many fields": form((FILE, b"a,b"), *[('name="kind"', b"x")] * (MOST_FIELDS + 1)),
    "a field too large": form((FILE, b"a,b"), ('name="kind"', b"x" * (LARGEST_FIELD + 1))),
    "a part without a name": form(("", b"x")),
    "many headers in a part": form((FILE + "\r\nX: 1" * 20, b"x")),
    "a header without end": form((FILE + "x" * 10_000, b"x")),
    "no boundary": {"content": b"--x--", "headers": {"Content-Type": "multipart/form-data"}},
    "another boundary": {"content": b"--y--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    "a boundary too long": {"content": b"", "headers": {"Content-Type": "multipart/form-data; boundary=" + "x" * 300}},
    "no end": {"content": b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc',
               "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
}  # fmt: skip


@pytest.mark.parametrize("sent", FORMS.values(), ids=FORMS)
def test_a_form_out_of_bounds_is_refused_and_nothing_is_kept(client, sent):
    officer = client.as_(Role.OFFICER)
    answer = officer.post(f"{API}/documents", **sent)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert officer.get(f"{API}/documents").json()["items"] == []
    keyed = {**sent, "headers": {**sent["headers"], "Idempotency-Key": "once"}}
    assert officer.post(f"{API}/documents", **keyed).status_code == answer.status_code, "a key opens no other way"


def test_a_form_within_bounds_is_taken(client):
    officer = client.as_(Role.OFFICER)
    assert officer.post(f"{API}/documents", **form(*[(FILE, b"a,b")] * 20)).status_code == 202
    assert len(officer.get(f"{API}/documents").json()["items"]) == 20


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("declared", [True, False])
def test_more_bytes_than_allowed_are_refused_wherever_they_are_counted(client, kind, declared):
    settings = client.platform.settings
    limit = settings.max_upload_bytes if "multipart" in kind else settings.max_body_bytes
    path = "documents" if "multipart" in kind else "tenders"
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n' if "multipart" in kind else b'"'

    def pieces():
        yield head
        for _ in range(limit // 2**20 + 1):
            yield b" " * 2**20

    content = b"x" if declared else pieces()
    headers = {"Content-Type": kind} | ({"Content-Length": str(limit + 1)} if declared else {})
    answer = client.as_(Role.OFFICER).post(f"{API}/{path}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_nobody_without_a_key_has_a_body_read(client):
    # Each of these bodies would be answered 400 if it were parsed.
    answer = client.anonymous.post(f"{API}/tenders", content=b"{" * 10, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    answer = client.as_(Role.AUDITOR).post(
        f"{API}/tenders", content=b"[" * 1000, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_an_anonymous_body_is_short(client):
    """A login comes before authentication: more than 16 KiB is refused before it is parsed."""
    body = {"login": "a", "password": "x" * ANONYMOUS_BODY}
    answer = client.anonymous.post(f"{API}/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    body["password"] = "x" * 100
    assert client.anonymous.post(f"{API}/sessions", json=body).status_code == 401


def json_of(value) -> dict:
    return {"content": json.dumps(value), "headers": {"Content-Type": "application/json"}}


def test_a_document_of_many_names_is_refused_before_it_is_parsed(client):
    officer = client.as_(Role.OFFICER)
    for path in ("organizations", "rankings/preview"):
        answer = officer.post(f"{API}/{path}", **json_of({f"n{number}": 1 for number in range(MOST_NAMES + 1)}))
        assert (answer.status_code, answer.json()["code"]) == (400, "too_many_names"), path


def test_a_document_of_very_many_values_is_refused_before_it_is_parsed(client):
    for most, code in ((MOST_VALUES, "invalid_input"), (MOST_VALUES + 1, "too_many_values")):
        body = b"[" + b"1," * most + b"1]"
        answer = client.as_(Role.OFFICER).post(
            f"{API}/organizations", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.json()["code"] == code


def test_of_very_many_errors_the_first_are_told(client):
    officer = client.as_(Role.OFFICER)
    few = officer.post(f"{API}/organizations", **json_of({"name": 1, "wrong": 2}))
    many = officer.post(
        f"{API}/organizations",
        **json_of({"name": 1, "wrong": 2} | {f"n{number}": 1 for number in range(2 * MOST_ERRORS)}),
    )
    assert (few.status_code, many.status_code) == (422, 422)
    assert few.json()["errors"] == many.json()["errors"][: len(few.json()["errors"])]
    assert len(many.json()["errors"]) == 50


def test_a_large_document_is_answered_as_a_small_one(client):
    officer = client.as_(Role.OFFICER)
    spaces = " " * LARGE
    for body, status in (('{"name": "大型机构"}', 201), ('{"name": 5}', 422), ('{"name"', 422)):
        small, large = (
            officer.post(f"{API}/organizations", content=text, headers={"Content-Type": "application/json"})
            for text in (body, spaces + body)
        )
        assert (small.status_code, large.status_code) == (status, status)
        assert set(small.json()) == set(large.json())
    assert len(officer.get(f"{API}/organizations").json()["items"]) == 2


def test_large_json_is_parsed_off_the_event_loop(client, monkeypatch):
    """The parser of a large document runs in another thread than the one that serves all requests."""
    threads = {}

    async def seen(request):
        threads[len(await request.body())] = threading.get_ident()
        return await parse(request)

    parse = Request.json
    monkeypatch.setattr(Request, "json", seen)
    officer = client.as_(Role.OFFICER)
    short, large = b'{"name": "a"}', b" " * LARGE + b'{"name": "b"}'
    for body in (short, large):
        answer = officer.post(f"{API}/organizations", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 201
    assert threads[len(short)] != threads[len(large)]
