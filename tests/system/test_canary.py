"""A price planted in envelopes appears nowhere before the opening: no response, no log line, no byte of any file or
dump.
"""

import io
import json
import logging
import secrets

import pytest
import structlog

from app.platform.web.logs import ACCESS, configure
from tests.conftest import Api
from tests.making.canaries import READERS, dump_of, files_of, readable_paths
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock


@pytest.fixture
def logs(platform):
    """Log everything, down to DEBUG; return the lines written so far."""
    root, access = logging.getLogger(), logging.getLogger(ACCESS)
    before = (root.handlers, root.level, access.handlers, access.propagate)
    configure(platform.settings.model_copy(update={"log_level": "DEBUG"}))
    written = io.StringIO()
    for logger in (root, access):
        for handler in logger.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(written)
    yield written.getvalue
    root.handlers, level, access.handlers, access.propagate = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def api(platform, logs):
    with Api(with_clock(platform)[0]) as running:
        yield running


def everything_readable(api, tender):
    """Request every GET of the service, by every role, on this tender and on what it lists."""
    document = api.anonymous.get("/api/v1/openapi.json").json()
    for role in READERS:
        for path in readable_paths(document, tender_id=tender.id, lot_id=tender.lot):
            yield api.as_(role).get(path).text


def test_no_planted_price_is_found_before_the_opening(api, logs, tmp_path):
    tender = Sealed(api)
    bidders = [tender.bidder(f"机构{number}") for number in range(4)]
    prices = [f"{secrets.randbelow(900_000) + 100_000}.{secrets.randbelow(90) + 10}" for _ in bidders]
    receipts = []
    for bidder, price in zip(bidders, prices, strict=True):
        done(bidder.submit(price="123123.45", headers={"Idempotency-Key": secrets.token_hex(8)}))
        receipts.append(done(bidder.submit(price=price, headers={"Idempotency-Key": secrets.token_hex(8)})))
    for bidder in bidders:
        bidder.submit(b"not an envelope")
        bidder.envelopes()
    wanted = [
        form.encode()
        for price in [*prices, "123123.45"]
        for form in (price, f"{price[:3]},{price[3:]}", price.replace(".", ""))
    ]

    def clean(where, content):
        found = [form for form in wanted if form in content]
        assert not found, where

    tender.clock.at(0)
    for _ in ("before the list is published", "after it"):
        for answer in everything_readable(api, tender):
            clean("an answer", answer.encode())
        tender.close()
    for name, content in [*files_of(api.platform.settings.data_dir), *dump_of(api.platform.engine)]:
        clean(name, content)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            clean(path.name, path.read_bytes())
    written = logs()
    clean("the log", written.encode())
    assert "submit_envelope" in written, "the log was looked at"
    record = done(tender.open())["record"]
    assert sorted(line["price"] for line in record) == sorted(prices), "and all of them after it"
    assert {line["receipt"] for line in record} == {one["receipt"] for one in receipts}


def test_officers_see_neither_bidders_nor_their_number(api):
    """The responses are the same for a tender with four envelopes and for one with none, except for ids and times."""
    empty, full = Sealed(api), Sealed(api)
    for number in range(4):
        done(full.bidder(f"机构{number}").submit())

    def shown(tender):
        for path in ("", "/lots", "/opening", "/envelopes", "/bids", "/notices", "/clocks", "/questions"):
            answer = tender.officer.get(f"{tender.url}{path}")
            if path != "/opening":
                yield path, answer.status_code, len(json.dumps(answer.json().get("items"))) if path != "/lots" else 0
            else:
                body = answer.json()
                yield path, answer.status_code, [name for name, value in body.items() if value is not None]

    assert list(shown(empty)) == list(shown(full))
