"""Metrics, liveness and readiness."""

import re
from datetime import timedelta

import pytest
from obstore.exceptions import GenericError
from sqlalchemy import update

from app.administration.health.exposition import Metric, Sample, text_of
from app.platform.access.roles import Role
from app.platform.files.object_store import ObjectFileStore
from app.platform.jobs.tables import Job
from app.platform.web.request_counts import RequestCounts

LINE = re.compile(
    r'^(?P<name>[a-z_]+)(?:\{(?P<labels>[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*)\})? (?P<value>[-+.e0-9a-z]+)$'
)


def scraped(client, role=Role.AUDITOR):
    answer = client.as_(role).get("/api/v1/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            read = LINE.match(line)
            assert read, line
            found[read["name"], read["labels"] or ""] = float(read["value"])
    return found


def test_jobs_and_documents_are_counted(client):
    officer = client.as_(Role.OFFICER)
    assert officer.post("/api/v1/documents", files={"files": ("a.txt", b"1101 a,b\n")}).status_code == 202
    with client.platform.work() as work:
        work.session.execute(update(Job).values(created_at=work.now - timedelta(minutes=2)))
    waiting = scraped(client)
    assert waiting["bidscreen_jobs", 'kind="documents.extract",state="queued"'] == 1
    assert 119 < waiting["bidscreen_job_age_seconds", 'kind="documents.extract"'] < 180
    assert waiting["bidscreen_documents", 'state="received"'] == 1
    client.run_jobs()
    done = scraped(client)
    assert done["bidscreen_jobs", 'kind="documents.extract",state="succeeded"'] == 1
    assert done["bidscreen_jobs_ended_recent", 'kind="documents.extract"'] == 1
    assert done["bidscreen_job_seconds_recent", 'kind="documents.extract"'] >= 0
    assert ("bidscreen_job_age_seconds", 'kind="documents.extract"') not in done


def test_a_job_in_its_pause_does_not_count_as_waiting(client):
    client.as_(Role.OFFICER).post("/api/v1/documents", files={"files": ("a.txt", b"1101 a,b\n")})
    with client.platform.work() as work:
        work.session.execute(update(Job).values(due_at=work.now + timedelta(minutes=1)))
    assert ("bidscreen_job_age_seconds", 'kind="documents.extract"') not in scraped(client)


def test_verdicts_and_requests_are_counted(client):
    officer = client.as_(Role.OFFICER)
    asked = {"dossier": {"organization": {"name": "苏州市某某社会工作服务社"}}, "asOf": "2026-05-20"}
    assert officer.post("/api/v1/screenings", json=asked).status_code == 201
    assert client.anonymous.get("/api/v1/no-such-path").status_code == 401
    found = scraped(client)
    assert sum(value for (name, _), value in found.items() if name == "bidscreen_screenings") == 1
    assert found["bidscreen_requests_total", 'method="POST",route="create_screening",status="201"'] == 1
    assert found["bidscreen_requests_total", 'method="GET",route="none",status="401"'] == 1
    assert found["bidscreen_request_seconds_count", ""] == found["bidscreen_request_seconds_bucket", 'le="+Inf"'] >= 2


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.CLIENT, 200), (Role.BIDDER, 403), (Role.OFFICER, 403)]
)
def test_who_may_read_the_metrics(client, role, status):
    assert client.as_(role).get("/api/v1/metrics").status_code == status


def test_the_metrics_name_nobody(client):
    """Labels are kinds, states and routes: no id, no name, no path."""
    client.as_(Role.OFFICER).post("/api/v1/organizations", json={"name": "苏州市某某社会工作服务社"})
    text = client.as_(Role.ADMIN).get("/api/v1/metrics").text
    assert "苏州" not in text
    assert not re.search(r"(org|job|key|doc)_[0-9a-z]{26}", text)


def test_durations_add_up():
    counts = RequestCounts()
    for seconds in (0.001, 0.005, 0.006, 60):
        counts.note("GET", "x", 200, seconds)
    buckets, total = counts.durations()
    assert (dict(buckets)["0.005"], dict(buckets)["0.01"], dict(buckets)["10"], dict(buckets)["+Inf"]) == (2, 3, 3, 4)
    assert total == pytest.approx(60.012)


def test_labels_are_escaped():
    metric = Metric("x", "gauge", "about", (Sample(1, {"a": 'b"c\\d\ne'}),))
    assert text_of([metric]).splitlines()[-1] == 'x{a="b\\"c\\\\d\\ne"} 1'


def test_liveness_asks_nobody(client, monkeypatch):
    def fail(*_):
        raise AssertionError("liveness asked the database")

    monkeypatch.setattr(type(client.platform.readers), "connect", fail)
    assert client.anonymous.get("/api/v1/health/live").json() == {"status": "alive"}


def test_readiness_needs_database_and_store(client, monkeypatch):
    assert client.anonymous.get("/api/v1/health/ready").json() == {"status": "ready"}

    def away(*_):
        raise GenericError("error sending request")

    monkeypatch.setattr(ObjectFileStore, "exists", away)
    answer = client.anonymous.get("/api/v1/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
