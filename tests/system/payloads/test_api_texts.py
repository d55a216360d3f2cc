"""Every text that the API accepts, filled with texts that would be active elsewhere: accepted as text or refused by
name.

The fields come from the OpenAPI document, so a new one is covered automatically.
"""

import io
import json
import logging
import os
import re

import pytest

from app.platform.access.permissions import PERMISSIONS, PUBLIC
from app.platform.access.roles import Role
from app.platform.settings import Settings
from app.platform.web.logs import ACCESS, configure
from tests.conftest import Api
from tests.making.dossiers import dossier
from tests.making.payloads.filling import Filling
from tests.making.payloads.texts import MARK, PAYLOADS
from tests.making.procedure import Procedure, done
from tests.making.sealed import Sealed, with_clock

pytestmark = pytest.mark.sqlite_only
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
JSON_KINDS = ("application/json", "application/problem+json")
MET = 35  # minimum number of fields accepted below; others need another state and are refused by name
STEPS = int(
    os.environ.get("TEST_PAYLOAD_STEPS", "1")
)  # of them for each operation and tender; `make payloads` sends all


@pytest.fixture
def world(platform):
    """A service with an awarded tender, one under evaluation, one in draft, and what belongs to them."""
    with Api(with_clock(platform)[0]) as api:
        awarded = Sealed(api)
        awarded.decided()
        evaluated = Procedure(api).qualification()
        bids = [evaluated.qualified_bid(price) for price in ("900000.00", "910000.00", "920000.00")]
        evaluated.evaluation().ranked(bids, (90, 80, 70))
        draft = done(api.as_(Role.OFFICER).post("/api/v1/tenders", json={"title": "x"}))["id"]
        organization = bids[0]["organizationId"]
        known = {
            "organization_id": [organization],
            "bid_id": [bids[0]["id"]],
            "lot_id": [evaluated.lot],
            "name": ["mine"],
        }
        yield api, Filling(api.anonymous.get("/api/v1/openapi.json").json(), known), [draft, evaluated.id, awarded.id]


class Sender:
    """Sends bodies and checks every response."""

    def __init__(self, api, filling):
        self.api, self.filling = api, filling
        self.accepted = set()
        self.sent = 0
        self.person = api.logged_in(Role.OFFICER)

    def caller(self, operation):
        if operation["operationId"] in PUBLIC:
            return self.api.anonymous
        rule = PERMISSIONS[operation["operationId"]]
        if rule.person:
            return self.person
        roles = rule.roles
        if Role.OFFICER in roles or Role.BIDDER not in roles:
            return self.api.as_(min(roles, key=lambda role: role is not Role.OFFICER))
        return self.api.as_(Role.BIDDER, self.filling.known["organization_id"][-1])

    def send(self, path, method, operation, kind, text, version=1):
        address = self.filling.address(path)
        headers = {"If-Match": f'"{version}"'}
        if kind is None:
            answer = self.caller(operation).request(method, address, headers=headers)
        elif kind == "multipart/form-data":
            body = self.filling.body(operation, kind, text)
            fields = {
                name: value for name, value in body.items() if name not in ("file", "files") and isinstance(value, str)
            }
            file = (text, io.BytesIO(f'name,uscc\n"{text}",\n'.encode("utf-8", "replace")), "text/html")
            name = "files" if "files" in body else "file"
            answer = self.caller(operation).request(method, address, headers=headers, data=fields, files={name: file})
        else:
            body = self._body(path, operation, kind, text)
            content = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
            answer = self.caller(operation).request(
                method, address, headers={**headers, "Content-Type": "application/json"}, content=content
            )
        self.sent += 2 if answer.extensions.get("agreed") else 1
        self._check(answer, f"{method} {path} with {text!r}")
        if answer.status_code < 300:
            self.accepted |= {f"{operation['operationId']} {at}" for at in self._fields(operation, kind)}
            self._learn(path, answer)
        return answer

    def _fields(self, operation, kind):
        return self.filling.fields(operation, kind) if kind else []

    def _body(self, path, operation, kind, text):
        if path.endswith("/dossier"):
            return dossier(name=text)
        if path.endswith("/roster"):
            return [{**line, "name": text} for line in dossier()["roster"]]
        return self.filling.body(operation, kind, text)

    def _check(self, answer, what):
        assert answer.status_code < 500, f"{what}: {answer.text}"
        assert answer.headers["x-content-type-options"] == "nosniff", what
        assert answer.headers["content-security-policy"].startswith("default-src 'none'"), what
        if not answer.content:
            return
        assert answer.headers["content-type"] in JSON_KINDS, f"{what}: {answer.headers['content-type']}"
        answer.json()
        assert not [name for name, value in answer.headers.items() if MARK in value], what
        if answer.status_code >= 400:
            problem = answer.json()
            pointers = [fault.pop("pointer", "") for fault in (problem, *problem.get("errors", ()))]
            assert MARK not in json.dumps(problem), f"{what} is repeated: {problem}"
            # A pointer names the caller's own members, in one line with all characters visible.
            assert not [one for one in pointers if UNSEEN.search(one or "")], f"{what}: {pointers}"

    def _learn(self, path, answer):
        """Remember the id of a created object, under the name of its path parameter."""
        body = answer.json() if answer.content else None
        if isinstance(body, dict) and isinstance(body.get("id"), str):
            name = path.rstrip("/").rpartition("/")[2].replace("-", "_").removesuffix("s") + "_id"
            self.filling.known.setdefault(name, []).append(body["id"])


def texts_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif isinstance(value, str):
        yield value


def test_every_text_field_takes_a_live_text_as_text_or_refuses_it(world):
    api, filling, tenders = world
    sender, payloads = Sender(api, filling), list(PAYLOADS.values())
    writing = list(filling.operations())
    assert sum(len(sender._fields(operation, kind)) for _, _, operation, kind in writing) > 90
    for tender in tenders:
        filling.known["tender_id"] = [tender]
        for number, (path, method, operation, kind) in enumerate(writing):
            if method == "delete" or path.endswith(("/cancel", "/move")):
                continue
            for step in range(STEPS):
                text = payloads[(number + step + 13 * tenders.index(tender)) % len(payloads)]
                sender.send(path, method, operation, kind, text, 1 + step % 3)
    for path, method, operation, kind in writing:
        sender.send(path, method, operation, kind, PAYLOADS["script"])
    assert len(sender.accepted) >= MET, sorted(sender.accepted)


def test_what_was_taken_comes_back_as_the_text_it_was(world):
    """Each payload as the name of an organization, the title of a tender, of a lot: read back, listed, audited."""
    api, _, _ = world
    officer, kept = api.as_(Role.OFFICER), 0
    for name, text in PAYLOADS.items():
        answer = officer.post("/api/v1/organizations", json={"name": text})
        assert answer.status_code in (201, 422), name
        if answer.status_code == 422:
            assert UNSEEN.search(text), f"{name} is harmless in JSON"
            continue
        assert not re.search("[\x00\x1b\x9b\u202e\u2066]", text), f"{name} was taken"
        kept += 1
        one = officer.get(f"/api/v1/organizations/{answer.json()['id']}")
        assert one.json()["name"] == text, name
        tender = done(
            officer.post("/api/v1/tenders", json={"title": text, "lots": [{"key": "a", "name": text, "value": "1.00"}]})
        )
        assert done(officer.get(f"/api/v1/tenders/{tender['id']}"))["title"] == text
        assert done(officer.get(f"/api/v1/tenders/{tender['id']}/lots"))["items"][0]["name"] == text
    assert kept > 25
    listed = officer.get("/api/v1/organizations?limit=100")
    assert listed.headers["content-type"] == "application/json"
    assert sum(MARK in text for text in texts_of(listed.json())) >= kept


def test_no_text_makes_a_line_of_the_log_its_own(world, capfd):
    api, filling, tenders = world
    loggers = logging.getLogger(), logging.getLogger(ACCESS)
    before = [(one.handlers, one.level, one.propagate) for one in loggers]
    filling.known["tender_id"] = [tenders[0]]
    sender = Sender(api, filling)
    try:
        configure(Settings(log_level="DEBUG"))
        capfd.readouterr()
        for number, (path, method, operation, kind) in enumerate(filling.operations()):
            sender.send(path, method, operation, kind, list(PAYLOADS.values())[number % len(PAYLOADS)])
    finally:
        for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
            one.handlers, one.propagate = handlers, propagate
            one.setLevel(level)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert sum(line["event"] == "request" for line in lines) == sender.sent
    ours = [line for line in lines if not line.get("logger", "").startswith("httpx")]
    assert MARK not in json.dumps(ours), "a log says what was sent"
