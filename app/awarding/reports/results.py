"""Content of a report: results in wire format, with display names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["zh", "en"]
Result = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Results of a tender; empty parts are omitted from the report.

    `screenings` are result lines, `rankings` the rankings of lots (with `lot`), `awards` one award scenario.
    `bidders` maps bid id → bidder id; the other mappings give names by id, `rosters` the roster
    lines of a dossier. A missing name shows the id. `unmask` shows ID numbers whole.
    """

    screenings: Sequence[Result] = ()
    rankings: Sequence[Result] = ()
    awards: Result | None = None
    lot_names: Mapping[str, str] = field(default_factory=dict)
    bidders: Mapping[str, str] = field(default_factory=dict)
    bidder_names: Mapping[str, str] = field(default_factory=dict)
    requirement_titles: Mapping[str, str] = field(default_factory=dict)
    rosters: Mapping[str, Sequence[Result]] = field(default_factory=dict)
    prices: Mapping[str, str] = field(default_factory=dict)
    unmask: bool = False

    def lot(self, lot_id: str) -> str:
        """Return a lot's name."""
        return self.lot_names.get(lot_id, lot_id)

    def bidder(self, bidder_id: str) -> str:
        """Return a bidder's name."""
        return self.bidder_names.get(bidder_id, bidder_id)

    def bidder_of(self, bid_id: str) -> str:
        """Return the name of the bid's bidder."""
        return self.bidder(self.bidders.get(bid_id, bid_id))

    def requirement(self, requirement_id: str) -> str:
        """Return a requirement's title."""
        return self.requirement_titles.get(requirement_id, requirement_id)

    @property
    def requirement_ids(self) -> list[str]:
        """Every requirement that any screening answers, in order of first appearance."""
        found = (answer["id"] for line in self.screenings for answer in line.get("requirements", ()))
        return list(dict.fromkeys(found))


def organization_name(screening: Result) -> str:
    """Return the bidder's name, or the dossier's if the dossier could not be read."""
    name = screening.get("organization", {}).get("name")
    return str(name or screening["dossier"])


def staff_person(report: Report, screening: Result, pointer: str) -> Result:
    """Return the roster line that a staff entry points at (`/roster/N`); empty where rosters are not given."""
    lines = report.rosters.get(screening["dossier"], ())
    index = pointer.rsplit("/", 1)[-1]
    return lines[int(index)] if index.isdigit() and int(index) < len(lines) else {}


def ranking_of(report: Report, lot_id: str) -> Result | None:
    """Return the ranking of a lot."""
    return next((ranking for ranking in report.rankings if ranking["lot"] == lot_id), None)
