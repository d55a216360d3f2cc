"""Committee, score sheets, rankings, explanation of a low price, the signed report, scenarios and the award."""

from decimal import Decimal
from typing import Any

from app.sample.data.bids import bids, score_sheets
from app.sample.data.tender import MEMBERS, SCHEME
from app.sample.demo.officer import AWARD_REASON, DISSENT, EXPLANATION, LOW_PRICE_QUESTION
from app.sample.demo.parties import Demo
from app.sample.demo.service import DemoFailed

SLIP = ("lot-2", "expert-2")  # this member makes an arithmetic error, and corrects it on record
DISSENTS = ("lot-7", "expert-3")


def committee(demo: Demo) -> None:
    """Form a committee of five members, four of them experts; one with a tie to a bidder is refused first."""
    demo.at("2026-05-26 09:00")
    lots = [lot["id"] for lot in demo.lots.values()]
    for member in MEMBERS:
        demo.members[member], _, demo.member_ids[member] = demo.client("evaluator", member, lots=lots)
    seats = [_seat(demo, member) for member in MEMBERS]
    tied = {"organizationId": demo.organizations["chengxi"], "tie": "employed_within_3_years"}
    refused = [{**seats[0], "ties": [tied]}, *seats[1:]]
    demo.officer.refused("committee_refused", "PUT", f"{demo.url}/committee", {"members": refused})
    demo.officer.put(f"{demo.url}/committee", {"members": seats})
    demo.officer.post(f"{demo.url}/move", {"to": "active.evaluation"})
    demo.say("committee of 5 formed, 4 experts; one with a tie to a bidder was refused (实施条例 art 9)")


def _seat(demo: Demo, member: str) -> dict[str, Any]:
    seat = "expert" if member.startswith("expert") else "purchaser"
    return {"id": demo.member_ids[member], "person": member, "seat": seat}


def scores(demo: Demo) -> None:
    """Submit each member's scores with its own key; no member sees another sheet until all have submitted."""
    demo.at("2026-05-26 13:00")
    sheets = {lot: demo.officer.get(f"{demo.url}/bids", lotId=row["id"]) for lot, row in demo.lots.items()}
    submitted = 0
    for lot, listed in sheets.items():
        valid = {bid["id"] for bid in listed["items"] if bid["state"] == "valid"}
        for member in MEMBERS if len(valid) >= 3 else ():
            _hand_in(demo, lot, member, valid)
            submitted += 1
    demo.say(f"{submitted} score sheets submitted, each hidden from the others; one corrected on record (87号 art 64)")


def _hand_in(demo: Demo, lot: str, member: str, valid: set[str]) -> None:
    url, client = f"/lots/{demo.lots[lot]['id']}/score-sheets", demo.members[member]
    points = {demo.bids[bid.id]["id"]: score_sheets(bid)[member] for bid in bids() if bid.lot == lot}
    points = {bid: given for bid, given in points.items() if bid in valid}
    if (lot, member) != SLIP:
        client.post(url, {"scores": points})
    else:
        _slip(client, url, points)
    seen = len(client.get(url)["items"])
    if seen != (1 if member != MEMBERS[-1] else len(MEMBERS)) + ((lot, member) == SLIP) + (
        lot == SLIP[0] and member == MEMBERS[-1]
    ):
        raise DemoFailed(f"{member} sees {seen} sheets of {lot}")


def _slip(client: Any, url: str, points: dict[str, dict[str, str]]) -> None:
    """Correct an arithmetic error: a submitted sheet changes on one of four grounds only, and the original is kept."""
    factor = SCHEME.factors[0].id
    bid = next(iter(points))
    slipped = {**points, bid: {**points[bid], factor: str(Decimal(points[bid][factor]) - 1)}}
    first = client.post(url, {"scores": slipped})
    again = {"scores": points, "replaces": first["id"]}
    client.refused("scores_closed", "POST", url, again)
    client.post(url, {**again, "ground": "arithmetic", "reason": "分项合计计算错误"})


def rankings(demo: Demo) -> None:
    """Rank each lot, and replay each ranking from what was stored."""
    demo.at("2026-05-26 16:00")
    for lot in demo.lots.values():
        ranking = demo.officer.post(f"/lots/{lot['id']}/ranking")
        demo.rankings.append(ranking)
        if not demo.officer.post(f"/rankings/{ranking['id']}/replay")["identical"]:
            raise DemoFailed(f"ranking {ranking['id']} does not replay")
    failed = sum(ranking["status"] == "failed" for ranking in demo.rankings)
    demo.say(f"{len(demo.rankings) - failed} lots ranked and replayed, {failed} without three qualified bidders")


def low_prices(demo: Demo) -> None:
    """Explain a price far below the others in writing before the lot is awarded (87号 art 60)."""
    scenario = demo.officer.post(f"{demo.url}/award-scenarios", {})
    demo.officer.refused("low_price_unexplained", "POST", f"{demo.url}/awards", {"scenario": scenario["id"]})
    names = {bid["id"]: name for name, bid in demo.bids.items()}
    low = [(one["lot"], w["bid"]) for one in demo.rankings for w in one["warnings"] if w["code"] == "abnormally_low"]
    for lot, bid in low:
        body = {
            "lotId": lot,
            "about": "low_price",
            "bids": [bid],
            "question": LOW_PRICE_QUESTION,
            "dueOn": "2026-05-27",
        }
        (asked,) = demo.officer.post(f"{demo.url}/clarifications", body)["items"]
        bidder = demo.bidders[names[bid].rsplit("-", 1)[1]]
        facts = [{"text": "成本测算表", "basis": "new"}]
        bidder.post(f"{demo.url}/clarifications/{asked['id']}/answer", {"answer": EXPLANATION, "facts": facts})
    demo.say(f"{len(low)} price far below the others explained in writing (87号 art 60)")


def report(demo: Demo) -> None:
    """Sign the report of each lot; a dissent states its reasons. The periods for report and decision run."""
    demo.at("2026-05-27 10:00")
    for key, ranking in zip(demo.lots, demo.rankings, strict=True):
        for member, client in demo.members.items() if ranking["status"] == "ranked" else ():
            dissents = (key, member) == DISSENTS
            word = {"agrees": False, "dissent": DISSENT} if dissents else {"agrees": True}
            client.post(f"/rankings/{ranking['id']}/signatures", word)
    due = period(demo, "report", "2026-05-26", "2026-05-27")
    demo.say(f"evaluation report signed, one dissent with its reasons; due by {due} (87号 art 68)")


def period(demo: Demo, clock: str, started: str, met: str) -> str:
    """Start a period and record when it was met; return its last day."""
    body = {"clock": clock, "startedOn": started, "subject": demo.tender}
    row = demo.officer.post(f"{demo.url}/clocks", body)
    demo.officer.change(f"{demo.url}/clocks/{row['id']}/met", row["version"], {"metOn": met})
    return str(row["dueOn"])


def award(demo: Demo) -> None:
    """Compute the scenarios for comparison; the purchaser decides by the published one."""
    demo.at("2026-06-01 10:00")
    demo.scenario = demo.officer.post(f"{demo.url}/award-scenarios", {})
    own = {"rule": demo.scenario["rule"], "lots": len(demo.scenario["assignment"]), **demo.scenario}
    for one in (own, *demo.scenario["alternatives"]):
        demo.say(f"scenario {one['rule']}: {one['lots']} lots, points {one['totalScore']}, yuan {one['totalPrice']}")
    body = {"scenario": demo.scenario["id"], "reason": AWARD_REASON}
    decided = demo.officer.post(f"{demo.url}/awards", body)["items"]
    demo.awards = {one["lotId"]: one for one in decided if one["state"] == "active"}
    demo.officer.post(f"{demo.url}/move", {"to": "active.awarded"})
    due = period(demo, "decision", "2026-05-27", "2026-06-01")
    demo.say(f"{len(demo.awards)} of {len(decided)} lots awarded under the published rule; decision due by {due}")
