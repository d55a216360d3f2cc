"""Openings tampered with afterwards: each kind is found by a bidder, a custodian or a verifier; docs/audit.md says by whom."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.administration.trail.delivery import Delivery
from app.core.bids.reading import receipt_hash, record_hash
from app.core.bids.sealing import Sealed as Listed
from app.core.bids.sealing import draw_seed, hash_of_list
from app.platform.audit.folder_sink import FolderSink
from app.tendering.bids.tables import Bid
from app.tendering.envelopes.proving import Given, verified
from app.tendering.envelopes.schemas import OpeningOut
from app.tendering.envelopes.tables import Envelope, Opening
from tests.conftest import Api
from tests.making import tables
from tests.making.attacked import Verifiers, recompute
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock

HEAD = ("what was done to the opening", "bidder alone", "bidder with checkpoints", "custodians", "auditor")
SET_BACK = "2026-05-19T00:00:00+00:00"


@dataclass
class Held:
    """The stored opening as somebody with the database sees it; what is set here is written back."""

    record: list
    listed: dict
    commitment: str
    draw_secret: str
    custodians: list
    public_key: str
    tender_id: str

    def line(self, number=0):
        return sorted(self.record, key=lambda one: one["price"])[number]


def price_in_the_record(held):
    held.line(1)["price"] = "900000.00"


def price_of_the_bid_row(held):
    return {"bid": held.line(1)["bid"]}


def price_in_record_and_bid(held):
    held.line(1)["price"] = "900000.00"
    return {"bid": held.line(1)["bid"]}


def price_with_its_contents(held):
    """Contents, price and hash of the contents fit one another."""
    line = held.line(1)
    value = json.loads(line["contents"])
    value["price"]["sheet"]["figures"] = "900000.00"
    _rewrite(line, value)
    line["price"] = line["sheetFigures"] = "900000.00"
    return {"bid": line["bid"]}


def two_bids_exchanged(held):
    one, two = held.line(0), held.line(1)
    for name in ("price", "contents", "contentsBytes", "contentsSha256", "nonce", "sheetFigures"):
        one[name], two[name] = two[name], one[name]


def two_envelopes_exchanged(held):
    one, two = held.line(0), held.line(1)
    for name in ("sha256", "receipt", "receivedAt"):
        one[name], two[name] = two[name], one[name]


def arrival_set_back(held):
    line = held.line(1)
    line["receivedAt"] = SET_BACK
    entry = next(one for one in held.listed["envelopes"] if one["receipt"] == line["receipt"])
    entry["receipt_sha256"] = receipt_hash(held.tender_id, line["lot"], line["receipt"], line["sha256"], SET_BACK)


def good_bid_called_unreadable(held):
    gone = ("price", "sheetWords", "sheetFigures", "offered", "contents", "contentsBytes", "contentsSha256", "nonce")
    held.line(1).update(dict.fromkeys(gone), priceStatus="unreadable", fault="envelope_unreadable")


def good_bid_called_a_copy(held):
    held.line(1).update(price=None, priceStatus="unreadable", sheetFigures=None, fault="other_bidder")


def envelope_removed(held):
    line = held.line(1)
    held.record.remove(line)
    held.listed["envelopes"] = [one for one in held.listed["envelopes"] if one["receipt"] != line["receipt"]]


def envelope_added(held):
    line = {**held.line(1), "receipt": "0" * 32, "sha256": "1" * 64}
    whole = receipt_hash(held.tender_id, line["lot"], line["receipt"], line["sha256"], line["receivedAt"])
    held.record.append(line)
    held.listed["envelopes"].append(
        {"receipt": line["receipt"], "lot": line["lot"], "sha256": line["sha256"], "receipt_sha256": whole}
    )


def receipt_replaced(held):
    line = held.line(1)
    entry = next(one for one in held.listed["envelopes"] if one["receipt"] == line["receipt"])
    entry["receipt"] = line["receipt"] = "0" * 32
    entry["receipt_sha256"] = receipt_hash(held.tender_id, line["lot"], "0" * 32, line["sha256"], line["receivedAt"])


def lot_called_failed(held):
    held.listed["failedLots"].append({"lot": held.line()["lot"], "envelopes": 2})
    held.record.clear()


def draw_secret_chosen(held):
    held.draw_secret = "00" * 32
    held.commitment = hashlib.sha256(bytes(32)).hexdigest()


def public_key_replaced(held):
    held.public_key = "age1" + "q" * 58


def custodian_replaced(held):
    held.custodians[0]["recipient"] = "age1" + "q" * 58


def correction_invented(held):
    held.line(1)["corrections"] = [
        {"rule": "words_prevail", "stated": "950001.00", "corrected": "950001.00", "line": None}
    ]


def quantity_changed(held):
    held.line(1)["offered"] = "99"


def names_exchanged(held):
    one, two = held.line(0), held.line(1)
    one["organizationName"], two["organizationName"] = two["organizationName"], one["organizationName"]


def bids_exchanged_between_bidders(held):
    one, two = held.line(0), held.line(1)
    for name in ("organization", "organizationName"):
        one[name], two[name] = two[name], one[name]


KINDS = (
    price_in_the_record, price_of_the_bid_row, price_in_record_and_bid, price_with_its_contents, two_bids_exchanged,
    two_envelopes_exchanged, arrival_set_back, good_bid_called_unreadable, good_bid_called_a_copy, envelope_removed,
    envelope_added, receipt_replaced, lot_called_failed, draw_secret_chosen, public_key_replaced, custodian_replaced,
    correction_invented, quantity_changed, names_exchanged, bids_exchanged_between_bidders,
)  # fmt: skip


def _rewrite(line, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    line["contents"] = text
    line["contentsSha256"] = hashlib.sha256(text.encode().ljust(line["contentsBytes"])).hexdigest()


class Case:
    """An opened tender, and what its bidders, its custodians and its supervisor kept."""

    def __init__(self, api, where, sink):
        self.platform, self.where = api.platform, where
        self.tender = Sealed(api)
        (where / "envelopes").mkdir()
        self.given = [self._bid(number) for number in range(3)]
        self.tender.clock.at(0)
        done(self.tender.close())
        key = self._kept("key.json", json.dumps(self.tender.key()).encode())
        done(self.tender.open())
        Delivery(self.platform).tick(at_once=True)
        outside = {"checkpoints": sink, "public_keys": (self._kept("public.pem", self.platform.signer.public_pem()),)}
        self.witnessed = [replace(one, **outside) for one in self.given]
        self.custodians = Given(tender_key=key, envelopes=where / "envelopes", **outside)
        self.verifiers = Verifiers(self.platform, _Lines(sink))

    def _bid(self, number):
        bidder = self.tender.bidder(f"机构{number}")
        sealed = bidder.seal(price=f"{950_000 + number}.00")
        receipt = done(bidder.submit(sealed.envelope))
        self._kept(f"envelopes/{number}.age", sealed.envelope)
        return Given(
            envelope=self._kept(f"{number}.age", sealed.envelope),
            receipt_file=self._kept(f"{number}.json", json.dumps(receipt).encode()),
            contents=self._kept(f"{number}.contents", sealed.contents),
        )

    def _kept(self, name, content):
        (self.where / name).write_bytes(content)
        return self.where / name

    def found(self, kind):
        """Who finds it: bidder alone, bidder with checkpoints, custodians, auditor."""
        with self.platform.work() as work:
            if kind is not None:
                self.tamper(work.session, kind)
                recompute(work.session)
            row = work.session.scalar(select(Opening).execution_options(populate_existing=True))
            shown = self._kept("opening.json", OpeningOut.of(row).model_dump_json(by_alias=True).encode())
            found = (
                any(_broken(shown, one) for one in self.given),
                any(_broken(shown, one) for one in self.witnessed),
                bool(_broken(shown, self.custodians)),
                bool(self.verifiers(work.session)),
            )
            work.session.rollback()
        return found

    def tamper(self, session, kind):
        row = session.scalar(select(Opening))
        names = ("record", "listed", "commitment", "draw_secret", "custodians", "public_key", "tender_id")
        held = Held(**json.loads(json.dumps({name: getattr(row, name) for name in names})))
        before = json.dumps([held.record, held.listed, held.commitment, held.custodians, held.public_key])
        touched = kind(held) or {}
        if touched:
            session.execute(update(Bid.__table__).where(Bid.id == touched["bid"]).values(price=Decimal("900000.00")))
        assert touched or before != json.dumps(
            [held.record, held.listed, held.commitment, held.custodians, held.public_key]
        )
        nonces = [one["nonce"] for one in held.record if one["nonce"]]
        listed = [Listed(**one) for one in held.listed["envelopes"]]
        values = {
            "record": held.record, "listed": held.listed, "commitment": held.commitment, "public_key": held.public_key,
            "custodians": held.custodians, "draw_secret": held.draw_secret, "record_sha256": record_hash(held.record),
            "list_sha256": hash_of_list(listed), "draw_seed": draw_seed(bytes.fromhex(held.draw_secret), nonces),
        }  # fmt: skip
        session.execute(update(Opening.__table__).values(values))
        if kind is arrival_set_back:
            session.execute(update(Envelope.__table__).values(received_at=datetime.fromisoformat(SET_BACK)))


class _Lines:
    """A folder sink as Verifiers reads it."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def lines(self):
        files = sorted(self.folder.glob("checkpoint-*.json"))
        return {int(one.stem.removeprefix("checkpoint-")): one.read_bytes().removesuffix(b"\n") for one in files}


def _broken(shown, given):
    return [one.id for one in verified(shown, given) if one.holds is False]


@pytest.mark.sqlite_only
def test_every_tampered_opening_is_found(platform, tmp_path):
    sink = tmp_path / "supervisor"
    platform = replace(with_clock(platform)[0], sinks=(FolderSink(sink),))
    with Api(platform) as api:
        case = Case(api, tmp_path, sink)
        assert case.found(None) == (False, False, False, False)
        found = {kind.__name__: case.found(kind) for kind in KINDS}
    assert len(found) >= 15
    assert [name for name, who in found.items() if not who[3]] == []
    of_the_record = found.keys() - {"price_of_the_bid_row"}  # a row that is no part of what is published
    assert [name for name in of_the_record if not found[name][1]] == []
    rows = [(name.replace("_", " "), *("yes" if one else "no" for one in who)) for name, who in found.items()]
    tables.require("tampered openings", HEAD, rows)
