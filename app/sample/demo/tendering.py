"""Build from the draft to the deadline: the key ceremony, publication, an amendment, dossiers, sealed envelopes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.sample.data.bids import Bid, bids
from app.sample.data.tender import DEADLINE, POLICY, TITLE
from app.sample.demo.accounts import bidder_key
from app.sample.demo.parties import Demo
from app.sample.demo.service import DemoFailed, command
from app.sample.dossiers import DOCUMENTS
from app.sample.papers.scans import SCANS
from app.tendering.envelopes.sealing import Offer, SealedOffer, sealed

CUSTODIANS = ("公证处", "采购人", "代理机构")
THRESHOLD = 2
AMENDMENT = "答疑澄清：服务方案应逐个社区列明增能类项目。"
REPLACED = ("lot-1", "chengxi", "968000.00")  # chengxi lowers its price the day after
WITHDRAWN = ("lot-4", "fengli")
SLIPPED = ("lot-6", "tonghe")  # words and figures differ
LATE = ("lot-3", "shiqiao")


def draft(demo: Demo) -> None:
    """Create a tender from the preset, with sealed bids."""
    demo.at("2026-04-22 10:00")
    made = demo.officer.post("/tenders", {"title": TITLE, "policy": POLICY, "bidDeadline": DEADLINE})
    demo.tender = made["id"]
    demo.lots = {lot["key"]: lot for lot in demo.officer.items(f"{demo.url}/lots")}
    demo.say(f"tender drafted with {len(demo.lots)} lots under {POLICY}")


def ceremony(demo: Demo) -> None:
    """Generate each custodian's key, and the tender's key wrapped for any two of them; all on their own machines."""
    demo.at("2026-04-23 14:00")
    where = demo.folders.offline
    keys = {name: command("keys", "new", "--out", where / f"{name}.key") for name in CUSTODIANS}
    options = [f"--custodian={name}={key}" for name, key in keys.items()]
    file = where / "ceremony.json"
    demo.opening_key = command("keys", "ceremony", *options, "--threshold", str(THRESHOLD), "--out", file)
    demo.officer.put(f"{demo.url}/opening/key", json.loads(file.read_text("utf-8")))
    _prove(demo, where)
    demo.say(
        f"key ceremony: any {THRESHOLD} of {len(CUSTODIANS)} custodians can decrypt; the service has the public key"
    )


def publication(demo: Demo) -> None:
    """Publish the tender, which freezes its terms; an amendment that leaves enough time does not extend the deadline."""
    demo.at("2026-04-24 09:00")
    demo.officer.post(f"{demo.url}/publish")
    demo.say("tender published, 26 days to bid (采购法 art 35: 20); policy, criteria and key are frozen")
    demo.at("2026-04-30 10:00")
    amended = demo.officer.post(f"{demo.url}/amendments", {"text": AMENDMENT, "affectsBids": True})
    moved = amended["deadlineAfter"] != amended["deadlineBefore"]
    demo.say(
        f"amendment published to all; deadline {'extended' if moved else 'unchanged: 15 days or more are left'} (87号 art 27)"
    )


def _prove(demo: Demo, where: Path) -> None:
    """Let each custodian open its trial with its own key, and confirm the key that the ceremony showed it."""
    trials = where / "trials.json"
    trials.write_text(json.dumps(demo.officer.get(f"{demo.url}/opening/trials")), "utf-8")
    digits = command("keys", "fingerprint", demo.opening_key)
    for name in CUSTODIANS:
        own = ("--custodian", name, "--identity", where / f"{name}.key", "--fingerprint", digits)
        demo.officer.post(f"{demo.url}/opening/trials", json.loads(command("keys", "prove", trials, *own)))


def dossiers(demo: Demo) -> None:
    """Submit each bidder's dossier, roster and documents with its own key; a job reads the documents."""
    demo.at("2026-05-12 09:00")
    jobs = []
    for agency in demo.sample.agencies:
        files = demo.sample.dossier(agency.folder)
        jobs.append((agency.folder, _dossier(demo, agency.folder, files, json.loads(files["dossier.json"]))))
    for folder, job in jobs:
        demo.bidders[folder].finished(job)  # until the opening the officer does not see that it exists
    read = len(jobs) * len(DOCUMENTS)
    demo.say(f"{len(jobs)} dossiers with rosters and {read} documents read, {len(SCANS)} of them scans and photos")


def _dossier(demo: Demo, folder: str, files: Mapping[str, bytes], dossier: dict[str, Any]) -> Any:
    own = dossier["organization"]
    identifier = own["identifier"] if own["identifier"]["id"] else None
    made = demo.officer.post("/organizations", {"name": own["name"], "identifier": identifier})
    organization = demo.organizations[folder] = made["id"]
    bidder = demo.bidders[folder] = demo.with_key(bidder_key(demo, folder, organization))
    bidder.put(f"/organizations/{organization}/dossier", dossier)
    (roster,) = (path for path in files if path.startswith("roster."))
    uploaded = bidder.upload(f"/organizations/{organization}/roster", "file", [(roster, files[roster])])
    if uploaded["roster"] is None:
        raise DemoFailed(f"the roster of {folder} could not be read: {uploaded['document']['reasons']}")
    return bidder.upload("/documents", "files", _documents(files), {"organizationId": organization})["job"]


def _documents(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return [(path.rsplit("/", 1)[-1], files[path]) for path in sorted(files) if path.startswith("documents/")]


def envelopes(demo: Demo) -> None:
    """Seal each bid on its bidder's machine; one is replaced, one withdrawn and resubmitted."""
    demo.at("2026-05-18 15:00")
    lot, bidder, price = REPLACED
    submit(demo, lot, bidder, sealed_offer(demo, lot, bidder, price))
    withdrawn = submit(demo, *WITHDRAWN, sealed_offer(demo, *WITHDRAWN, "880000.00"))
    demo.bidders[WITHDRAWN[1]].post(f"{demo.url}/envelopes/{withdrawn['id']}/withdraw")
    demo.at("2026-05-19 16:00")
    for bid in bids():
        offer = _offer_of(demo, bid)
        receipt = submit(demo, bid.lot, bid.bidder, offer)
        if receipt["sha256"] != offer.sha256:
            raise DemoFailed(f"the receipt of {bid.id} does not match what was submitted")
        if (bid.lot, bid.bidder) == REPLACED[:2]:
            _keep(demo, offer, receipt)
    demo.officer.refused("still_sealed", "GET", f"{demo.url}/envelopes")
    demo.say(f"{len(bids())} sealed envelopes accepted with receipts, 1 replaced, 1 withdrawn; the officer sees none")


def _offer_of(demo: Demo, bid: Bid) -> SealedOffer:
    if (bid.lot, bid.bidder) == SLIPPED:
        return sealed_offer(demo, bid.lot, bid.bidder, "979000.00", "玖拾柒万元整")
    return sealed_offer(demo, bid.lot, bid.bidder, f"{bid.price:.2f}")


def sealed_offer(demo: Demo, lot: str, bidder: str, price: str, words: str | None = None) -> SealedOffer:
    """Seal a bid for a lot on the bidder's side, with the hashes of its documents inside."""
    offer = Offer(demo.tender, demo.lots[lot]["id"], demo.organizations[bidder], price=price, words=words)
    return sealed(offer, demo.opening_key, [data for _, data in _documents(demo.sample.dossier(bidder))])


def submit(demo: Demo, lot: str, bidder: str, offer: SealedOffer) -> Any:
    """Submit an envelope and return its receipt."""
    form = {"lotId": demo.lots[lot]["id"]}
    return demo.bidders[bidder].upload(f"{demo.url}/envelopes", "file", [("bid.age", offer.envelope)], form)


def _keep(demo: Demo, offer: SealedOffer, receipt: Any) -> None:
    """Save what the bidder needs to verify the opening."""
    (demo.folders.offline / "bid.age").write_bytes(offer.envelope)
    (demo.folders.offline / "bid.contents").write_bytes(offer.contents)
    (demo.folders.offline / "receipt.json").write_text(json.dumps(receipt), "utf-8")
