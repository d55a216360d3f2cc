"""How well leads distinguish planted collusion from honest bidders: precision and recall for each kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.core.integrity.assess import integrity_leads
from app.core.integrity.leads import Lead, Strength
from tests.making.integrity.seeding import KINDS, Planted, honest, planted

SURE = (Strength.FACT, Strength.STRONG)


@dataclass
class Score:
    """Of one kind: number planted, number found, and leads of its code about other bidders."""

    code: str
    strength: Strength
    planted: int = 0
    told: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.told / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.told / (self.told + self.wrong) if self.told + self.wrong else 1.0


@dataclass
class Table:
    """All kinds, and the leads about honest tenders."""

    scores: dict[str, Score] = field(default_factory=dict)
    wrong: dict[Strength, list[Lead]] = field(default_factory=lambda: {one: [] for one in SURE})
    honest: int = 0
    honest_leads: dict[Strength, int] = field(default_factory=lambda: dict.fromkeys(Strength, 0))


def is_right(lead: Lead, case: Planted) -> bool:
    """Whether a lead concerns only the ring: planted collusion often shows in several ways."""
    return set(lead.subjects) <= case.ring


def wrong_leads(leads: Iterable[Lead], case: Planted) -> Iterator[Lead]:
    """Return facts and strong leads about bidders outside the ring."""
    return (lead for lead in leads if lead.strength in SURE and not is_right(lead, case))


def is_told(leads: Iterable[Lead], case: Planted) -> bool:
    """Whether the expected lead was found, with the expected strength, about the whole ring."""
    wanted = (case.code, case.strength, case.ring)
    return any((lead.code, lead.strength, frozenset(lead.subjects)) == wanted for lead in leads)


def measure(each: int, of_honest: int) -> Table:
    """Score `each` tenders of every kind and some honest ones."""
    table = Table()
    for number, kind in enumerate(KINDS):
        code, strength, *_ = KINDS[kind]
        score = table.scores[kind] = Score(code, strength)
        for seed in range(each):
            _add(table, score, planted(kind, 1000 * number + seed))
    for seed in range(of_honest):
        table.honest += 1
        for lead in integrity_leads(honest(seed + 900_000).facts()):
            table.honest_leads[lead.strength] += 1
            if lead.strength in SURE:
                table.wrong[lead.strength].append(lead)
    _spread_wrong(table)
    return table


def _add(table: Table, score: Score, case: Planted) -> None:
    leads = integrity_leads(case.draft.facts())
    score.planted += 1
    score.told += is_told(leads, case)
    for lead in wrong_leads(leads, case):
        table.wrong[lead.strength].append(lead)


def _spread_wrong(table: Table) -> None:
    """Count a wrong lead against every kind with its code."""
    for leads in table.wrong.values():
        for lead in leads:
            for score in table.scores.values():
                score.wrong += score.code == lead.code
