"""High load: no kind of request starves the others, excess requests are refused at once, and nothing runs without
limit.
"""

import asyncio
import contextlib
import json
import threading
import time

import anyio
import pytest

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.service import create
from app.entrypoints import asgi
from app.entrypoints.features import ROUTERS
from app.platform.access import permissions
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.audit.tables import AuditEvent
from app.platform.problems import Overloaded
from app.platform.unit_of_work import UnitOfWork, Work
from app.platform.web.bodies import LARGE
from app.platform.web.concurrency import Lane
from app.platform.web.routing import Router

BIDDER = "org_" + "0" * 26
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
LET_GO = threading.Event()
router = Router(prefix="/for-tests")


@router.post("/slow")
def be_slow(work: Work) -> str:
    work.record(Event.CLIENT_JOB_ENQUEUE, subject="slow")
    time.sleep(1.5)
    return "done"


@router.get("/slow")
def read_slowly(work: Work) -> str:
    time.sleep(1.5)
    return "read"


@router.post("/computed")
def compute(body: dict[str, list[int]]) -> str:
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        return "on the event loop"
    LET_GO.wait(60)
    return "computed"


@router.get("/held")
def hold(work: Work) -> str:
    LET_GO.wait(60)
    return "read"


@pytest.fixture(autouse=True)
def with_routes(monkeypatch):
    monkeypatch.setattr(asgi, "ROUTERS", (*ROUTERS, router))
    for route in router.routes:
        monkeypatch.setitem(permissions.PERMISSIONS, route.name, permissions.may({Role.OFFICER}))


def head(method, path, key, *more):
    lines = [f"{method} /api/v1/{path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {key}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def begun_upload(key):
    """Return the head of an upload and the beginning of its file."""
    form = 'Content-Type: multipart/form-data; boundary="x"'
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    return head("POST", "documents", key, form, "Content-Length: 1000") + part


def status(answer):
    return int(answer.split(b" ", 2)[1])


def test_uploads_that_never_end_keep_nobody_else_out(serve):
    served = serve(max_uploads=2, max_requests=20)
    keys = [served.key(Role.OFFICER) for _ in range(3)]
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(served.connect()) for _ in range(10)]
        for number, line in enumerate(lines):
            line.say(begun_upload(keys[number % 2]))  # five for each of two callers: two at work, eight waiting
        time.sleep(0.5)
        with served.connect() as late:
            answer = late.say(begun_upload(keys[0])).answer()
        assert status(answer) == 503
        assert b"retry-after: 2" in answer.lower()
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "overloaded"
        with served.connect() as other:
            assert status(other.say(HEALTH).answer()) == 200
            assert status(other.say(head("GET", "tenders", keys[0])).answer()) == 200
            body = b'{"name": "x"}'
            sent = head(
                "POST", "organizations", keys[2], "Content-Type: application/json", f"Content-Length: {len(body)}"
            )
            assert status(other.say(sent + body).answer()) == 201


def test_places_are_free_again_when_their_holders_are_gone(serve):
    served = serve(max_uploads=1, max_requests=4)
    key = served.key(Role.OFFICER)
    for _ in range(4):
        with contextlib.ExitStack() as stack:
            for _ in range(2):
                stack.enter_context(served.connect()).say(begun_upload(key))
            time.sleep(0.2)
    deadline = time.monotonic() + 10
    form = 'Content-Type: multipart/form-data; boundary="x"'
    while True:
        with served.connect() as line:
            answer = line.say(head("POST", "documents", key, form, "Content-Length: 5") + b"--x--").answer()
        if status(answer) != 503 or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    assert status(answer) == 422


def test_bodies_that_come_slowly_hold_no_writer(serve):
    served = serve(max_requests=64)  # 8 threads, 4 writers
    key = served.key(Role.OFFICER)
    begun = head("POST", "organizations", key, "Content-Type: application/json", "Content-Length: 1000") + b"{"
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(served.connect()).say(begun)
        time.sleep(0.3)
        with served.connect() as line:
            whole = head("POST", "organizations", key, "Content-Type: application/json", "Content-Length: 2") + b"{}"
            assert status(line.say(whole).answer()) == 422


def test_one_caller_gets_half_of_the_house(serve):
    served = serve(max_requests=8)
    greedy, modest = served.key(Role.OFFICER), served.key(Role.OFFICER)
    begun = "Content-Type: application/json", "Content-Length: 1000"
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(served.connect()).say(head("POST", "organizations", greedy, *begun))
        time.sleep(0.3)
        with served.connect() as line:
            assert status(line.say(head("GET", "tenders", greedy)).answer()) == 503
            assert status(line.say(head("GET", "tenders", modest)).answer()) == 200


def test_requests_that_fill_their_lane_keep_no_envelope_out(serve):
    """Eight callers occupy every slot for requests; an envelope is still read, up to its own refusal."""
    served = serve(max_requests=4)
    begun = "Content-Type: application/json", "Content-Length: 1000"
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(served.connect()).say(head("POST", "organizations", served.key(Role.OFFICER), *begun))
        time.sleep(0.3)
        with served.connect() as line:
            assert status(line.say(head("GET", "tenders", served.key(Role.OFFICER))).answer()) == 503
        with served.platform.work() as work:
            bidder = create(work, "bidder", Binding(Role.BIDDER, "org_" + "0" * 26))[1]
        with served.connect() as line:
            path = f"tenders/ten_{'0' * 26}/envelopes"
            form = "Content-Type: multipart/form-data; boundary=x", "Content-Length: 5"
            answer = line.say(head("POST", path, bidder, *form) + b"--x--").answer()
            assert status(answer) == 422, answer


def test_health_answers_when_every_thread_is_taken(serve):
    served = serve(max_requests=64)
    key = served.key(Role.OFFICER)
    with contextlib.ExitStack() as stack:
        stack.callback(LET_GO.set)
        for _ in range(24):
            stack.enter_context(served.connect()).say(head("GET", "for-tests/held", key))
        time.sleep(0.3)
        with served.connect() as line:  # would wait as long as the others occupy their threads
            assert status(line.say(HEALTH).answer()) == 200
            assert not LET_GO.is_set()


def test_one_holder_s_computations_keep_no_other_waiting(serve):
    """Ten computations of one caller wait for one another; that of another has its turn at once."""
    served = serve()
    greedy, modest = served.key(Role.OFFICER), served.key(Role.OFFICER)
    body = json.dumps({"a": [1] * LARGE}).encode()
    sent = "Content-Type: application/json", f"Content-Length: {len(body)}"
    with contextlib.ExitStack() as stack:
        LET_GO.clear()
        stack.callback(LET_GO.set)
        lines = [stack.enter_context(served.connect()) for _ in range(10)]
        for line in lines:
            line.say(head("POST", "for-tests/computed", greedy, *sent) + body)
        time.sleep(0.5)
        with served.connect() as other:
            preview = head("POST", "rankings/preview", modest, "Content-Type: application/json", "Content-Length: 2")
            assert status(other.say(preview + b"{}").answer()) == 422
            assert not LET_GO.is_set(), "the ten still run or wait"
        LET_GO.set()
        assert [status(line.answer()) for line in lines] == [200] * 10


def recorded(platform):
    with platform.work() as work:
        return work.session.query(AuditEvent).filter(AuditEvent.subject_id == "slow").count()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_takes_too_long_is_answered_and_undone(serve, method):
    served = serve(request_seconds=1)
    with served.connect() as line:
        answer = line.say(head(method, "for-tests/slow", served.key(Role.OFFICER), "Content-Length: 0")).answer()
    assert status(answer) == 503
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "timed_out"
    assert recorded(served.platform) == 0


def test_what_is_being_committed_when_its_time_is_up_is_answered_as_done(serve, monkeypatch):
    served = serve(request_seconds=2)
    commit = UnitOfWork.commit

    def slowly(self):
        time.sleep(1.5)
        commit(self)

    key = served.key(Role.OFFICER)
    monkeypatch.setattr(UnitOfWork, "commit", slowly)
    with served.connect() as line:
        answer = line.say(head("POST", "for-tests/slow", key, "Content-Length: 0")).answer()
    monkeypatch.setattr(UnitOfWork, "commit", commit)
    assert status(answer) == 200
    assert recorded(served.platform) == 1


async def entered(lane, holder):
    """A place and a turn; the function that ends both."""
    leave = lane.place(holder)
    try:
        end = await lane.turn(holder)
    except BaseException:
        leave()
        raise
    return lambda: (end(), leave())


@pytest.mark.parametrize("uploads", [1, 3])
def test_a_lane_holds_its_bounds_and_its_order(uploads):
    async def crowd():
        lane, running, most, order = Lane(20, uploads), 0, 0, []
        refused = 0

        async def one(number):
            nonlocal running, most, refused
            try:
                end = await entered(lane, f"caller {number % 4}")
            except Overloaded:
                refused += 1
                return
            running += 1
            most = max(most, running)
            order.append(number)
            await anyio.sleep(0.001)
            running -= 1
            end()

        async with anyio.create_task_group() as group:
            for number in range(30):
                group.start_soon(one, number)
        assert most == uploads
        assert refused == 10
        assert order == sorted(order)
        ends = [await entered(lane, f"again {number}") for number in range(uploads)]
        for end in ends:
            end()

    anyio.run(crowd)


def test_turns_go_round_among_the_holders():
    """Thirty requests of one holder come first: the one request of another is the next but those that run already."""

    async def crowd():
        lane, order = Lane(100, 4), []

        async def one(holder):
            end = await entered(lane, holder)
            order.append(holder)
            await anyio.sleep(0.001)
            end()

        async with anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(one, "greedy")
            await anyio.sleep(0)
            group.start_soon(one, "modest")
            group.start_soon(one, "third")
        assert order[:4] == ["greedy", "greedy", "modest", "third"], "half of the turns are kept for others"

    anyio.run(crowd)


def test_a_full_lane_has_a_place_for_whoever_has_none():
    lane = Lane(4, 4)
    for holder in ("one", "other"):
        for _ in range(2):
            lane.place(holder)
        with pytest.raises(Overloaded):
            lane.place(holder)
    leave = lane.place("third")
    with pytest.raises(Overloaded):
        lane.place("third")
    leave()
    for number in range(4):
        lane.place(f"late {number}")
    with pytest.raises(Overloaded):
        lane.place("too late")


def test_giving_up_the_wait_gives_the_place_back():
    async def impatient():
        lane = Lane(2, 1)
        end = await entered(lane, "first")
        for _ in range(5):
            with anyio.move_on_after(0.001):
                await entered(lane, "second")
        end()
        (await entered(lane, "second"))()

    anyio.run(impatient)


def test_a_turn_that_is_free_is_had_at_once():
    lane = Lane(4, 2)
    first = lane.turn_now("first")
    assert lane.turn_now("first") is None, "the other turn is for another holder"
    second = lane.turn_now("second")
    assert lane.turn_now("third") is None, "there is a wait"
    first()
    lane.turn_now("third")()
    second()
    assert lane.turn_now("second") is not None
