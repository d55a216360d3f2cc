"""After the opening: credit lists, leads, screenings, clarifications, the checks of plan and evaluator, qualifications."""

from typing import Any

from app.sample.data.bids import bids
from app.sample.data.credit import LISTS
from app.sample.data.tender import AS_OF, LISTS_RETRIEVED_ON
from app.sample.demo.officer import LEAD_FINDINGS, NEW_FACT, REVIEWED, UNEXPECTED, Looked
from app.sample.demo.parties import Demo

COMMUNITIES = ("一社区", "二社区", "三社区", "四社区")
OBLIGATORY = ("建立居民家庭需求档案", "社区资源调查盘点并建立资源库")


def credit_lists(demo: Demo) -> None:
    """Import the lists as retrieved the day before the deadline."""
    for name in LISTS:
        file = (f"{name}.csv", demo.sample.credit_list(name))
        fields = {"retrievedAt": LISTS_RETRIEVED_ON.isoformat()}
        demo.officer.upload(f"/credit-lists/{name}/snapshots", "file", [file], fields)
    demo.say(f"{len(LISTS)} credit lists imported")


def leads(demo: Demo) -> None:
    """Compute the integrity leads, which no single dossier shows; an officer decides on each."""
    demo.at("2026-05-20 14:00")
    demo.officer.finished(demo.officer.post(f"{demo.url}/flags"))
    found = list(demo.officer.items(f"{demo.url}/flags"))
    strong = [flag for flag in found if flag["strength"] != "weak"]
    leads = ", ".join(f"{flag['code']} ({flag['strength']}, {flag['article']})" for flag in strong)
    demo.say(f"integrity leads: {leads or 'none'}; {len(found) - len(strong)} weak")


def screenings(demo: Demo) -> None:
    """Screen all bidders in one run, so that each roster is compared with every other."""
    body = {"tenderId": demo.tender, "organizations": list(demo.organizations.values()), "asOf": AS_OF.isoformat()}
    demo.officer.finished(demo.officer.post("/screenings/batch", body))
    folders = {organization: folder for folder, organization in demo.organizations.items()}
    for listed in demo.officer.items("/screenings", tenderId=demo.tender):
        demo.screenings[folders[listed["organizationId"]]] = demo.officer.get(f"/screenings/{listed['id']}")
    demo.say(f"{len(demo.screenings)} bidders screened")


def clarifications(demo: Demo) -> None:
    """Ask bidders to clarify; facts that did not exist at the deadline are refused (87号 art 51)."""
    demo.at("2026-05-21 09:00")
    asked = [(bid, REVIEWED[bid.bidder]) for bid in bids() if bid.bidder in REVIEWED and REVIEWED[bid.bidder].question]
    for bid, looked in asked:
        one = _ask(demo, bid.lot, demo.bids[bid.id]["id"], looked)
        url = f"{demo.url}/clarifications/{one['id']}/answer"
        demo.at("2026-05-22 10:00")
        mended = {"answer": looked.answer, "facts": [{"text": NEW_FACT, "basis": "new"}]}
        demo.bidders[bid.bidder].refused("cure_out_of_scope", "POST", url, mended)
        demo.bidders[bid.bidder].post(url, {"answer": looked.answer})
    demo.say(f"{len(asked)} bidder asked to explain; a new fact refused (cure_out_of_scope), the explanation recorded")


def _ask(demo: Demo, lot: str, bid: str, looked: Looked) -> Any:
    body = {
        "lotId": demo.lots[lot]["id"],
        "about": "requirement",
        "requirement": looked.requirement,
        "bids": [bid],
        "question": looked.question,
        "dueOn": looked.due_on,
    }
    (one,) = demo.officer.post(f"{demo.url}/clarifications", body)["items"]
    return one


def findings(demo: Demo) -> None:
    """Decide on every lead that is a fact or strong, as the officer."""
    demo.at("2026-05-22 14:00")
    decided = 0
    for flag in demo.officer.items(f"{demo.url}/flags", state="open"):
        if flag["strength"] == "weak":
            continue
        finding, reason = LEAD_FINDINGS.get(flag["code"], LEAD_FINDINGS[""])
        body = {"finding": finding, "reason": reason, "evidenceHash": flag["evidenceHash"]}
        demo.officer.post(f"/flags/{flag['id']}/dispositions", body)
        decided += 1
    demo.say(f"{decided} leads decided on by the officer, each with its reason")


def plan_and_evaluator(demo: Demo) -> None:
    """Check a bid's service plan and the supervising evaluator against the tender's own policy."""
    one = {"basicItems": 2, "furtherCapacityItems": 2, "largeActivities": 2, "smallActivities": 6}
    communities = [
        {"name": name, **one, "items": list(OBLIGATORY), "furtherGovernanceItems": 1} for name in COMMUNITIES
    ]
    body = {"peopleOrFamilies": 66, "byCaseWork": 33, "communities": communities}
    plan = demo.officer.post(f"{demo.url}/service-plan-checks", body)["requirements"]
    evaluator = demo.officer.post("/organizations", {"name": "苏州市某某社会组织评估中心"})["id"]
    facts = {"organizationId": evaluator, "yearsOfEvaluating": 5, "qualifiedTeam": 6, "related": []}
    checked = demo.officer.post(f"{demo.url}/evaluator-checks", facts)["requirements"]
    met = [sum(one["outcome"] == "met" for one in found) for found in (plan, checked)]
    demo.say(f"service plan: {met[0]} of {len(plan)} met; supervising evaluator: {met[1]} of {len(checked)} met")


def qualifications(demo: Demo) -> None:
    """Decide on each bid: accept the screening's proposal, or decide after manual review where it proposes nothing."""
    demo.at("2026-05-25 10:00")
    for bid in bids():
        screening = demo.screenings[bid.bidder]
        decision: dict[str, Any] = {"bid": demo.bids[bid.id]["id"], "screening": screening["id"]}
        if screening["verdict"] == "needs_review":
            looked = REVIEWED.get(bid.bidder, UNEXPECTED)
            decision |= {"state": looked.state, "reason": looked.reason}
        else:
            decision["state"] = "active" if screening["verdict"] == "eligible" else "unsuccessful"
        demo.officer.post(f"{demo.url}/qualifications", decision)
    demo.say(f"{len(bids())} qualifications decided by the officer")
