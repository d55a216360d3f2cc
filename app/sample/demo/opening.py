"""The deadline and the opening: a late envelope, the list, the custodians' key, the record, a bidder's verification."""

import json

from app.sample.data.bids import bids
from app.sample.demo.parties import Demo
from app.sample.demo.service import DemoFailed, command
from app.sample.demo.tendering import CUSTODIANS, LATE, SLIPPED, sealed_offer
from app.tendering.envelopes import age


def deadline(demo: Demo) -> None:
    """Submit a bid at the deadline itself, which is too late; then publish the list of envelopes to every bidder."""
    demo.at("2026-05-20 09:30")
    lot, bidder = LATE
    late = sealed_offer(demo, lot, bidder, "900000.00")
    form = {"lotId": demo.lots[lot]["id"]}
    file = ("bid.age", late.envelope)
    demo.bidders[bidder].refused("bidding_closed", "POST", f"{demo.url}/envelopes", form, file)
    closed = demo.officer.post(f"{demo.url}/opening/close")
    demo.say(
        f"deadline: a late envelope refused with a receipt; list of {len(closed['envelopes'])} hashes to every bidder"
    )


def opening(demo: Demo) -> None:
    """Open the bids: two custodians peel the wrap in turn; a wrong key is refused and recorded."""
    demo.at("2026-05-20 10:00")
    where = demo.folders.offline
    first, second = CUSTODIANS[0], CUSTODIANS[2]
    chosen = ("--with", f"{first},{second}")
    command(
        "keys", "peel", where / "ceremony.json", *chosen, "--identity", where / f"{first}.key", "--out", where / "half"
    )
    command(
        *("keys", "peel", where / "half", "--ceremony", where / "ceremony.json"),
        *("--identity", where / f"{second}.key", "--out", where / "key.json"),
    )
    key = json.loads((where / "key.json").read_text("utf-8"))
    wrong = {**key, "identity": age.new_identity()[0]}
    demo.officer.refused("tender_key_refused", "POST", f"{demo.url}/opening", wrong)
    opened = demo.officer.post(f"{demo.url}/opening", key)
    by_id = {lot["id"]: name for name, lot in demo.lots.items()}
    folders = {organization: folder for folder, organization in demo.organizations.items()}
    for bid in demo.officer.items(f"{demo.url}/bids"):
        demo.bids[f"{by_id[bid['lotId']]}-{folders[bid['organizationId']]}"] = bid
    if set(demo.bids) != {bid.id for bid in bids()} or any(line["fault"] for line in opened["record"]):
        raise DemoFailed("the opened bids differ from the sealed ones")
    demo.say(f"opened by {first} and {second}: {len(opened['record'])} bids read out; a wrong key was refused before")


def verification(demo: Demo) -> None:
    """Verify list, record and draw against a bidder's own envelope, offline."""
    where = demo.folders.offline
    published = demo.bidders["chengxi"].get(f"{demo.url}/opening")
    (where / "opening.json").write_text(json.dumps(published), "utf-8")
    options = ("--receipt-file", where / "receipt.json", "--contents-file", where / "bid.contents")
    command("keys", "verify", where / "opening.json", "--envelope", where / "bid.age", *options)
    demo.say("a bidder verified list, record, prices, draw and its own envelope offline")


def confirmation(demo: Demo) -> None:
    """Confirm a price in writing, because words prevail over figures (87号 art 59)."""
    demo.at("2026-05-20 11:00")
    bid = demo.bid_of(*SLIPPED)
    record = demo.officer.get(f"{demo.url}/opening")["record"]
    line = next(line for line in record if line["bid"] == bid["id"])
    body = {"envelope": line["envelope"], "confirmed": True, "answer": "确认以大写金额为准。"}
    demo.officer.post(f"{demo.url}/opening/confirmations", body)
    rules = ", ".join(one["rule"] for one in line["corrections"])
    demo.say(
        f"{bid['organizationName']}: {line['sheetFigures']} against {line['sheetWords']}, {rules}: {line['price']}, confirmed"
    )
