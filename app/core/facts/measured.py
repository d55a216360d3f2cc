"""One condition that is measured: outcome, what is required, what was observed, by how much it is met or missed."""

from dataclasses import dataclass
from decimal import Decimal

from app.core.facts.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Measured:
    """`margin` = observed − required; None where nothing is measured. `where` names the places that fall short."""

    id: str
    outcome: Outcome
    article: str
    required: Decimal | None = None
    observed: Decimal | None = None
    where: tuple[str, ...] = ()

    @property
    def margin(self) -> Decimal | None:
        """How much more there is than required; negative where it falls short."""
        return None if self.required is None or self.observed is None else self.observed - self.required


def at_least(id_: str, article: str, required: Decimal | int, observed: Decimal | int | None) -> Measured:
    """Met from `required` up; undetermined where it is not known."""
    need = Decimal(required)
    if observed is None:
        return Measured(id_, Outcome.UNDETERMINED, article, need)
    seen = Decimal(observed)
    return Measured(id_, Outcome.MET if seen >= need else Outcome.NOT_MET, article, need, seen)


def is_so(id_: str, article: str, known: bool | None) -> Measured:
    """Met, not met, or undetermined where it is not known."""
    if known is None:
        return Measured(id_, Outcome.UNDETERMINED, article)
    return Measured(id_, Outcome.MET if known else Outcome.NOT_MET, article)
