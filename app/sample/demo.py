"""The main job on the sample tender, from an empty directory to an award list, as HTTP clients do it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.reports.results import Report
from app.reports.workbook import report_workbook
from app.sample.bids import Bid, bids, score_sheets
from app.sample.credit import LISTS
from app.sample.demo_client import DemoClient
from app.sample.demo_officer import AWARD_REASON, REVIEWED, UNEXPECTED, Looked
from app.sample.demo_service import DemoFailed, first_key, fresh_directory, serving
from app.sample.dossiers import DOCUMENTS
from app.sample.tender import AS_OF, DEADLINE, LISTS_RETRIEVED_ON, MEMBERS, POLICY, TITLE
from app.sample.write import Sample, make_sample

KEY_FILE, REPORT_FILE, LOG_FILE = "demo.key", "report.xlsx", "service.log"
Say = Callable[[str], None]


@dataclass(slots=True)
class Demo:
    """What the demo knows while it goes on: ids by the sample's own names."""

    sample: Sample
    officer: DemoClient
    auditor: DemoClient
    enlist: Callable[[str, Sequence[str]], DemoClient]
    say: Say
    members: Mapping[str, DemoClient] = field(default_factory=dict)
    tender: str = ""
    lots: dict[str, Any] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    screenings: dict[str, Any] = field(default_factory=dict)
    bids: dict[str, Any] = field(default_factory=dict)
    rankings: list[Any] = field(default_factory=list)
    scenario: Any = None

    @property
    def url(self) -> str:
        """The tender's address."""
        return f"/tenders/{self.tender}"

    @property
    def folders(self) -> dict[str, str]:
        """The sample's name of each organization, by its id."""
        return {organization: folder for folder, organization in self.organizations.items()}


def run_demo(out: Path, say: Say) -> Report:
    """Do it all below `out` and write the report there; the service has ended when this returns."""
    data = (out / "data").absolute()
    fresh_directory(data)
    sample = make_sample()
    say(f"{len(sample.agencies)} agencies, {len(sample.files)} files made")
    admin_key = first_key(data)
    with serving(data, out / LOG_FILE) as address, _demo(sample, address, admin_key, out, say) as demo:
        say(f"service ready on {address}")
        for step in STEPS:
            step(demo)
        report = _report(demo)
    (out / REPORT_FILE).write_bytes(report_workbook(report))
    return report


@contextmanager
def _demo(sample: Sample, address: str, admin_key: str, out: Path, say: Say) -> Iterator[Demo]:
    """Keys for the officer and the auditor, later for the members; the officer's is saved, since this is the demo."""
    with ExitStack() as clients:
        admin = clients.enter_context(DemoClient(address, admin_key))

        def client(role: str, name: str, lots: Sequence[str] = ()) -> tuple[DemoClient, str]:
            key = admin.post("/api-keys", {"name": name, "role": role, "lots": list(lots)})["key"]
            return clients.enter_context(DemoClient(address, key)), key

        officer, key = client("officer", "demo officer")
        file = out / KEY_FILE
        file.touch(mode=0o600)
        file.write_text(f"{key}\n", "ascii")
        say(f"officer's key, also in {file}: {key}")
        auditor, _ = client("auditor", "demo auditor")
        yield Demo(sample, officer, auditor, lambda member, lots: client("evaluator", member, lots)[0], say)


def _tender(demo: Demo) -> None:
    """A tender from the preset, published: its terms are frozen from here on. The five members' keys are for its lots."""
    deadline = min(datetime.fromisoformat(DEADLINE), datetime.now(UTC)).isoformat()
    made = demo.officer.post("/tenders", {"title": TITLE, "policy": POLICY, "bidDeadline": deadline})
    demo.tender = made["id"]
    demo.lots = {lot["key"]: lot for lot in demo.officer.items(f"{demo.url}/lots")}
    demo.officer.post(f"{demo.url}/publish")
    lots = [lot["id"] for lot in demo.lots.values()]
    demo.members = {member: demo.enlist(member, lots) for member in MEMBERS}
    demo.say(f"tender published with {len(demo.lots)} lots under {POLICY}")


def _credit_lists(demo: Demo) -> None:
    """The lists as they were retrieved the day before the deadline."""
    for name in LISTS:
        file = (f"{name}.csv", demo.sample.credit_list(name))
        fields = {"retrievedAt": LISTS_RETRIEVED_ON.isoformat()}
        demo.officer.upload(f"/credit-lists/{name}/snapshots", "file", [file], fields)
    demo.say(f"{len(LISTS)} credit lists imported")


def _dossiers(demo: Demo) -> None:
    """Organization, dossier, roster file and documents of each bidder; the documents are read by a job."""
    jobs = []
    for agency in demo.sample.agencies:
        files = demo.sample.dossier(agency.folder)
        dossier = json.loads(files["dossier.json"])
        jobs.append(_dossier(demo, agency.folder, files, dossier))
    for job in jobs:
        demo.officer.finished(job)
    demo.say(f"{len(jobs)} dossiers with rosters and {len(jobs) * len(DOCUMENTS)} documents read")


def _dossier(demo: Demo, folder: str, files: Mapping[str, bytes], dossier: dict[str, Any]) -> Any:
    own = dossier["organization"]
    identifier = own["identifier"] if own["identifier"]["id"] else None
    made = demo.officer.post("/organizations", {"name": own["name"], "identifier": identifier})
    organization = demo.organizations[folder] = made["id"]
    demo.officer.put(f"/organizations/{organization}/dossier", dossier)
    (roster,) = (path for path in files if path.startswith("roster."))
    uploaded = demo.officer.upload(f"/organizations/{organization}/roster", "file", [(roster, files[roster])])
    if uploaded["roster"] is None:
        raise DemoFailed(f"the roster of {folder} could not be read: {uploaded['document']['reasons']}")
    documents = [(path.rsplit("/", 1)[-1], files[path]) for path in sorted(files) if path.startswith("documents/")]
    return demo.officer.upload("/documents", "files", documents, {"organizationId": organization})["job"]


def _screenings(demo: Demo) -> None:
    """All bidders in one run, so that each roster is compared with every other."""
    body = {"tender": demo.tender, "organizations": list(demo.organizations.values()), "asOf": AS_OF.isoformat()}
    demo.officer.finished(demo.officer.post("/screenings/batch", body))
    folders = demo.folders
    for listed in demo.officer.items("/screenings", tender=demo.tender):
        demo.screenings[folders[listed["organization"]]] = demo.officer.get(f"/screenings/{listed['id']}")
    demo.say(f"{len(demo.screenings)} bidders screened")


def _opening(demo: Demo) -> None:
    """The bids, recorded as they were read out."""
    demo.officer.post(f"{demo.url}/move", {"to": "active.qualification"})
    for bid in bids():
        body = {
            "lot": demo.lots[bid.lot]["id"],
            "organization": demo.organizations[bid.bidder],
            "price": f"{bid.price:.2f}",
        }
        demo.bids[bid.id] = demo.officer.post(f"{demo.url}/bids", body)
    demo.say(f"{len(demo.bids)} bids recorded")


def _qualifications(demo: Demo) -> None:
    """What a screening proposes is accepted; where it cannot tell, the officer has looked."""
    for bid in bids():
        screening = demo.screenings[bid.bidder]
        proposed = {"bid": demo.bids[bid.id]["id"], "screening": screening["id"]}
        if screening["verdict"] == "needs_review":
            _look(demo, proposed, REVIEWED.get(bid.bidder, UNEXPECTED))
        else:
            state = "active" if screening["verdict"] == "eligible" else "unsuccessful"
            demo.officer.post(f"{demo.url}/qualifications", {**proposed, "state": state})
    demo.say("qualifications decided")


def _look(demo: Demo, proposed: dict[str, Any], looked: Looked) -> None:
    decision = {"state": looked.state, "reason": looked.reason}
    if looked.question is None:
        demo.officer.post(f"{demo.url}/qualifications", {**proposed, **decision})
        return
    clarification = {"question": looked.question, "dueOn": looked.due_on}
    asked = demo.officer.post(
        f"{demo.url}/qualifications", {**proposed, "state": "pending", "clarification": clarification}
    )
    answered = {**decision, "answer": looked.answer}
    demo.officer.patch(f"{demo.url}/qualifications/{asked['id']}", asked["version"], answered)


def _scores(demo: Demo) -> None:
    """Each member hands in a sheet for each lot, with a key of its own."""
    demo.officer.post(f"{demo.url}/move", {"to": "active.evaluation"})
    for lot_key, lot in demo.lots.items():
        offers = [bid for bid in bids() if bid.lot == lot_key]
        for member, client in demo.members.items():
            scores = {demo.bids[bid.id]["id"]: _points(bid, member) for bid in offers}
            client.post(f"/lots/{lot['id']}/score-sheets", {"scores": scores})
    demo.say(f"{len(demo.members) * len(demo.lots)} score sheets handed in")


def _points(bid: Bid, member: str) -> dict[str, str]:
    return score_sheets(bid)[member]


def _rankings(demo: Demo) -> None:
    """Rank each lot, and replay each ranking from what was stored."""
    for lot in demo.lots.values():
        ranking = demo.officer.post(f"/lots/{lot['id']}/ranking")
        demo.rankings.append(ranking)
        if not demo.officer.post(f"/rankings/{ranking['id']}/replay")["identical"]:
            raise DemoFailed(f"ranking {ranking['id']} does not replay")
    demo.say(f"{len(demo.rankings)} lots ranked")


def _awards(demo: Demo) -> None:
    demo.scenario = demo.officer.post(f"{demo.url}/award-scenarios", {})
    decided = demo.officer.post(f"{demo.url}/awards", {"scenario": demo.scenario["id"], "reason": AWARD_REASON})
    demo.officer.post(f"{demo.url}/move", {"to": "active.awarded"})
    won = sum(award["state"] == "active" for award in decided["items"])
    demo.say(f"{won} of {len(decided['items'])} lots awarded under the published rule")


def _trail(demo: Demo) -> None:
    """Every change has left its event, and nobody has touched one."""
    report = demo.auditor.get("/audit/verify")
    if not report["intact"]:
        raise DemoFailed("the audit trail is not intact")
    demo.say(f"audit trail of {report['events']} events intact")


STEPS: tuple[Callable[[Demo], None], ...] = (
    _tender,
    _credit_lists,
    _dossiers,
    _screenings,
    _opening,
    _qualifications,
    _scores,
    _rankings,
    _awards,
    _trail,
)


def _report(demo: Demo) -> Report:
    """What the reports need, all of it as the service answered it."""
    policy = demo.officer.get(f"{demo.url}/policy")["document"]
    recorded = list(demo.bids.values())
    return Report(
        screenings=[demo.screenings[agency.folder] for agency in demo.sample.agencies],
        rankings=demo.rankings,
        awards=demo.scenario,
        lot_names={lot["id"]: lot["name"] for lot in demo.lots.values()},
        bidders={bid["id"]: bid["organization"] for bid in recorded},
        bidder_names={bid["organization"]: bid["organizationName"] for bid in recorded},
        requirement_titles={one["id"]: one["title"]["zh"] for one in policy["requirements"]},
        rosters={screening["dossier"]: _roster(demo, screening) for screening in demo.screenings.values()},
        prices={bid["id"]: bid["price"] for bid in recorded if bid["price"] is not None},
    )


def _roster(demo: Demo, screening: Mapping[str, Any]) -> list[Any]:
    """The roster's lines as the service shows them, ID numbers masked."""
    roster = demo.officer.get(f"/organizations/{screening['dossier']}/roster")
    return [line["line"] for line in roster["lines"]]
