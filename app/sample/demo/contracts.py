"""After the decision: notices, a winner that drops out, question and complaint, contracts, lateness, the service's own
credit list.
"""

import json
from typing import Any

from app.sample.data.organizations import BIDDERS
from app.sample.demo.evaluation import period
from app.sample.demo.parties import Demo
from app.sample.demo.service import DemoFailed, command, environment

FALLS = ("lot-5", "yinghu")
ASKS = ("lot-1", "puwan")
LATE = ("lot-7", "lanting")
PROMISE = {"classes": ["基础", "增能", "治理"], "heads": 66}


def notices(demo: Demo) -> None:
    """Announce the result to all, and its own score and rank to each unsuccessful bidder (87号 art 69)."""
    demo.at("2026-06-02 09:00")
    sent = demo.officer.post(f"{demo.url}/award-notices")["items"]
    period(demo, "notice", "2026-06-01", "2026-06-02")
    lot, bidder = ASKS
    own = [one["content"] for one in demo.bidders[bidder].items(f"{demo.url}/notices") if one["kind"] == "own_result"]
    mine = next(content for content in own if content["lotId"] == demo.lots[lot]["id"])
    demo.say(
        f"{len(sent)} notices: the result to all, to each loser its own: {bidder} in {lot}: {mine['total']}, rank {mine['rank']}"
    )


def fall(demo: Demo) -> None:
    """Let a winner give up its award: the next in rank below its limit follows (实施条例 art 49)."""
    demo.at("2026-06-05 10:00")
    lot = demo.lots[FALLS[0]]["id"]
    body = {"state": "cancelled", "reason": "中标人书面放弃中标", "winnerFalls": True}
    fallen = demo.awards[lot]
    demo.officer.patch(f"{demo.url}/awards/{fallen['id']}", fallen["version"], body)
    scenario = demo.officer.post(f"{demo.url}/award-scenarios", {})
    (following,) = demo.officer.post(f"{demo.url}/awards", {"scenario": scenario["id"]})["items"]
    demo.awards[lot] = following
    demo.officer.post(f"{demo.url}/award-notices")
    demo.say(f"{_name(demo, fallen)} gave up {FALLS[0]}; the next in rank below its limit: {_name(demo, following)}")


def _name(demo: Demo, award: Any) -> str:
    folders = {organization: folder for folder, organization in demo.organizations.items()}
    return next(bidder.name for bidder in BIDDERS if bidder.folder == folders[award["organizationId"]])


def contracts(demo: Demo) -> None:
    """Record the contracts; a question that may change the result suspends one signature, the others are signed."""
    demo.at("2026-06-08 09:00")
    lot, bidder = ASKS
    asked = {"lotId": demo.lots[lot]["id"], "text": "对服务方案评分提出质疑。", "knownOn": "2026-06-02"}
    question = demo.bidders[bidder].post(f"{demo.url}/questions", asked)
    days = {"teamFormedBy": "2026-06-30", "trainedBy": "2026-07-03", "stationedBy": "2026-07-10"}
    keys = {row["id"]: key for key, row in demo.lots.items()}
    for lot_id, award in demo.awards.items():
        body = {"tenderId": demo.tender, "award": award["id"], "promise": PROMISE, **days}
        demo.contracts[keys[lot_id]] = demo.officer.post("/contracts", body)
    demo.at("2026-06-12 09:00")
    for key in demo.contracts:
        if key != lot:
            _sign(demo, key, "2026-06-12")
    _held(demo, lot, "2026-06-12")
    demo.say(
        f"{len(demo.contracts) - 1} contracts signed; {bidder}'s question (质疑) holds {lot} back (实施条例 art 54)"
    )
    _complaint(demo, question)


def _sign(demo: Demo, key: str, day: str) -> None:
    contract = demo.contracts[key]
    url = f"/contracts/{contract['id']}/signature"
    demo.contracts[key] = demo.officer.change(url, contract["version"], {"signedOn": day})


def _held(demo: Demo, key: str, day: str) -> None:
    contract = demo.contracts[key]
    url = f"/contracts/{contract['id']}/signature"
    demo.officer.refused("signing_held", "POST", url, {"signedOn": day}, version=contract["version"])


def _complaint(demo: Demo, question: Any) -> None:
    """Record a complaint after an unsatisfactory answer; only the finance department's order suspends (采购法 art 57)."""
    lot, bidder = ASKS
    demo.at("2026-06-15 09:00")
    url = f"{demo.url}/questions/{question['id']}"
    answer = {"upheld": False, "answer": "评分依据采购文件，维持原结果。"}
    demo.officer.change(f"{url}/answer", question["version"], answer)
    demo.at("2026-06-16 09:00")
    complaint = demo.officer.post(f"{url}/complaints", {"receivedOn": "2026-06-16"})
    order = {"suspensionOrder": "苏财购〔2026〕12号", "suspendedOn": "2026-06-16"}
    at = f"{demo.url}/complaints/{complaint['id']}"
    complaint = demo.officer.patch(at, complaint["version"], order)
    _held(demo, lot, "2026-06-16")
    demo.at("2026-06-24 09:00")
    decision = {"state": "rejected", "decision": "投诉缺乏事实依据，驳回。", "liftedOn": "2026-06-24"}
    demo.officer.patch(at, complaint["version"], decision)
    _sign(demo, lot, "2026-06-24")
    demo.say(f"{bidder}'s complaint (投诉) suspended {lot} by order, was rejected; contract signed")


def content(demo: Demo) -> None:
    """Change a contract within the plan's limits, which requires both approvals on file (方案 section 3)."""
    demo.at("2026-06-26 09:00")
    contract = demo.contracts["lot-2"]
    url = f"/contracts/{contract['id']}/changes"
    change = {**PROMISE, "heads": 70, "price": contract["price"], "reason": "增加困境儿童服务对象"}
    demo.officer.refused("contract_change_refused", "POST", url, change, version=contract["version"])
    approved = {**change, "districtApproval": "姑苏民〔2026〕8号", "cityApproval": "苏民〔2026〕31号"}
    demo.officer.change(url, contract["version"], approved)
    demo.say("a change of content was refused without, taken with the approvals of district and city")


def milestones(demo: Demo) -> None:
    """Record that all teams but one are formed, trained and stationed in time."""
    for milestone, day in (("team_formed", "2026-06-28"), ("trained", "2026-07-02"), ("stationed", "2026-07-08")):
        demo.at(f"{day} 17:00")
        for key, contract in demo.contracts.items():
            if key != LATE[0]:
                _reach(demo, contract, milestone, day)
    demo.say(f"teams of {len(demo.contracts) - 1} contracts formed, trained and stationed in time")


def _reach(demo: Demo, contract: Any, milestone: str, day: str) -> None:
    url = f"/contracts/{contract['id']}/milestones"
    row = next(one for one in demo.officer.items(url) if one["milestone"] == milestone)
    body = {"reachedOn": day, "evidence": "街道（镇）确认单"}
    demo.officer.change(f"{url}/{row['id']}/reached", row["version"], body)


def lateness(demo: Demo) -> None:
    """Run the daily job, which proposes from the 16th and the 31st day; an officer decides; the finance department
    bars.
    """
    for day, expected in (("2026-07-15", 0), ("2026-07-16", 1)):
        demo.at(f"{day} 06:00")
        _daily(demo)
        if len(open_proposals(demo)) != expected:
            raise DemoFailed(f"{len(open_proposals(demo))} proposals on {day}, not {expected}")
    (proposal,) = open_proposals(demo)
    accepted = _decide(demo, proposal)
    warned = match(demo, "2026-07-16")
    demo.say(
        f"team of {LATE[0]} {proposal['daysLate']} days late: points off and an entry, accepted; credit list: {warned}"
    )
    demo.at("2026-07-31 06:00")
    _daily(demo)
    further = [one for one in open_proposals(demo) if one["consequence"] == "reduce_or_terminate"]
    for one in open_proposals(demo):
        _decide(demo, one, accept=one in further)
    contract = demo.contracts[LATE[0]]
    ended = {"state": "terminated", "reason": f"项目团队逾期{further[0]['daysLate']}日未组建"}
    demo.officer.change(f"/contracts/{contract['id']}/state", contract["version"], ended)
    demo.say(f"{further[0]['daysLate']} days late: reduce or terminate, accepted; contract terminated")
    _bar(demo, accepted)


def _daily(demo: Demo) -> None:
    demo.officer.finished(demo.officer.post("/contracts/lateness-checks"))


def open_proposals(demo: Demo) -> list[Any]:
    """Return milestones without a decision."""
    return [one for one in demo.officer.items("/contracts/lateness-proposals") if one["state"] == "open"]


def _decide(demo: Demo, proposal: Any, *, accept: bool = True) -> Any:
    url = f"/contracts/lateness-proposals/{proposal['id']}/decision"
    if accept:
        body = {"decision": "accepted", "reason": "经核实，逾期属实，无正当理由。"}
    else:
        body = {"decision": "dismissed", "reason": "同一逾期已记录，不重复记录。"}
    return demo.officer.change(url, proposal["version"], body)


def _bar(demo: Demo, proposal: Any) -> None:
    demo.at("2026-08-20 09:00")
    term = {"number": "苏财购罚〔2026〕3号", "barredFrom": "2026-08-20", "barredTo": "2027-08-19"}
    demo.officer.change(f"/contracts/lateness-proposals/{proposal['id']}/finance-decision", proposal["version"], term)
    demo.say(f"finance department's decision {term['number']} recorded; credit list: {match(demo, '2026-08-20')}")


def match(demo: Demo, day: str) -> str:
    """Return which of the service's own lists contain the late contractor on a day."""
    bidder = next(one for one in BIDDERS if one.folder == LATE[1])
    query = {"name": bidder.name, "uscc": bidder.registration.code}
    body = {"asOf": day, "lists": ["own-warning", "own-barring"], "queries": {"late": query}}
    results = demo.officer.post("/credit/match", body)["results"]
    hits = [hit["list"] for hit in results["late"]["hits"]]
    return ", ".join(hits) or "none"


def trail(demo: Demo) -> None:
    """Complete the tender, then verify that every change left its event and every invariant holds."""
    demo.officer.post(f"{demo.url}/move", {"to": "complete"})
    checked = json.loads(command("check", env=environment(demo.folders.data)))["invariants"]
    verified = demo.auditor.get("/audit/verify")
    if not verified["intact"]:
        raise DemoFailed("the audit trail is not intact")
    demo.say(f"tender complete; audit trail of {verified['events']} events intact; {len(checked)} invariants hold")
