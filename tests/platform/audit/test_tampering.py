"""Random tampering with a trail: each change is detected and located, and no untouched chain is reported.

TEST_TAMPERINGS sets how many (`make tamper`: 100,000); in the suite a few thousand.
"""

import os
import random
from collections import Counter
from functools import cache

import pytest

from app.platform.audit.offline.hashing import CHECKPOINTS, EXPORT
from app.platform.audit.offline.lines import examine, examine_checkpoint
from app.platform.audit.offline.verification import verify
from tests.making.trails.made import trail
from tests.making.trails.tampering import KINDS

TAMPERINGS = int(os.environ.get("TEST_TAMPERINGS", "2000"))
SHARDS = 8
EXAMINED_AFRESH = 500  # one in this many is verified without the cache of lines seen before


class Verifier:
    """verify() with a cache of lines: nearly all lines of a tampered trail are unchanged."""

    def __init__(self, made):
        self.made = made
        self.links = {line: examine(line) for line in made.lines}
        self.told = {line: examine_checkpoint(line, made.keys) for _, line in made.sink}

    def __call__(self, tampered):
        return verify(tampered.lines, self.made.keys, tampered.sink, examined=self.examined, looked=self.looked)

    def examined(self, line):
        return self.links[line] if line in self.links else examine(line)

    def looked(self, line):
        return self.told[line] if line in self.told else examine_checkpoint(line, self.made.keys)


@cache
def verifier(seed):
    made = trail(seed)
    assert verify(made.lines, made.keys, made.sink).breaks == ()
    return Verifier(made)


def located(report, places):
    """Whether a break names one of the places, and every break one of the chains that were changed."""
    touched = {chain for chain, _, _ in places} | {CHECKPOINTS, EXPORT}
    found = any(
        one.chain == chain and one.sequence <= last and one.last >= first
        for one in report.breaks
        for chain, first, last in places
    )
    return found and all(one.chain in touched for one in report.breaks)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_tampering_is_found_and_located(shard, capsys):
    chance, counts, missed = random.Random(shard), Counter(), []
    for number in range(TAMPERINGS // SHARDS):
        check = verifier(shard * 10 + number % 2)
        name = chance.choice(list(KINDS))
        tampered = KINDS[name](chance, check.made)
        report = check(tampered)
        if number % EXAMINED_AFRESH == 0:
            assert verify(tampered.lines, check.made.keys, tampered.sink) == report
        counts[name] += 1
        if not located(report, tampered.places):
            missed.append((name, tampered.places, report.breaks[:3]))
    with capsys.disabled():
        if TAMPERINGS > 2000:
            print(
                f"\nshard {shard}: {sum(counts.values())} tamperings, {len(missed)} missed",
                dict(sorted(counts.items())),
            )
    assert set(counts) == set(KINDS)
    assert missed == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_of_each_kind_one_breaks_the_trail(name):
    check = verifier(0)
    tampered = KINDS[name](random.Random(7), check.made)
    report = verify(tampered.lines, check.made.keys, tampered.sink)
    assert not report.intact
    assert located(report, tampered.places), report.breaks[:5]


def test_a_link_moved_before_its_chain_is_the_one_that_strayed():
    check = verifier(0)
    chain = max(chain for chain, _ in check.made.place)
    lines, first, later = list(check.made.lines), check.made.place[chain, 1], check.made.place[chain, 20]
    lines.insert(first, lines.pop(later))
    report = verify(lines, check.made.keys, check.made.sink)
    assert {(one.chain, one.sequence) for one in report.breaks} == {(chain, 20)}
