"""Behaviour of real connections: ambiguous HTTP, slow clients of all kinds, too many at once."""

import contextlib
import itertools
import json
import time

import pytest

from app.platform.access.roles import Role

HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
CREATE = b"POST /api/v1/organizations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def officer(served):
    """Return (service, the Authorization header of an officer)."""
    return served, b"Authorization: Bearer " + served.key(Role.OFFICER).encode() + b"\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


AMBIGUOUS = {
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "two lengths in one line": b"Content-Length: 2, 3\r\n\r\n{} ",
    "a length and a coding": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "a coding and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "another coding": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding that is none": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding with a vertical tab": b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a length with a sign": b"Content-Length: +2\r\n\r\n{}",
    "a negative length": b"Content-Length: -1\r\n\r\n{}",
    "a length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}",
    "a length without end": b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "a blank before the colon": b"Content-Length : 2\r\n\r\n{}",
    "a NUL in a header": b"X-Any: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
    "a bare CR in a header": b"X-Any: a\rContent-Length: 9\r\nContent-Length: 2\r\n\r\n{}",
    "a chunk whose size is none": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk of negative size": b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "a chunk size too long to hold": b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n{}\r\n0\r\n\r\n",
    "a chunk that goes on past its size": b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "equal lengths twice": b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "equal lengths in one line": b"Content-Length: 2, 2\r\n\r\n{}",
    "a coding after a tab": b"Transfer-Encoding:\tchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "a chunk with an extension": b"Transfer-Encoding: chunked\r\n\r\n2;a|b\r\n{}\r\n0\r\n\r\n",
    "a chunk size before a blank": b"Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n",
    "more than a hundred fields": b"X-Many: 1\r\n" * 101 + b"Content-Length: 2\r\n\r\n{}",
    "two hosts": b"Host: other\r\nContent-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_can_be_read_two_ways_is_refused_and_the_connection_ends(officer, rest):
    served, key = officer
    with served.connect() as line:
        heard = line.say(CREATE + key + rest + HEALTH).heard()
    head, _, body = heard.partition(b"\r\n\r\n")
    assert status(heard) == 400, heard
    assert b"application/problem+json" in head.lower()
    assert b"connection: close" in head.lower()
    assert b"nosniff" in head.lower()
    assert json.loads(body)["code"] == "malformed_request"
    assert b"HTTP/1.1" not in body, "what came after it was taken for a request"


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/health\r\n\r\n",
        b"GET /api/v1/health HTTP/2.0\r\nHost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xe4\xb8\xad HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64) + b"\r\n\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nX-Long: "
        + b"a" * 20_000
        + b"\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/health?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + b"X-Many: 1\r\n" * 4_000 + b"\r\n",
    ],
)
def test_what_is_no_http_is_a_problem_too(served, raw):
    with served.connect() as line:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):  # it may be refused before it has ended
            line.say(raw)
        heard = line.heard()
    assert status(heard) == 400
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["code"] == "malformed_request"
    assert b"Traceback" not in heard


@pytest.mark.parametrize(
    "rest", [b"Content-Length: 2\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-End: 1\r\n\r\n"]
)
def test_after_a_plain_body_the_next_request_is_the_next(officer, rest):
    served, key = officer
    with served.connect() as line:
        line.say(CREATE + key + rest)
        assert status(line.answer()) == 422
        assert status(line.say(HEALTH).answer()) == 200


def test_requests_that_come_at_once_are_answered_in_their_order(officer):
    served, key = officer
    with served.connect() as line:
        line.say(
            CREATE
            + key
            + b"Content-Length: 2\r\n\r\n{}"
            + HEALTH
            + b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        answers = line.heard().split(b"HTTP/1.1 ")[1:]
    assert [int(answer[:3]) for answer in answers] == [422, 200, 401]


def test_a_body_broken_off_half_way_leaves_nothing_behind(officer):
    served, key = officer
    for rest in (b'Content-Length: 900\r\n\r\n{"name": ', b'Transfer-Encoding: chunked\r\n\r\n9\r\n{"name": \r\n'):
        with served.connect() as line:
            line.say(CREATE + key + rest)
    with served.connect() as line:
        assert status(line.say(HEALTH).answer()) == 200


def drip(line, pieces, pause=0.1):
    """Send the pieces; return whether the other side ended the connection before the last of them."""
    try:
        for piece in pieces:
            line.say(piece)
            time.sleep(pause)
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def test_a_head_that_never_ends_is_not_waited_for(serve):
    served = serve(head_seconds=1)
    with served.connect() as silent, served.connect() as slow:
        slow.say(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n")
        assert drip(slow, itertools.repeat(b"X: 1\r\n", 200))
        assert silent.heard() == b""


def test_a_head_that_never_ends_is_not_waited_for_on_a_connection_that_was_used_before(serve):
    served = serve(head_seconds=1, keep_alive_seconds=60)
    with served.connect() as line:
        assert status(line.say(HEALTH).answer()) == 200
        time.sleep(1.5)  # idle time has its own limit
        assert status(line.say(HEALTH).answer()) == 200
        assert drip(line.say(b"GET / HTTP/1.1\r\n"), itertools.repeat(b"X: 1\r\n", 200))


def test_a_connection_that_idles_is_ended(serve):
    served = serve(keep_alive_seconds=1)
    with served.connect() as line:
        assert status(line.say(HEALTH).answer()) == 200
        assert line.heard() == b""


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_comes_too_slowly_is_answered_408(serve, chunked):
    served = serve(body_seconds=1)
    key = b"Authorization: Bearer " + served.key(Role.OFFICER).encode() + b"\r\n"
    size = b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 1000\r\n\r\n"
    piece = b"1\r\n \r\n" if chunked else b" "
    with served.connect() as line:
        line.say(CREATE + key + size)
        drip(line, itertools.repeat(piece, 14))
        heard = line.heard()
    assert status(heard) == 408
    assert json.loads(heard.partition(b"\r\n\r\n")[2])["code"] == "request_timeout"


def test_a_body_that_nobody_reads_is_not_listened_to_for_ever(served):
    with served.connect() as line:
        line.say(CREATE + b"Content-Length: 1000000\r\n\r\n")
        assert status(line.answer()) == 401
        assert drip(line, itertools.repeat(b" ", 200))


def test_a_client_that_takes_nothing_is_cut_off(serve):
    served = serve(send_seconds=1)
    key = served.key(Role.OFFICER)
    request = (
        b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key.encode() + b"\r\n\r\n"
    )
    with served.connect() as line:
        assert drip(line, itertools.repeat(request * 20, 400), pause=0.05), "it was never cut off"


def test_one_connection_too_many_is_told_so(serve):
    served = serve(max_connections=2)
    with served.connect() as first, served.connect() as second:
        assert status(first.say(HEALTH).answer()) == 200
        assert status(second.say(HEALTH).answer()) == 200
        with served.connect() as third:
            heard = third.heard()
        assert status(heard) == 503
        assert b"retry-after: 2" in heard.lower()
        assert json.loads(heard.partition(b"\r\n\r\n")[2])["code"] == "overloaded"
        assert status(first.say(HEALTH).answer()) == 200


FORWARDED = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"


@pytest.mark.parametrize(
    ("proxies", "secure"), [([], False), (["192.0.2.1"], False), (["127.0.0.1"], True), (["127.0.0.0/8"], True)]
)
def test_only_a_proxy_in_the_settings_is_believed(serve, monkeypatch, proxies, secure):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own setting has no effect
    served = serve(trusted_proxies=proxies, hsts_seconds=86400)
    with served.connect() as line:
        answer = line.say(HEALTH.replace(b"\r\n\r\n", b"\r\n" + FORWARDED + b"\r\n")).answer()
    assert (b"strict-transport-security: max-age=86400" in answer.lower()) is secure


@pytest.mark.parametrize(
    ("path", "expected"), [("tenders", 401), ("documents", 401), ("health", 405), ("nowhere", 401), ("sessions", 413)]
)
def test_no_body_is_waited_for_before_its_sender_is_known(served, path, expected):
    """Of an announced body of 8 MiB not a byte comes: whoever has no key is answered by the head alone."""
    sent = f"POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served.connect() as line:
        answer = line.say(sent.encode() + b"Content-Length: 8388608\r\n\r\n").answer()
    assert int(answer.split(b" ", 2)[1]) == expected
