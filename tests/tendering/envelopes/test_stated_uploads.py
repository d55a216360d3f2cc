"""What a sealed bid states of its documents and dossier is compared with what its bidder had uploaded by the deadline."""

import hashlib

import pytest

from app.tendering.envelopes.sealing import Offer, sealed
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock

PLAN, LATER, NEVER = (hashlib.sha256(one).hexdigest() for one in (b"plan", b"later", b"never"))


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


def upload(bidder, content):
    done(bidder.client.post("/api/v1/documents", files={"files": ("a.txt", content)}))


class Stating:
    """Bidders of one tender who state documents and versions."""

    def __init__(self, api):
        self.tender = Sealed(api)
        self.bidders = [self.tender.bidder(f"机构{number}") for number in range(3)]

    def submit(self, bidder, *contents, version=""):
        offer = Offer(self.tender.id, self.tender.lot, bidder.id, price="980000.00", dossier_version=version)
        done(bidder.submit(sealed(offer, self.tender.ceremony.public_key, contents).envelope))

    def opened(self):
        self.tender.clock.at(0)
        done(self.tender.close())
        record = {line["organization"]: line for line in done(self.tender.open())["record"]}
        return [record[bidder.id] for bidder in self.bidders]


def test_documents_that_were_not_uploaded_in_time_are_warned_of(api):
    stating = Stating(api)
    good, late, never = stating.bidders
    upload(good, b"plan")
    stating.submit(good, b"plan")
    stating.submit(late, b"later")
    stating.submit(never, b"plan", b"never")
    stating.tender.clock.at(0)
    upload(late, b"later")
    lines = stating.opened()
    told = [[(one["code"], one["stated"]) for one in line["differences"]] for line in lines]
    assert told[0] == [] and told[1] == [("document_late", LATER)]
    assert told[2] == [("document_missing", PLAN), ("document_missing", NEVER)], (
        "another bidder's upload is not its own"
    )
    bids = [done(stating.tender.officer.get(f"{stating.tender.url}/bids/{line['bid']}")) for line in lines]
    assert [bid["warnings"] for bid in bids] == [line["differences"] for line in lines]
    assert {bid["state"] for bid in bids} == {"opened"}, "a difference is a warning, it rejects nothing"


def test_the_dossier_version_is_that_of_the_deadline(api):
    stating = Stating(api)
    right, wrong, silent = stating.bidders
    url = f"/api/v1/organizations/{right.id}"
    done(right.client.put(f"{url}/roster", json={"lines": []}))
    shown = done(right.client.get(url))["version"]
    stating.submit(right, version=str(shown))
    stating.submit(wrong, version="7")
    stating.submit(silent)
    stating.tender.clock.at(0)
    done(right.client.put(f"{url}/roster", json={"lines": []}))  # later versions change nothing
    lines = stating.opened()
    assert [line["differences"] for line in lines] == [
        [],
        [{"code": "dossier_version", "stated": "7", "found": "1"}],
        [],
    ]
