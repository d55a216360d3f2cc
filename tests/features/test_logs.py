"""Logs are one JSON object a line, and no ID number reaches them on any way."""

import json
import logging

import pytest
import structlog

from app.access.roles import Role
from app.settings import Settings
from app.web.logs import ACCESS, configure

pytestmark = pytest.mark.sqlite_only
RESIDENT_ID = "110101199003070732"  # invented


@pytest.fixture
def logged(capfd):
    """Runs something that logs and returns the lines it wrote."""
    root = logging.getLogger()
    access = logging.getLogger(ACCESS)
    before = (root.handlers, root.level, access.handlers, access.propagate)

    def lines(write):
        configure(Settings(log_level="DEBUG"))
        write(structlog.get_logger("bidscreen.test"))
        return [json.loads(line) for line in capfd.readouterr().err.splitlines()]

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
    assert line["request_id"] == "110101********0732"
    assert RESIDENT_ID not in json.dumps(lines)
