"""Every upload ends as extracted, for review or rejected, with a reason and the file stored; the service responds
meanwhile.

`make hostile` runs it with hundreds of damaged files.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.platform.access.roles import Role
from tests.making.corpus import hostile

API = "/api/v1/documents"
FLIPPED = int(os.environ.get("TEST_HOSTILE_FILES", "6"))


@contextmanager
def asked_all_the_while(client) -> Iterator[list[int]]:
    """Poll /api/v1/health from another thread and collect the responses."""
    answers: list[int] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answers.append(client.anonymous_client().get("/api/v1/health").status_code)
            time.sleep(0.05)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        ended.set()
        thread.join()


@pytest.mark.sqlite_only
def test_hostile_files_end_with_a_reason_and_are_kept(client) -> None:
    files = {name: make() for name, make in hostile.FILES.items()}
    files |= dict(hostile.cut()) | dict(hostile.flipped(FLIPPED))
    officer, sent = client.as_(Role.OFFICER), []
    every = list(files.items())
    with asked_all_the_while(client) as answers:
        for first in range(0, len(every), 100):
            part = [("files", one) for one in every[first : first + 100]]
            answer = officer.post(API, files=part)
            assert answer.status_code == 202, answer.text
            sent += answer.json()["documents"]
        client.run_jobs()
    assert set(answers) == {200} and len(answers) > 10
    assert len(sent) == len(files)
    for document, (name, data) in zip(sent, every, strict=True):
        found = officer.get(f"{API}/{document['id']}").json()
        assert found["state"] in ("extracted", "needs_review", "rejected"), name
        assert found["state"] == "extracted" or found["reasons"], name
        assert officer.get(f"{API}/{document['id']}/content").content == data, name
