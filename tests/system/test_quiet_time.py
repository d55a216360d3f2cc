"""Before the opening nobody learns who prepares a bid: the same bytes whether or not a bidder was active.

One instance, a clock that stands still: every GET of every role but the bidder's is asked before and after a bidder
logs in, uploads, records every part of its dossier, makes a key, joins a consortium and bids.
"""

import io
import logging
import re

import pytest

from app.platform.access.roles import Role
from app.platform.audit.checkpoints import make as checkpoint
from app.platform.audit.export import export
from app.platform.database.identifiers import new_id
from app.platform.web.logs import ACCESS, AccessFormatter
from app.tendering.tenders.tables import Tender
from tests.conftest import Api
from tests.making.canaries import readable_paths
from tests.making.dossiers import dossier, line
from tests.making.people import entered, settled
from tests.making.procedure import done, refusal
from tests.making.sealed import DEADLINE, Sealed, with_clock

OTHERS = (Role.OFFICER, Role.AUDITOR, Role.CLIENT, Role.ADMIN, Role.EVALUATOR)
VARYING = re.compile(r'"(requestId|lastUsedAt|nextCursor)":("[^"]*"|null)')
WRITES = ("/content", "/replay")  # such a GET leaves an event of its reader
CSV = "姓名,身份证号码\n员工一,\n".encode()


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


class Watched:
    """A published tender, a bidder with data from before, and everybody who may look."""

    def __init__(self, api):
        self.api = api
        self.draft = Sealed(api, publish=False)
        self.bidder, self.partner = self.draft.bidder("甲服务社"), self.draft.bidder("乙服务社")
        self.url = f"/api/v1/organizations/{self.bidder.id}"
        settled(api, "jia", "bidder", organizationId=self.bidder.id)
        self.member = api.logged_in(Role.BIDDER, self.partner.id)
        self.before = self.act("之前")
        api.run_jobs()
        done(self.draft.officer.post(f"{self.draft.url}/publish"))
        self.readers = {role: api.as_(role) for role in OTHERS}
        self.checkpoint()

    def act(self, name):
        """Change every part of the bidder's data; return the new document and its job."""
        client, data = self.bidder.client, dossier(3, "甲服务社")
        data["organization"]["identifier"] = None
        data["organization"]["contacts"] = [{"name": name, "phone": "0512-65000000", "email": None}]
        done(client.post(f"{self.url}/registrations", json={"registration": {"number": name}, "reason": name}))
        done(client.put(f"{self.url}/dossier", json={**data, "roster": None}))
        done(client.put(f"{self.url}/roster", json={"lines": [line(1, name)]}))
        done(client.post(f"{self.url}/roster", files={"file": (f"{name}.csv", CSV)}))
        made = done(client.post("/api/v1/documents", files={"files": (f"{name}.txt", name.encode())}))
        self.api.run_jobs()
        return {"document_id": made["documents"][0]["id"], "job_id": made["job"]["id"]}

    def bid(self):
        """Log in, make a key, name a partner that consents, bid, replace, withdraw and bid again."""
        person = entered(self.api, "jia")
        done(person.post("/api/v1/account/api-keys", json={"name": "投标"}))
        body = {"lotId": self.draft.lot, "members": [self.partner.id], "agreement": "联合体协议"}
        made = done(self.bidder.client.post(f"{self.draft.url}/consortia", json=body))["id"]
        done(self.member.post(f"{self.draft.url}/consortia/{made}/consent"))
        done(self.bidder.submit(price="900000.00"))
        done(self.bidder.withdraw(done(self.bidder.submit(price="910000.00"))["id"]))
        return {"envelope_id": done(self.bidder.submit())["id"], "consortium_id": made}

    def checkpoint(self):
        with self.api.platform.work() as work:
            return checkpoint(work.session, work.platform.signer, work.now)

    def seen(self):
        """Return what everybody but the bidder reads, by role and path."""
        document = self.api.anonymous.get("/api/v1/openapi.json").json()
        ids = {"organization_id": self.bidder.id, "tender_id": self.draft.id, "lot_id": self.draft.lot, **self.before}
        paths = [one for one in readable_paths(document, **ids) if not one.endswith((*WRITES, "/metrics"))]
        found = {}
        for role, reader in self.readers.items():
            for path in paths:
                answer = reader.get(path)
                told = VARYING.sub("", answer.text) if "json" in answer.headers.get("content-type", "") else answer.text
                found[role.value, path] = (answer.status_code, answer.headers.get("etag"), told)
        return found


def test_whoever_looks_reads_the_same_bytes_as_if_nobody_prepared_a_bid(api):
    watched = Watched(api)
    quiet = watched.seen()
    assert len(quiet) > 200 and {200, 403, 409} <= {status for status, *_ in quiet.values()}
    with api.platform.reading() as work:
        exported = b"".join(export(work.session, work.platform.signer))
    since, bid = watched.act("之后"), watched.bid()
    told = watched.seen()
    assert {place: told[place] for place in quiet if told[place] != quiet[place]} == {}
    assert watched.checkpoint() is None, "no head has moved"
    with api.platform.reading() as work:
        assert b"".join(export(work.session, work.platform.signer)) == exported
    for path in (
        f"/api/v1/documents/{since['document_id']}",
        f"/api/v1/documents/{since['document_id']}/extractions",
        f"/api/v1/documents/{since['document_id']}/content",
        f"/api/v1/jobs/{since['job_id']}",
        f"{watched.draft.url}/envelopes/{bid['envelope_id']}",
    ):
        assert refusal(watched.readers[Role.OFFICER].get(path)) == (404, "not_found"), path
    own = done(watched.bidder.client.get(watched.url))
    assert own["rosterVersion"] == 4 and done(watched.bidder.client.get(f"{watched.url}/roster"))["number"] == 4
    assert done(watched.bidder.client.get("/api/v1/jobs"))["items"]


def test_after_the_opening_it_is_all_there(api):
    watched = Watched(api)
    watched.bidder.client.put(f"{watched.url}/roster", json={"lines": [line(2, "之后")]})
    officer, auditor = watched.readers[Role.OFFICER], watched.readers[Role.AUDITOR]
    assert done(officer.get(watched.url))["rosterVersion"] == 2
    others = [watched.draft.bidder(f"机构{number}") for number in range(3)]
    envelopes = [done(bidder.submit())["id"] for bidder in (watched.bidder, *others)]
    watched.draft.clock.at(0)
    done(watched.draft.close())
    assert refusal(officer.get(f"{watched.draft.url}/envelopes")) == (409, "still_sealed"), "closed is not opened"
    assert refusal(officer.get(f"{watched.draft.url}/envelopes/{envelopes[0]}")) == (404, "not_found")
    assert "bidder:envelope:submit" not in auditor.get("/api/v1/audit?limit=200").text
    done(watched.draft.open())
    assert done(officer.get(watched.url))["rosterVersion"] == 3
    assert len(done(officer.get(f"{watched.draft.url}/envelopes"))["items"]) == 4
    told = auditor.get("/api/v1/audit?limit=200").text
    assert "bidder:envelope:submit" in told
    report = done(auditor.get("/api/v1/audit/verify"))
    assert report["intact"], report["breaks"]


def test_what_counts_in_an_opened_tender_is_shown_while_another_is_quiet(api):
    opened = Sealed(api)
    bidders = [opened.bidder(f"机构{number}") for number in range(3)]
    later = Sealed(api)
    with api.platform.work() as work:
        work.get(Tender, later.id).bid_deadline = DEADLINE.replace(month=7)
    url = f"/api/v1/organizations/{bidders[0].id}/roster"
    done(bidders[0].client.put(url, json={"lines": [line(1, "")]}))
    for bidder in bidders:
        done(bidder.submit())
    assert opened.officer.get(url).status_code == 404
    opened.clock.at(0)
    done(opened.close())
    done(opened.open())
    assert done(opened.officer.get(url))["number"] == 1, "in time for the tender that is opened"
    done(bidders[0].client.put(url, json={"lines": []}))
    assert done(opened.officer.get(url))["number"] == 1, "the next one may be for the tender that is quiet"
    assert done(bidders[0].client.get(url))["number"] == 2


def test_metrics_count_nothing_of_a_bidder(api):
    watched = Watched(api)
    auditor = watched.readers[Role.AUDITOR]

    def counted():
        lines = auditor.get("/api/v1/metrics").text.splitlines()
        return sorted(one for one in lines if "log_in" not in one and "metrics" not in one and "_connections" not in one
                      and "openapi" not in one and "request_seconds" not in one)  # fmt: skip

    before = counted()
    watched.act("之后")
    watched.bid()
    assert counted() == before and not any("submit_envelope" in line for line in before)


def test_a_bidder_s_key_shows_its_use_to_the_bidder_alone(client):
    owner = client.platform
    organization = new_id("org")
    client.as_(Role.BIDDER, organization).get("/api/v1/tenders")
    admin = client.as_(Role.ADMIN)
    admin.get("/api/v1/api-keys")
    client.end()
    with Api(owner) as again:
        keys = done(again.as_(Role.ADMIN).get("/api/v1/api-keys"))["items"]
        assert {one["role"] for one in keys if one["lastUsedAt"]} == {"admin"}
        own = done(again.logged_in(Role.BIDDER, organization).get("/api/v1/account/api-keys"))["items"]
        assert own[0]["lastUsedAt"] is not None


def test_the_log_names_no_submitter(api):
    tender = Sealed(api)
    bidder = tender.bidder()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(AccessFormatter(as_json=True))
    access = logging.getLogger(ACCESS)
    access.addHandler(handler)
    before, level = access.level, access.setLevel("INFO")
    try:
        done(bidder.submit())
        done(tender.officer.get("/api/v1/tenders"))
    finally:
        access.removeHandler(handler)
        access.setLevel(before)
    assert level is None and '"route":"submit_envelope"' in written.getvalue()
    assert '"caller":"bidder"' in written.getvalue() and bidder.id not in written.getvalue()
    keys = re.findall(r'"caller":"(key_[^"]*)"', written.getvalue())
    assert len(keys) == 1, "the officer's"
