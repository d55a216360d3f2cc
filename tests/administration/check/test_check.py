"""`bidscreen check`: a valid database passes, and each rule detects its violation."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from app.administration.check.rules import INVARIANTS, broken
from app.entrypoints.cli.main import cli
from app.platform.access.roles import Role
from app.platform.jobs.lease import take
from app.platform.jobs.tables import Job
from tests.conftest import SECRET, Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def faults(api, **how):
    with api.platform.work() as work:
        return {one.id for one, ids in broken(work.session, **how) if ids}


def test_a_whole_procedure_keeps_every_invariant(api):
    tender = Sealed(api, lots=2)
    tender.decided()
    assert faults(api) == set()
    assert len(INVARIANTS) >= 18


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("UPDATE envelope SET sha256 = 'x'", "envelopes_as_received"),
        ("UPDATE envelope SET received_at = '2030-01-01 00:00:00'", "envelopes_in_time"),
        ("UPDATE envelope SET state = 'sealed'", "envelopes_follow_the_opening"),
        ("UPDATE envelope SET state = 'returned'", "returned_is_unread"),
        (
            "UPDATE envelope SET state = 'withdrawn' WHERE receipt = (SELECT min(receipt) FROM envelope)",
            "three_or_none",
        ),
        ("UPDATE envelope SET bid_id = NULL", "bids_come_from_envelopes"),
        ("UPDATE opening SET draw_seed = 'x'", "openings_prove_themselves"),
        ("UPDATE opening SET list_sha256 = 'x'", "openings_prove_themselves"),
        ("UPDATE award SET price = price + 1 WHERE price > 0", "awards_name_bids"),
        ("UPDATE ranking SET result = '{}'", "results_have_their_hash"),
        ("UPDATE tender SET policy_document = '{}'", "policies_are_frozen"),
        ("UPDATE tender SET scheme = replace(scheme, 'technical', 'other')", "policies_are_frozen"),
        ("UPDATE tender SET bid_deadline = '2027-01-01 00:00:00.000000'", "policies_are_frozen"),
        ("UPDATE lot SET ceiling = ceiling - 100", "policies_are_frozen"),
        ("UPDATE bid SET price = price - 100", "the_trail_holds"),
        ("UPDATE audit_event SET actor_id = 'somebody'", "the_trail_holds"),
        ("UPDATE qualification SET state = 'unsuccessful'", "valid_is_qualified"),
        (
            "DROP INDEX uq_bid_standing; UPDATE bid SET organization_id = (SELECT min(organization_id) FROM bid)",
            "one_bid_stands",
        ),
        (
            "DROP INDEX uq_qualification_standing; UPDATE qualification SET bid_id = (SELECT min(id) FROM bid)",
            "one_qualification_stands",
        ),
        (
            "UPDATE tender SET award = replace(award, '\"maximumLotsAwardedPerSupplier\":1', '\"maximumLotsAwardedPerSupplier\":0')",
            "awards_within_limits",
        ),
    ],
)
def test_damage_is_noticed(api, damage, rule):
    Sealed(api).decided()
    with api.platform.engine.begin() as connection:
        for statement in damage.split("; "):
            connection.exec_driver_sql(statement)
    assert rule in faults(api)


@pytest.mark.parametrize("ended", ["failed", "dead", "cancelled", "succeeded"])
def test_a_document_that_waits_for_an_ended_job_is_noticed(api, ended):
    answer = api.as_(Role.OFFICER).post("/api/v1/documents", files={"files": ("a.txt", b"x")})
    assert answer.status_code == 202
    assert faults(api) == set()
    with api.platform.engine.begin() as connection:
        connection.execute(text("UPDATE job SET state = :state"), {"state": ended})
    assert faults(api) == {"what_waits_has_a_job"}


def test_a_job_without_its_worker_is_noticed(api):
    api.as_(Role.OFFICER).post("/api/v1/documents", files={"files": ("a.txt", b"x")})
    with api.platform.work() as work:
        lost = take(work.session, "w", work.now - timedelta(seconds=59), 30)
        assert lost is not None
    assert faults(api) == set(), "the lease has just ended: another worker takes it over"
    with api.platform.engine.begin() as connection:
        connection.execute(update(Job).values(lease_until=api.platform.clock() - timedelta(seconds=31)))
    assert faults(api) == {"leases_are_renewed"}


@pytest.mark.sqlite_only
def test_the_command_knows_every_table_in_a_process_of_its_own(platform):
    known = {"BIDSCREEN_DATA_DIR": str(platform.settings.data_dir), "BIDSCREEN_SECRET_KEY": SECRET}
    run = [sys.executable, "-c", "from app.entrypoints.cli.main import main; main()", "check"]
    ran = subprocess.run(run, env={**os.environ, **known}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["holds"] is True


@pytest.mark.sqlite_only
def test_the_command_says_what_holds(api, monkeypatch):
    Sealed(api).decided()
    monkeypatch.setenv("BIDSCREEN_DATA_DIR", str(api.platform.settings.data_dir))
    monkeypatch.setenv("BIDSCREEN_SECRET_KEY", SECRET)
    done_well = CliRunner().invoke(cli, ["check"])
    assert done_well.exit_code == 0 and json.loads(done_well.stdout)["holds"] is True
    with api.platform.engine.begin() as connection:
        connection.execute(text("UPDATE opening SET draw_seed = 'x'"))
    failed = CliRunner().invoke(cli, ["check"])
    found = {one["id"]: one["broken"] for one in json.loads(failed.stdout)["invariants"]}
    assert failed.exit_code == 3 and len(found["openings_prove_themselves"]) == 1
    assert done(api.anonymous.get("/api/v1/health"))
