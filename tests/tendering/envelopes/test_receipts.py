"""A bidder verifies an opening with the published data and its own envelope."""

import copy
import json

import pytest
from typer.testing import CliRunner

from app.entrypoints.cli.main import cli
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock

RUN = CliRunner()
OF_THE_RECORD = ("record_is_of_the_list", "arrivals_are_of_the_receipts", "prices_follow_from_contents", "draw_seed")
NO_CHECKPOINTS = dict.fromkeys(("key_stated_outside", "list_stated_outside", "record_stated_outside"), None)
NOTHING_READ_YET = {**dict.fromkeys((*OF_THE_RECORD, "envelope_read_as_sealed")), **NO_CHECKPOINTS}
ALL = {**dict.fromkeys(("list_hash", *OF_THE_RECORD), True), **NO_CHECKPOINTS}
HOLDS = {**ALL, "envelope_listed": True}


@pytest.fixture
def tender(platform):
    with Api(with_clock(platform)[0]) as api:
        yield Sealed(api, lots=2)


def verify(where, opening, *options, status=0):
    file = where / "opening.json"
    file.write_text(json.dumps(opening))
    ran = RUN.invoke(cli, ["keys", "verify", str(file), *map(str, options)])
    assert ran.exit_code == status, ran.output
    return {one["id"]: one["holds"] for one in json.loads(ran.output)["proofs"]} if status != 2 else ran.output


@pytest.mark.sqlite_only
def test_a_bidder_proves_that_its_envelope_was_read_as_it_sealed_it(tender, tmp_path):
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    sealed = [bidder.seal(price=f"{950_000 + number}.00") for number, bidder in enumerate(bidders)]
    receipts = [done(bidder.submit(one.envelope)) for bidder, one in zip(bidders, sealed, strict=True)]
    alone = bidders[0].seal(lot=tender.lots[1])
    done(bidders[0].submit(alone.envelope, lot=tender.lots[1]))
    tender.clock.at(0)
    done(tender.close())
    (tmp_path / "bid.age").write_bytes(sealed[0].envelope)
    (tmp_path / "alone.age").write_bytes(alone.envelope)
    own = ("--envelope", tmp_path / "bid.age", "--receipt", receipts[0]["receipt"])
    before = verify(tmp_path, tender.opening(bidders[0].client), *own)
    assert before == {"list_hash": True, "envelope_listed": True, **NOTHING_READ_YET}
    done(tender.open())
    opening = tender.opening(bidders[0].client)
    assert verify(tmp_path, opening) == ALL
    whole = (*own, "--contents", sealed[0].contents_sha256)
    assert verify(tmp_path, opening, *whole) == {**HOLDS, "envelope_read_as_sealed": True}
    returned = verify(tmp_path, opening, "--envelope", tmp_path / "alone.age")
    assert returned == {**HOLDS, "returned_unread": True}
    for forge, broken in FORGERIES:
        forged = copy.deepcopy(opening)
        forge(forged)
        found = verify(tmp_path, forged, *whole, status=3)
        assert {name for name, holds in found.items() if holds is False} == broken
    assert verify(tmp_path, opening, *own, "--contents", "0" * 64, status=3)["envelope_read_as_sealed"] is False


def one_more_listed(opening):
    opening["envelopes"].append(
        {"receipt": "0" * 32, "lot": opening["record"][0]["lot"], "sha256": "0" * 64, "receiptSha256": "0" * 64}
    )


FORGERIES = (
    (one_more_listed, {"list_hash", "record_is_of_the_list"}),
    (lambda opening: opening["record"].append(opening["record"][0]), {"record_is_of_the_list", "draw_seed"}),
    (lambda opening: opening.update(drawSecret="00" * 32), {"draw_seed"}),
    (lambda opening: opening.update(drawSecret="no hex"), {"draw_seed"}),
    (lambda opening: opening.update(drawSeed="f" * 64), {"draw_seed"}),
    (lambda opening: opening.update(commitment="f" * 64), {"draw_seed"}),
)


@pytest.mark.sqlite_only
def test_what_cannot_be_verified_is_said(tender, tmp_path):
    file = tmp_path / "opening.json"
    for text, code in (
        (json.dumps(tender.opening()), "not_closed"),
        ("{}", "opening_malformed"),
        ("[", "opening_malformed"),
    ):
        file.write_text(text)
        ran = RUN.invoke(cli, ["keys", "verify", str(file)])
        assert (ran.exit_code, ran.stderr.partition(":")[0]) == (3, code)
    assert RUN.invoke(cli, ["keys", "verify", str(tmp_path / "none.json")]).exit_code == 2
