"""The sources of envelopes are stored with them, hidden before the opening, and compared after it."""

import pytest
from starlette.testclient import TestClient

from app.core.integrity.network import network_key
from tests.conftest import Api
from tests.making.procedure import done, refusal
from tests.making.sealed import Sealed, with_clock


@pytest.fixture
def tender(platform):
    with Api(with_clock(platform)[0]) as running:
        yield Sealed(running)


def from_address(api, client, address, program):
    """Return the same key used from another machine."""
    other = TestClient(client.app, raise_server_exceptions=False, client=(address, 40_000))
    other.portal = client.portal
    other.headers["Authorization"], other.headers["User-Agent"] = client.headers["Authorization"], program
    return other


def test_two_envelopes_from_one_machine(tender):
    addresses = ("58.210.7.8", "58.210.7.8", "58.211.9.9", "58.212.3.3")
    bidders = [tender.bidder(f"苏州市第{number}社会工作服务社") for number in range(4)]
    for number, (bidder, address) in enumerate(zip(bidders, addresses, strict=True)):
        bidder.client = from_address(tender.api, bidder.client, address, f"client {number // 2}")
        done(bidder.submit(price=f"{951_234 + 7_919 * number * number}.17"))
    traces = f"{tender.url}/submission-traces"
    assert refusal(tender.officer.get(traces)) == (409, "wrong_phase")
    tender.clock.at(0)
    done(tender.close())
    done(tender.open())
    assert len(done(tender.officer.get(traces))["items"]) == 4
    done(tender.officer.post(f"{tender.url}/flags"))
    tender.api.run_jobs()
    (flag,) = done(tender.officer.get(f"{tender.url}/flags", params={"code": "same_network_address"}))["items"]
    assert (flag["strength"], flag["subjects"]) == ("strong", sorted([bidders[0].id, bidders[1].id]))
    assert flag["message"]["en"].endswith("(58.210.7.8)") and network_key("testclient") == ""
