"""Decisions and prices changed in the database: every attack is found, and docs/audit.md says by whom."""

from dataclasses import replace

import pytest

from app.administration.trail.delivery import Delivery
from app.platform.audit.rows import bound_tables
from tests.conftest import Api
from tests.making import tables
from tests.making.attacked import ATTACKS, Verifiers, attacked, everything
from tests.making.sealed import with_clock

pytestmark = pytest.mark.sqlite_only  # the attacks are written in its SQL; the verifiers run on both in test_rows.py
ALL = {"check", "trail", "offline"}
HEAD = ("changed in the database", "row alone", "trail recomputed", "checkpoints removed")


def named(found):
    """The verifiers as the page abbreviates them, in the order of its legend."""
    words = {"check": "C", "trail": "A", "offline": "V"}
    return " ".join(words[one] for one in words if one in found)


class Sink:
    """A sink that the attacker cannot write to."""

    name = "memory:///supervisor"

    def __init__(self):
        self.lines = {}

    def put(self, number, line):
        self.lines[number] = line


def test_every_changed_decision_is_found_by_every_verifier(platform):
    sink = Sink()
    platform = replace(with_clock(platform)[0], sinks=(sink,))
    with Api(platform) as api:
        everything(api)
        Delivery(platform).tick(at_once=True)
        with platform.work() as work:
            assert Verifiers(platform, sink)(work.session) == frozenset()
        found = [attacked(platform, sink, name) for name in ATTACKS]
    assert len(found) >= 35
    assert [one.attack for one in found if not one.tables] == []  # an attack that changes nothing proves nothing
    assert [one.attack for one in found if one.plain != ALL] == []
    assert [one.attack for one in found if one.recomputed != ALL] == []
    assert [one.attack for one in found if "offline" not in one.removed] == []
    tables.require("changed decisions and prices", HEAD, [(one.attack, *map(named, (one.plain, one.recomputed, one.removed)))
                                                         for one in found])  # fmt: skip
    untouched = bound_tables().keys() - {table for one in found for table in one.tables}
    assert untouched == UPLOADS


UPLOADS = {
    "account_notice",
    "document",
    "extraction",
    "organization_identity",
    "particulars",
    "registration",
    "roster_version",
    "tender_document",
}  # fmt: skip  facts rather than decisions: test_rows.py
