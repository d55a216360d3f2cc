"""Whose files the reading pool takes: one child is kept for other holders, those without a holder are not bounded."""

import threading

from app.evidence.reading.isolation.pool import PAGES_AT_ONCE, _Turns
from app.platform.web.concurrency import PICTURES_AT_ONCE


def started(turns, holder, let_go):
    """Start a task; return the event that says that it has its turn."""
    has = threading.Event()

    def task():
        with turns.one(holder):
            has.set()
            let_go.wait(20)

    threading.Thread(target=task, daemon=True).start()
    return has


def test_slow_files_of_one_holder_keep_no_other_waiting():
    turns, let_go = _Turns(3, 2), threading.Event()
    slow = [started(turns, "one", let_go) for _ in range(24)]
    other = started(turns, "other", let_go)
    assert other.wait(10), "it has the child that is kept"
    assert sum(has.wait(0.2) for has in slow[:24]) == 2
    let_go.set()
    assert all(has.wait(10) for has in slow)


def test_without_a_holder_all_children_are_used():
    turns, let_go = _Turns(3, 2), threading.Event()
    assert all(started(turns, "", let_go).wait(10) for _ in range(3))
    let_go.set()


def test_every_picture_that_has_its_turn_has_a_child():
    assert PAGES_AT_ONCE == PICTURES_AT_ONCE
