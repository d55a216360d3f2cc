"""A consortium needs the consent of every member named; without it, naming a rival keeps nobody out."""

import pytest

from app.platform.access.roles import Role
from app.platform.audit.tables import AuditEvent
from app.platform.database.identifiers import new_id
from tests.conftest import Api
from tests.making.procedure import done, refusal
from tests.making.sealed import Sealed, with_clock


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


class Named:
    """A tender, a lead, and others that it names."""

    def __init__(self, api, named=1):
        self.tender = Sealed(api)
        self.lead, *self.others = (self.tender.bidder(f"机构{number}") for number in range(4))
        self.url = f"{self.tender.url}/consortia"
        self.body = {
            "lotId": self.tender.lot, "members": [one.id for one in self.others[:named]], "agreement": "联合体协议",
        }  # fmt: skip
        self.declared = done(self.lead.client.post(self.url, json=self.body))

    def consent(self, who, consortium=None):
        person = self.tender.api.logged_in(Role.BIDDER, who.id)
        return person.post(f"{self.url}/{consortium or self.declared['id']}/consent")

    def opened(self):
        """Let all bid alone; return their bids by organization."""
        for bidder in (self.lead, *self.others):
            done(bidder.submit())
        self.tender.clock.at(0)
        done(self.tender.close())
        record = done(self.tender.open())["record"]
        return {line["organization"]: {"id": line["bid"], "organizationId": line["organization"]} for line in record}


def test_naming_a_rival_without_its_consent_keeps_it_out_of_nothing(api):
    named = Named(api)
    assert (named.declared["state"], named.declared["consented"]) == ("pending", [named.lead.id])
    bids = named.opened()
    done(named.tender.qualify(bids[named.others[0].id]))
    done(named.tender.qualify(bids[named.lead.id]))
    listed = done(named.tender.officer.get(named.url))["items"]
    assert [one["state"] for one in listed] == ["pending"]
    requirements = named.tender.officer.get(f"{named.url}/{named.declared['id']}/requirements")
    assert refusal(requirements) == (409, "consortium_pending")


def test_with_the_consent_of_all_it_binds(api):
    named = Named(api, named=2)
    first, second, third = named.others
    assert done(named.consent(first))["state"] == "pending", "one of two is not enough"
    agreed = done(named.consent(second))
    assert (agreed["state"], agreed["consented"]) == ("agreed", [named.lead.id, first.id, second.id])
    assert done(named.consent(second)) == agreed, "again changes nothing"
    assert refusal(named.lead.client.post(named.url, json=named.body)) == (409, "consortium_agreed")
    bids = named.opened()
    assert refusal(named.tender.qualify(bids[first.id]))[1] == "member_bids_twice"
    done(named.tender.qualify(bids[third.id]))


def test_only_the_member_s_own_login_consents_and_in_time(api):
    named = Named(api)
    member, stranger, _ = named.others
    url = f"{named.url}/{named.declared['id']}/consent"
    assert refusal(member.client.post(url)) == (403, "forbidden"), "a program's key does not consent"
    assert refusal(named.tender.officer.post(url)) == (403, "forbidden")
    assert refusal(api.logged_in(Role.OFFICER).post(url)) == (403, "forbidden")
    assert refusal(named.consent(stranger)) == (404, "not_found")
    assert [one["id"] for one in done(member.client.get(named.url))["items"]] == [named.declared["id"]]
    assert done(stranger.client.get(named.url))["items"] == []
    named.tender.clock.at(0)
    assert refusal(named.consent(member)) == (409, "wrong_phase")


def test_a_pending_declaration_is_replaced_and_consents_do_not_carry_over(api):
    named = Named(api, named=2)
    first, _, third = named.others
    done(named.consent(first))
    again = done(named.lead.client.post(named.url, json={**named.body, "members": [first.id, third.id]}))
    assert (again["state"], again["consented"]) == ("pending", [named.lead.id])
    assert refusal(named.consent(first)) == (404, "not_found"), "what it consented to is gone"
    for member in (first, third):
        done(named.consent(member, again["id"]))
    unknown = {**named.body, "lotId": named.tender.lot, "members": [new_id("org")]}
    answer = named.others[1].client.post(named.url, json=unknown)
    assert refusal(answer) == (422, "invalid_input", ("unknown_organization", "/members/0"))


def test_the_tender_s_own_chain_says_nothing_of_a_consortium(api):
    named = Named(api)
    done(named.consent(named.others[0]))
    with api.platform.work() as work:
        own = [row.event for row in work.session.query(AuditEvent).filter_by(chain=named.tender.id)]
        sealed = [row.event for row in work.session.query(AuditEvent).filter(AuditEvent.chain.like("opn%"))]
    assert not any("consortium" in event or event == "worker:rows:record" for event in own)
    assert {"bidder:consortium:declare", "bidder:consortium:consent"} <= set(sealed)
