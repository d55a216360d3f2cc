"""Who is next: the most urgent first, and within an urgency tenders and organizations take turns."""

import pytest
from typer import BadParameter

from app.entrypoints.cli.worker import _named
from app.entrypoints.features import JOB_KINDS
from app.platform.access.roles import Principal, Role
from app.platform.database.identifiers import new_id
from app.platform.jobs.enqueue import enqueue
from app.platform.jobs.kinds import JobKind
from app.platform.jobs.lease import Reach, take
from app.platform.jobs.worker import Worker

EVERY = Reach()
OFFICER = Principal(new_id("key"), Role.OFFICER)


def put(platform, kind="test.usual", *, tender=None, priority=0, principal=OFFICER):
    with platform.work(principal) as work:
        row = enqueue(work, kind, {}, tender=tender)
        row.priority = priority
        return row.id


def order(platform, reach=EVERY):
    taken = []
    while True:
        with platform.work() as work:
            job = take(work.session, "w", work.now, 30, reach)
            if job is None:
                return taken
            taken.append(job.id)


def test_the_most_urgent_comes_first(platform):
    later, usual, urgent = put(platform, priority=-10), put(platform), put(platform, priority=10)
    assert order(platform) == [urgent, usual, later]


def test_kinds_have_their_urgency(platform):
    with platform.work(OFFICER) as work:
        found = {kind: enqueue(work, kind, {}).priority for kind in JOB_KINDS}
    assert found["screening.batch"] > found["documents.extract"] > found["contracts.lateness"]


def test_tenders_of_one_officer_take_turns(platform):
    first = [put(platform, tender="ten_1") for _ in range(3)]
    other = put(platform, tender="ten_2")
    assert order(platform) == [first[0], other, *first[1:]]


def test_a_worker_takes_its_kinds_alone(platform):
    put(platform, "test.other")
    mine = put(platform, "test.mine")
    assert order(platform, Reach(kinds=("test.mine",))) == [mine]


def test_a_worker_does_not_step_aside_for_what_it_cannot_run(platform):
    steps = []

    def step(run):
        for number in range(2):
            with run.chunk(done=number, total=2, checkpoint={"next": number}):
                pass
            run.step_aside()
            steps.append(number)

    put(platform, "test.mine", tender="ten_1")
    put(platform, "test.other", tender="ten_2")
    Worker(platform, {"test.mine": JobKind(step)}, only=("test.mine",)).run_one()
    assert steps == [0, 1]


@pytest.mark.parametrize(
    ("named", "kinds"),
    [
        (None, None),
        ("ocr", ("documents.extract",)),
        ("ocr, credit.import", ("credit.import", "documents.extract")),
        ("duties", tuple(sorted(name for name, kind in JOB_KINDS.items() if kind.daily))),
    ],
)
def test_a_worker_is_told_lanes_or_kinds(named, kinds):
    assert _named(named, JOB_KINDS) == kinds


def test_an_unknown_lane_is_refused_and_the_known_are_named():
    with pytest.raises(BadParameter, match="known are duties, integrity, lists, ocr, screening"):
        _named("ocr,orc", JOB_KINDS)
