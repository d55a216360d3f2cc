"""The daily duties: each is queued once a day by whichever process is first, and says what it found."""

import dataclasses
import tarfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.entrypoints.features import JOB_KINDS
from app.platform.access.roles import Role
from app.platform.jobs.duties import Duties, is_due
from app.platform.jobs.tables import Job
from app.platform.jobs.worker import Worker

LIST = "court-dishonest"
MORNING = datetime(2026, 5, 20, 1, 0, tzinfo=UTC)  # 09:00 in China
DUTIES = ["contracts.lateness", "credit.age", "files.unfinished", "instance.backup", "privacy.retention"]


def at(platform, instant, **settings):
    changed = platform.settings.model_copy(update=settings)
    return dataclasses.replace(platform, clock=lambda: instant, settings=changed)


def results(platform):
    worker = Worker(platform, JOB_KINDS)
    while worker.run_one():
        pass
    with platform.work() as work:
        return {job.kind: (job.state, job.result) for job in work.session.scalars(select(Job))}


@pytest.mark.parametrize(
    ("instant", "due"),
    [
        (datetime(2026, 5, 19, 18, 29, tzinfo=UTC), False),  # 02:29 of the 20th in China
        (datetime(2026, 5, 19, 18, 30, tzinfo=UTC), True),
        (datetime(2026, 5, 20, 15, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 20, 16, 0, tzinfo=UTC), False),  # midnight: the next day's duties are not due yet
    ],
)
def test_duties_are_due_from_their_time_in_china(instant, due):
    assert is_due(instant, "02:30") is due


def test_each_duty_is_queued_once_a_day(platform):
    today, tomorrow = at(platform, MORNING), at(platform, MORNING + timedelta(days=1))
    assert Duties(today, JOB_KINDS).tick() == DUTIES
    assert Duties(today, JOB_KINDS).tick() == []
    assert Duties(tomorrow, JOB_KINDS).tick() == DUTIES


def test_of_two_processes_one_queues_a_duty(platform):
    today = at(platform, MORNING)
    late = Duties(today, JOB_KINDS)
    assert Duties(today, JOB_KINDS)._queue("credit.age", "2026-05-20")
    assert not late._queue("credit.age", "2026-05-20"), "it looked before the other had committed"


def test_the_duties_succeed_on_an_empty_instance(platform):
    today = at(platform, MORNING)
    Duties(today, JOB_KINDS).tick()
    found = results(today)
    assert {state for state, _ in found.values()} == {"succeeded"}
    assert found["privacy.retention"][1] == {"ended": 0, "subjects": []}
    assert found["instance.backup"][1] == {"archive": None}


def test_the_backup_is_written_and_old_ones_are_dropped(platform, tmp_path):
    kept = tmp_path / "backups"
    for day in range(3):
        today = at(platform, MORNING + timedelta(days=day), backup_dir=kept, backup_keep=2)
        Duties(today, {"instance.backup": JOB_KINDS["instance.backup"]}).tick()
        results(today)
    assert [one.name for one in sorted(kept.iterdir())] == ["bidscreen-2026-05-21.tar", "bidscreen-2026-05-22.tar"]
    with tarfile.open(kept / "bidscreen-2026-05-22.tar") as archive:
        assert any(name.startswith("database/") for name in archive.getnames())


@pytest.mark.parametrize(("days", "outdated"), [(7, []), (8, [LIST])])
def test_outdated_lists_are_named(client, days, outdated):
    retrieved = MORNING.date() - timedelta(days=days)
    answer = client.as_(Role.OFFICER).post(
        f"/api/v1/credit-lists/{LIST}/snapshots",
        files={"file": ("list.csv", "name,code\n苏州市某某社会工作服务社,\n".encode())},
        data={"retrievedAt": retrieved.isoformat()},
    )
    assert answer.status_code == 201, answer.text
    today = at(client.platform, MORNING)
    Duties(today, {"credit.age": JOB_KINDS["credit.age"]}).tick()
    assert results(today)["credit.age"] == ("succeeded", {"days": {LIST: days}, "outdated": outdated})
