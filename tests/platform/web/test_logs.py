"""Logs are one JSON object per line, and no ID number reaches them."""

import json
import logging
import re

import pytest
import structlog

from app.platform.access.roles import Role
from app.platform.settings import Settings
from app.platform.web.logs import ACCESS, configure

pytestmark = pytest.mark.sqlite_only
RESIDENT_ID = "110101199003070732"  # invented


@pytest.fixture
def logged(capfd):
    """Runs something that logs and returns the lines it wrote."""
    root = logging.getLogger()
    access = logging.getLogger(ACCESS)
    before = (root.handlers, root.level, access.handlers, access.propagate)

    def lines(write):
        write_with("json", write)
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

    def write_with(form, write):
        configure(Settings(log_level="DEBUG", log_format=form))
        write(structlog.get_logger("bidscreen.test"))

    lines.as_text = lambda write: (write_with("text", write), capfd.readouterr().err)[1]

    yield lines
    root.handlers, level, access.handlers, access.propagate = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_numbers_are_masked_wherever_they_hide(logged):
    def write(log):
        log.info(f"about {RESIDENT_ID}", person=RESIDENT_ID, nested={"a": [RESIDENT_ID]})
        log.error("failed", exc_info=ValueError(RESIDENT_ID))
        logging.getLogger("any.library").warning("path /x/%s", RESIDENT_ID)

    lines = logged(write)
    assert len(lines) == 3
    assert RESIDENT_ID not in json.dumps(lines)
    assert lines[0]["person"] == "110101********0732"
    assert "ValueError" in lines[1]["exception"]
    assert lines[2]["event"] == "path /x/110101********0732"


def test_a_line_says_when_and_how_bad(logged):
    (line,) = logged(lambda log: log.warning("careful"))
    assert line["level"] == "warning"
    assert line["timestamp"].endswith("Z")
    assert line["logger"] == "bidscreen.test"


def test_a_request_has_one_line_without_its_address(logged, client):
    path, headers = f"/api/v1/jobs/{RESIDENT_ID}", {"X-Request-Id": RESIDENT_ID}
    lines = logged(lambda _: client.as_(Role.OFFICER).get(path, headers=headers))
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "read_job", 422)
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]{12}", line["request_id"]), "an ID number is no request id"
    assert RESIDENT_ID not in json.dumps(lines)


def test_a_line_names_the_caller_by_id(logged, client):
    """Refused requests too: who requested what, and the response."""
    lines = logged(
        lambda _: (client.as_(Role.AUDITOR).post("/api/v1/tenders"), client.anonymous.get("/api/v1/tenders"))
    )
    refused, unknown = [line for line in lines if line["event"] == "request"]
    assert (refused["route"], refused["status"]) == ("create_tender", 403)
    listed = client.as_(Role.ADMIN).get("/api/v1/api-keys").json()["items"]
    assert refused["caller"] in [key["id"] for key in listed if key["role"] == "auditor"]
    assert (unknown["status"], unknown["caller"]) == (401, None)


FORGING = [
    'a\n{"event": "forged", "level": "info"}',
    "a\r\n2026-01-01T00:00:00Z [info     ] forged",
    "a\x1b[2K\x1b[1Gforged",
    "a\u2028forged\u2029\u0085\x0bforged\x0cforged",
    "a\u202edegrof",
    "a\x00\x08\x7fforged",
    "half \ud800 a character",
    '"}\n{"event": "forged"}',
    "%s %d {event} {{7*7}} ${jndi:ldap://x}",
]


def log_everywhere(text):
    def write(log):
        log.info(text, person=text, nested={text: [text, {"a": text}]})
        logging.getLogger("any.library").warning("said %s", text)
        log.error("failed", exc_info=ValueError(text))

    return write


@pytest.mark.parametrize("text", FORGING)
def test_nothing_said_by_others_begins_a_line(logged, text):
    lines = logged(log_everywhere(text))
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert not [line for line in lines if line["event"] == "forged"]


@pytest.mark.parametrize("text", FORGING)
def test_nor_does_it_where_people_read_along(logged, text):
    shown = logged.as_text(log_everywhere(text))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", plain)
    starts = [line for line in plain.split("\n") if line and not line.startswith(" ")]
    assert len(starts) == 3
    assert not any(line.startswith(("2026-01-01", "forged", "{")) for line in starts)


@pytest.mark.parametrize("header", ["X-Request-Id", "User-Agent", "Authorization", "Host", "Idempotency-Key"])
def test_a_request_cannot_forge_a_line(logged, client, header):
    for text in ("a\tforged", "é\x85forged", "{{7*7}}", '"}{"event": "forged"}'):
        headers = {header: text.encode("latin-1", "replace")}
        lines = logged(
            lambda _, sent=headers: client.as_(Role.OFFICER).get("/api/v1/tenders?a=%0Aforged", headers=sent)
        )
        assert len([line for line in lines if line["event"] == "request"]) == 1
        ours = [line for line in lines if line.get("logger") != "httpx2"]  # the test's own client
        assert "forged" not in json.dumps(ours)
