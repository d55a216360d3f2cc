"""Run the whole procedure on the sample tender over HTTP, from an empty directory to the end of a contract.

The demo sets the service's clock: four months of procedure take less than a minute.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.awarding.reports.results import Report
from app.awarding.reports.workbook import report_workbook
from app.sample.demo import accounts, contracts, evaluation, examination, opening, tendering
from app.sample.demo.clock import FILE, instant, turn
from app.sample.demo.parties import Demo, Folders, Say, parties
from app.sample.demo.service import first_key, fresh_directory, serving
from app.sample.write import make_sample

REPORT_FILE, LOG_FILE = "report.xlsx", "service.log"
BEGINS = "2026-04-22 09:00"
STEPS: tuple[Callable[[Demo], None], ...] = (
    accounts.colleague,
    tendering.draft,
    tendering.ceremony,
    tendering.publication,
    tendering.dossiers,
    tendering.envelopes,
    opening.deadline,
    opening.opening,
    opening.verification,
    opening.confirmation,
    examination.credit_lists,
    examination.leads,
    examination.screenings,
    examination.clarifications,
    examination.findings,
    examination.plan_and_evaluator,
    examination.qualifications,
    evaluation.committee,
    evaluation.scores,
    evaluation.rankings,
    evaluation.low_prices,
    evaluation.report,
    evaluation.award,
    contracts.notices,
    contracts.fall,
    contracts.contracts,
    contracts.content,
    contracts.milestones,
    contracts.lateness,
    accounts.accounts,
    contracts.trail,
)


def run_demo(out: Path, say: Say) -> Report:
    """Run all steps below `out` and write the report there; the service has ended when this returns."""
    folders = Folders(out)
    fresh_directory(folders.data)
    fresh_directory(folders.offline)
    turn(folders.data / FILE, instant(BEGINS))
    sample = make_sample()
    say(f"{len(sample.agencies)} agencies, {len(sample.files)} files written")
    admin_key = first_key(folders.data)
    with (
        serving(folders.data, out / LOG_FILE) as address,
        parties(sample, folders, address, admin_key, say) as demo,
    ):
        say(f"service ready on {address}, its clock set by the demo")
        for step in STEPS:
            step(demo)
        report = _report(demo)
    (out / REPORT_FILE).write_bytes(report_workbook(report))
    return report


def _report(demo: Demo) -> Report:
    """Collect the contents of the reports from the service's responses."""
    policy = demo.officer.get(f"{demo.url}/policy")["document"]
    recorded = list(demo.bids.values())
    return Report(
        screenings=[demo.screenings[agency.folder] for agency in demo.sample.agencies],
        rankings=demo.rankings,
        awards=demo.scenario,
        lot_names={lot["id"]: lot["name"] for lot in demo.lots.values()},
        bidders={bid["id"]: bid["organizationId"] for bid in recorded},
        bidder_names={bid["organizationId"]: bid["organizationName"] for bid in recorded},
        requirement_titles={one["id"]: one["title"]["zh"] for one in policy["requirements"]},
        rosters={screening["dossier"]: _roster(demo, screening) for screening in demo.screenings.values()},
        prices={bid["id"]: bid["price"] for bid in recorded if bid["price"] is not None},
    )


def _roster(demo: Demo, screening: Mapping[str, Any]) -> list[Any]:
    """Return the roster's lines as the service shows them, ID numbers masked."""
    roster = demo.officer.get(f"/organizations/{screening['dossier']}/roster")
    return [line["line"] for line in roster["lines"]]
