"""Sealed bids: no price, bidder or number is visible before the opening; afterwards everything is, with proofs."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from app.core.bids.sealing import LARGEST, SealRefused, commitment, draw_seed
from app.platform.access.roles import Role
from app.tendering.envelopes import age
from app.tendering.envelopes.ceremony import Wrap, hold, peel
from tests.conftest import Api
from tests.making.procedure import done
from tests.making.sealed import Sealed, with_clock


@pytest.fixture
def api(platform):
    with Api(with_clock(platform)[0]) as running:
        yield running


@pytest.fixture
def tender(api):
    return Sealed(api)


def refused(answer, code, status=409):
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    return answer.json()


def test_the_whole_way_from_the_ceremony_to_the_record(tender):
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    offers = [
        bidder.seal(price) for bidder, price in zip(bidders, ("980000.00", "98.5万元", "900,000.00元"), strict=True)
    ]
    receipts = [done(bidder.submit(offer.envelope)) for bidder, offer in zip(bidders, offers, strict=True)]
    assert [one["sha256"] for one in receipts] == [offer.sha256 for offer in offers]
    assert len({one["receipt"] for one in receipts}) == 3
    tender.clock.at(0)
    closed = done(tender.close())
    assert sorted(one["sha256"] for one in closed["envelopes"]) == sorted(offer.sha256 for offer in offers)
    assert closed["record"] is None and closed["drawSecret"] is None
    assert tender.opening(bidders[0].client)["listSha256"] == closed["listSha256"], "every bidder gets the list"
    opened = done(tender.open())
    assert {one["organizationName"]: one["price"] for one in opened["record"]} == {
        "机构0": "980000.00", "机构1": "985000.00", "机构2": "900000.00",
    }  # fmt: skip
    for line, offer in zip(sorted(opened["record"], key=lambda one: one["organizationName"]), offers, strict=True):
        assert (line["sha256"], line["contentsSha256"], line["nonce"]) == (
            offer.sha256,
            offer.contents_sha256,
            offer.nonce,
        )
        assert line["fault"] is None and line["corrections"] == []
    secret = bytes.fromhex(opened["drawSecret"])
    assert commitment(secret) == opened["commitment"]
    assert opened["drawSeed"] == draw_seed(secret, [offer.nonce for offer in offers])
    assert done(tender.officer.get(tender.url))["state"] == "active.qualification"
    bids = done(tender.officer.get(f"{tender.url}/bids"))["items"]
    assert sorted(bid["price"] for bid in bids) == ["900000.00", "980000.00", "985000.00"]
    refused(tender.open(), "step_refused")
    refused(
        tender.officer.post(
            f"{tender.url}/bids", json={"lotId": tender.lots[0], "organizationId": bidders[0].id, "price": None}
        ),
        "bids_sealed",
    )


def test_before_the_deadline_nobody_but_the_bidder_sees_an_envelope(tender):
    one, other = tender.bidder("甲"), tender.bidder("乙")
    envelope = done(one.submit())["id"]
    for role in (Role.OFFICER, Role.AUDITOR, Role.CLIENT):
        client = tender.api.as_(role)
        refused(client.get(f"{tender.url}/envelopes"), "still_sealed")
        assert client.get(f"{tender.url}/envelopes/{envelope}").status_code == 404
        shown = tender.opening(client)
        assert shown["envelopes"] is None and shown["record"] is None
        assert done(client.get(f"{tender.url}/bids"))["items"] == [] if role is not Role.CLIENT else True
    assert other.envelopes() == []
    assert other.client.get(f"{tender.url}/envelopes/{envelope}").status_code == 404
    assert other.withdraw(envelope).status_code == 404
    assert other.client.get(f"{tender.url}/envelopes/{envelope}/content").status_code == 404
    assert [own["id"] for own in one.envelopes()] == [envelope]
    refused(tender.close(), "bidding_open")
    refused(tender.open(), "list_first")


def test_replace_and_withdraw_until_the_deadline(tender):
    bidder = tender.bidder()
    first, second = done(bidder.submit()), done(bidder.submit(price="970000.00"))
    assert {one["id"]: one["state"] for one in bidder.envelopes()} == {
        first["id"]: "superseded",
        second["id"]: "sealed",
    }
    again = bidder.seal()
    assert done(bidder.submit(again.envelope))["id"] == done(bidder.submit(again.envelope))["id"]
    standing = next(one for one in bidder.envelopes() if one["state"] == "sealed")
    assert done(bidder.withdraw(standing["id"]))["state"] == "withdrawn"
    body = refused(bidder.withdraw(standing["id"]), "step_refused")
    assert "第三十四条" in body["detail"]
    done(bidder.submit())
    tender.clock.at(0)
    last = next(one for one in bidder.envelopes() if one["state"] == "sealed")
    refused(bidder.withdraw(last["id"]), "step_refused")


def test_a_bidder_s_envelopes_for_a_lot_are_counted_and_bounded(tender):
    """Every answer tells how many are left; one more than the quota is refused, a retry and a withdrawal are not."""
    most = tender.api.platform.settings.quota_envelopes
    bidder, other = tender.bidder("甲"), tender.bidder("乙")
    last = None
    for number in range(1, most + 1):
        last = bidder.seal(price=f"{900_000 + number}.00")
        answer = bidder.submit(last.envelope)
        assert (answer.status_code, answer.headers["quota-envelopes"]) == (201, f"{number}/{most}")
    body = refused(bidder.submit(), "quota_exceeded")
    assert str(most) in body["detail"]
    refused(bidder.submit(b"no envelope"), "quota_exceeded")
    standing = done(bidder.submit(last.envelope))
    assert done(bidder.withdraw(standing["id"]))["state"] == "withdrawn"
    assert other.submit().status_code == 201


@pytest.mark.parametrize(("seconds", "status"), [(-0.001, 201), (0, 409), (0.001, 409)])
def test_a_bid_counts_by_the_millisecond_its_last_byte_arrives(tender, seconds, status):
    bidder = tender.bidder()
    envelope = bidder.seal().envelope
    tender.clock.at(seconds)
    answer = bidder.submit(envelope)
    assert answer.status_code == status
    if status == 409:
        body = refused(answer, "bidding_closed")
        assert sha256(envelope).hexdigest() in body["detail"], "a refusal has its receipt too"
        assert body["article"] == "财政部令第87号 第三十三条"
    hidden = tender.api.as_(Role.AUDITOR).get("/api/v1/audit?limit=100").json()["items"]
    assert not any(event["event"].startswith("bidder:envelope") for event in hidden), "who bids is not told yet"
    tender.clock.at(1)
    done(tender.close())
    told = [event["event"] for event in tender.api.as_(Role.AUDITOR).get("/api/v1/audit?limit=100").json()["items"]]
    assert told.count("bidder:envelope:submit") == (status == 201)
    assert told.count("bidder:envelope:refuse") == (status == 409)


def test_what_is_no_envelope_is_refused_with_a_receipt(tender):
    bidder = tender.bidder()
    for content, code in (
        (b"", "envelope_empty"),
        (b"%PDF-1.7", "envelope_malformed"),
        (b"a" * LARGEST, "envelope_oversized"),
    ):
        body = refused(bidder.submit(content), "envelope_refused", 422)
        assert body["detail"].startswith(code) and sha256(content).hexdigest() in body["detail"]
    assert bidder.envelopes() == []
    assert bidder.submit(lot="lot_" + "0" * 26).status_code == 422


def test_a_lot_with_fewer_than_three_envelopes_is_never_opened(api):
    tender = Sealed(api, lots=2)
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    full = [done(bidder.submit(lot=tender.lots[0])) for bidder in bidders]
    few = [done(bidder.submit(lot=tender.lots[1], price="123456.78")) for bidder in bidders[:2]]
    tender.clock.at(0)
    closed = done(tender.close())
    assert closed["failedLots"] == [{"lot": tender.lots[1], "envelopes": 2}]
    told = done(tender.officer.get(f"{tender.url}/notices"))["items"][-1]["content"]
    assert told == {"lotId": tender.lots[1], "reason": "投标人不足三家，不得开标（财政部令第87号 第四十一条）"}
    opened = done(tender.open())
    assert {one["receipt"] for one in opened["record"]} == {one["receipt"] for one in full}
    assert "123456" not in str(opened)
    states = {one["id"]: one["state"] for one in bidders[0].envelopes()}
    assert states == {full[0]["id"]: "opened", few[0]["id"]: "returned"}
    back = bidders[0].client.get(f"{tender.url}/envelopes/{few[0]['id']}/content")
    assert sha256(back.content).hexdigest() == few[0]["sha256"]
    lots = {lot["id"]: lot["state"] for lot in done(tender.officer.get(f"{tender.url}/lots"))["items"]}
    assert lots == {tender.lots[0]: "active", tender.lots[1]: "unsuccessful"}


def test_a_tender_of_which_every_lot_fails_ends(tender):
    done(tender.bidder().submit())
    tender.clock.at(1)
    done(tender.close())
    assert done(tender.officer.get(tender.url))["state"] == "unsuccessful"
    refused(tender.open(), "step_refused")


def test_one_bad_envelope_does_not_stop_the_opening(tender):
    good = [tender.bidder(f"机构{number}") for number in range(3)]
    for bidder in good:
        done(bidder.submit())
    thief, confused, elsewhere, unclear = (tender.bidder(name) for name in ("抄袭者", "密钥错误", "别的项目", "看不清"))
    done(thief.submit(good[0].seal().envelope))
    done(confused.submit(age.seal(b"{}", age.new_identity()[1])))
    done(elsewhere.submit(elsewhere.seal(tender="ten_" + "0" * 26).envelope))
    done(unclear.submit(price="一万五"))
    nonsense = tender.bidder("胡写")
    done(nonsense.submit(age.seal(b"not json", tender.ceremony.public_key)))
    tender.clock.at(0)
    done(tender.close())
    record = {one["organizationName"]: one for one in done(tender.open())["record"]}
    faults = {name: one["fault"] for name, one in record.items() if one["fault"]}
    assert faults == {
        "抄袭者": "other_bidder",
        "密钥错误": "envelope_unreadable",
        "别的项目": "other_tender",
        "胡写": "contents_malformed",
    }
    assert (record["看不清"]["price"], record["看不清"]["priceStatus"]) == (None, "unreadable")
    assert record["抄袭者"]["price"] is None, "a copied price is not read out for who copied it"
    states = {bid["organizationName"]: bid["state"] for bid in done(tender.officer.get(f"{tender.url}/bids"))["items"]}
    assert states["抄袭者"] == "invalid" and states["机构0"] == "opened" and states["看不清"] == "opened"


def test_only_the_tenders_own_key_opens_and_a_wrong_one_is_on_record(tender):
    for number in range(3):
        done(tender.bidder(f"机构{number}").submit())
    tender.clock.at(0)
    done(tender.close())
    right = tender.key()
    custodian = next(iter(tender.custodians.values()))[0]
    for wrong in (
        {**right, "identity": custodian},
        {**right, "drawSecret": "00" * 32},
        {**right, "drawSecret": "xyz"},
        {**right, "identity": "AGE-SECRET-KEY-1"},
        {**right, "identity": tender.ceremony.wraps[0].wrap[:60].hex()},
    ):
        body = refused(tender.open(wrong), "tender_key_refused", 422)
        assert wrong["identity"] not in str(body)
    events = tender.api.as_(Role.AUDITOR).get(f"/api/v1/audit?chain={tender.id}&limit=100").json()["items"]
    assert [event["event"] for event in events].count("officer:opening:refuse") == 5
    assert right["identity"] not in str(events)
    for number in (1, 2):
        assert tender.key(number) == right, "every pair of custodians holds the same key"
    done(tender.open(tender.key(2)))


def test_a_corrected_price_waits_for_the_bidders_word(tender):
    bidders = [tender.bidder(f"机构{number}") for number in range(3)]
    done(bidders[0].submit(words="玖拾捌万元整", price="890000"))
    envelope = done(bidders[1].submit(words="玖拾捌万元整", price="890000"))
    done(bidders[2].submit())
    tender.clock.at(0)
    done(tender.close())
    record = {one["organizationName"]: one for one in done(tender.open())["record"]}
    assert record["机构0"]["price"] == "980000.00"
    assert record["机构0"]["corrections"] == [
        {"rule": "words_prevail", "stated": "890000.00", "corrected": "980000.00", "line": None}
    ]
    url = f"{tender.url}/opening/confirmations"
    body = {"envelope": envelope["id"], "confirmed": False, "answer": "以小写为准"}
    assert done(tender.officer.post(url, json=body))["priceNeedsConfirmation"] is False
    refused(tender.officer.post(url, json=body), "step_refused")
    bid = tender.officer.get(f"{tender.url}/bids/{record['机构1']['bid']}").json()
    assert (bid["state"], bid["ground"], bid["reason"]) == ("invalid", "other", "以小写为准")
    assert (
        tender.officer.get(f"{tender.url}/envelopes/{record['机构0']['envelope']}").json()["priceNeedsConfirmation"]
        is True
    )


def test_the_key_is_frozen_with_the_publication_and_must_be_whole(api):
    tender = Sealed(api, publish=False)
    url = f"{tender.url}/opening/key"
    good = tender.ceremony.document()
    twice = [good["custodians"][0], {**good["custodians"][0], "name": "另一个"}, good["custodians"][2]]
    for wrong, pointer in (
        ({**good, "wraps": good["wraps"][1:]}, "/wraps"),
        ({**good, "wraps": [{**good["wraps"][0], "wrap": "QUJD"}, *good["wraps"][1:]]}, "/wraps/0/wrap"),
        ({**good, "wraps": [{**good["wraps"][0], "wrap": "QUJDR"}, *good["wraps"][1:]]}, "/wraps/0/wrap"),
        ({**good, "custodians": twice}, "/custodians"),
        ({**good, "threshold": 4}, "/custodians"),
    ):
        answer = tender.officer.put(url, json=wrong)
        assert answer.status_code == 422 and pointer in [one["pointer"] for one in answer.json()["errors"]], answer.text
    done(tender.officer.put(url, json=good))
    assert "AGE-SECRET" not in str(done(tender.officer.get(f"{tender.url}/opening/wraps")))
    done(tender.officer.post(f"{tender.url}/publish"))
    other = hold({name: pair[1] for name, pair in tender.custodians.items()}, 3)
    refused(tender.officer.put(url, json=other.document()), "policy_frozen")
    tender.clock.at(1)
    refused(tender.officer.post(f"{tender.url}/move", json={"to": "active.qualification"}), "opening_first")


def test_fifty_clients_submit_one_bid_twice_and_one_stands(tender):
    bidder = tender.bidder()
    envelopes = [bidder.seal(f"{900_000 + number}.00").envelope for number in range(25)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(bidder.submit, [one for one in envelopes for _ in (1, 2)]))
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    assert sum(answer.status_code == 201 for answer in answers) >= 25
    states = [one["state"] for one in bidder.envelopes()]
    assert states.count("sealed") == 1
    assert set(states) <= {"sealed", "superseded"}


def test_withdraw_against_close_has_one_winner(api):
    for _ in range(4):
        api.platform.clock.at(-86400)
        tender = Sealed(api)
        bidders = [tender.bidder() for _ in range(3)]
        ids = [done(bidder.submit())["id"] for bidder in bidders]
        tender.clock.at(-0.001)
        with ThreadPoolExecutor(2) as pool:
            taken = pool.submit(bidders[0].withdraw, ids[0])
            tender.clock.at(0)
            closed = pool.submit(tender.close)
        withdrawn = taken.result().status_code == 200
        listed = len(done(closed.result())["envelopes"])
        assert listed == (2 if withdrawn else 3)


def test_two_officers_open_at_once_and_it_is_opened_once(tender):
    for number in range(3):
        done(tender.bidder(f"机构{number}").submit())
    tender.clock.at(0)
    done(tender.close())
    key = tender.key()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: tender.open(key).status_code, range(2)))
    assert sorted(answers) == [200, 409]
    assert len(done(tender.officer.get(f"{tender.url}/bids"))["items"]) == 3


def test_a_tender_key_of_endless_depth_is_refused_in_words():
    """Found by proof/parsers.py."""
    identity, recipient = age.new_identity()
    with pytest.raises(SealRefused):
        peel(Wrap(("公证处",), age.seal(b"[" * 100_000, recipient), ("0" * 64,), ("公证处",)), identity)
