"""The staff on each bidder's roster (花名册)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.sample.data.organizations import BIDDERS, Bidder
from app.sample.data.people import Person, Population
from app.sample.data.tender import AS_OF, INSURED_TO

LENT_FROM, LENT_TO = "lingtang", "lupu"
LEVELS = ("assistant", "intermediate", "assistant", "intermediate", "assistant", "senior", "intermediate")
POSITIONS = ("总干事", "项目主管", "一线社工", "社区干事", "督导", "会计", "行政专员")
_FIRST_CONTRACT, _LAST_CONTRACT = date(2019, 1, 1), date(2025, 9, 30)
_RETIRED_BORN = date(1963, 9, 12)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A social worker certificate (社会工作者职业资格证书); level assistant, intermediate, senior or local."""

    level: str
    number: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One line of a roster; months as YYYY-MM; `proven`: the insurance proof lists the person."""

    person: Person
    employment: str
    position: str
    contract_from: date
    contract_to: date | None
    payer: str
    insured_from: str
    insured_to: str = INSURED_TO
    certificate: Certificate | None = None
    proven: bool = True


def rosters(population: Population) -> Mapping[str, tuple[StaffLine, ...]]:
    """Return each bidder's lines; one social worker of `lingtang` is on the roster of `lupu` too."""
    lines = {bidder.folder: _lines(bidder, population) for bidder in BIDDERS}
    borrower = next(bidder for bidder in BIDDERS if bidder.folder == LENT_TO)
    lent = replace(
        lines[LENT_FROM][3],
        payer=borrower.name,
        contract_from=date(2025, 10, 1),
        insured_from="2025-10",
        proven=False,
    )
    lines[LENT_TO] = (*lines[LENT_TO], lent)
    return lines


def _lines(bidder: Bidder, population: Population) -> tuple[StaffLine, ...]:
    plan = bidder.staffing
    lines = [_line(bidder, population, "full_time", level) for level in LEVELS[: plan.workers]]
    for index in range(plan.others):
        lines.append(_line(bidder, population, "full_time", "local" if index < plan.local_grade else None))
    lines += [_line(bidder, population, employment, None) for employment in plan.extras]
    return tuple(lines)


def _line(bidder: Bidder, population: Population, employment: str, level: str | None) -> StaffLine:
    person = population.person(_RETIRED_BORN if employment == "rehired" else None)
    begun = population.day(_FIRST_CONTRACT, _LAST_CONTRACT).replace(day=1)
    open_ended = population.pick(4) == 0
    return StaffLine(
        person=person,
        employment=employment,
        position="一线社工" if level else POSITIONS[population.pick(len(POSITIONS))],
        contract_from=begun,
        contract_to=None if open_ended else _contract_end(begun),
        payer="苏州市云岫人力资源有限公司" if employment == "dispatched" else bidder.name,
        insured_from=f"{begun:%Y-%m}",
        certificate=_certificate(population, level, person.born) if level else None,
        proven=employment not in ("dispatched", "intern", "rehired"),
    )


def _certificate(population: Population, level: str, born: date) -> Certificate:
    first = max(2014, born.year + 23)
    approved = date(first + population.pick(2025 - first), 6, 10 + population.pick(15))  # the exam is held in June
    return Certificate(level, population.certificate_number(approved), approved)


def _contract_end(begun: date) -> date:
    """Return the end of a contract: three years, renewed until it outlasts the deadline."""
    years = 3
    while begun.year + years <= AS_OF.year:
        years += 3
    return begun.replace(year=begun.year + years) - timedelta(days=1)
