"""One measured condition: outcome, required value, observed value, margin."""

from dataclasses import dataclass
from decimal import Decimal

from app.core.facts.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Measured:
    """`margin` = observed − required; None where nothing is measured. `where` names the parts that fall short."""

    id: str
    outcome: Outcome
    article: str
    required: Decimal | None = None
    observed: Decimal | None = None
    where: tuple[str, ...] = ()

    @property
    def margin(self) -> Decimal | None:
        """Return `observed` − `required`; negative where it falls short."""
        return None if self.required is None or self.observed is None else self.observed - self.required


def at_least(id_: str, article: str, required: Decimal | int, observed: Decimal | int | None) -> Measured:
    """Met from `required` up; undetermined where `observed` is unknown."""
    need = Decimal(required)
    if observed is None:
        return Measured(id_, Outcome.UNDETERMINED, article, need)
    seen = Decimal(observed)
    return Measured(id_, Outcome.MET if seen >= need else Outcome.NOT_MET, article, need, seen)


def is_so(id_: str, article: str, known: bool | None) -> Measured:
    """Met if true, not met if false, undetermined where unknown."""
    if known is None:
        return Measured(id_, Outcome.UNDETERMINED, article)
    return Measured(id_, Outcome.MET if known else Outcome.NOT_MET, article)
