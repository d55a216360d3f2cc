"""Agencies: a bidder with its staff, generated from the seed."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.sample.data.organizations import BIDDERS, Bidder
from app.sample.data.people import Person, Population
from app.sample.data.staff import StaffLine, rosters

SEED = 2017
SCOPES = (
    "开展社会工作专业服务；承接政府购买社区服务项目；社区居民需求调查与资源链接；社会工作人才培训与督导；志愿者招募与管理",
    "社区社会工作服务；老年人、青少年、妇女儿童及残障人士服务；社区治理项目策划与评估；社会组织孵化与能力建设",
    "困境家庭个案管理与帮扶；社区营造与居民骨干培育；社会工作理论研究与实务交流；依法开展与章程相符的其他非营利性服务",
)


@dataclass(frozen=True, slots=True)
class Agency:
    """A bidder, from which its submission is generated; `scope` is its 业务范围, `capital` in yuan."""

    bidder: Bidder
    position: int
    representative: Person
    contact: Person
    lines: tuple[StaffLine, ...]
    scope: str
    capital: int
    signed_on: date

    @property
    def folder(self) -> str:
        """The dossier's folder and the bidder's id."""
        return self.bidder.folder

    @property
    def full_time(self) -> tuple[StaffLine, ...]:
        """Lines that say full-time."""
        return tuple(line for line in self.lines if line.employment == "full_time")


def agencies() -> tuple[Agency, ...]:
    """Return the fourteen agencies; the same each time."""
    population = Population(SEED)
    lines = rosters(population)
    return tuple(_agency(position, bidder, population, lines[bidder.folder]) for position, bidder in enumerate(BIDDERS))


def _agency(position: int, bidder: Bidder, population: Population, lines: tuple[StaffLine, ...]) -> Agency:
    capital = 2_000_000 if bidder.registration.legal_form == "foundation" else 30_000 + 10_000 * (position % 4)
    return Agency(
        bidder=bidder,
        position=position,
        representative=population.person(),
        contact=population.person(),
        lines=lines,
        scope=SCOPES[position % len(SCOPES)],
        capital=capital,
        signed_on=date(2026, 5, 6) + timedelta(days=position % 7),
    )
