"""The guards against false certainty, as figures in one place."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Guards:
    """When a coincidence is no lead, or a weak one.

    `few_bids`: with fewer bids distributions of prices are not judged. `common`: what more than so many organizations share is
    a template, a switchboard, a common tool. `strong_chance`, `weak_chance`: how likely prices fall so by chance alone.
    `strong_text`, `weak_text`: share of the shorter text. `least_shingles`: shorter common texts say nothing;
    `strong_shingles`: so much common text (eight characters each) is strong.
    `strong_variants`: so many identical rare errors of one pair are strong. `holding`: 控股, more than this share.
    """

    few_bids: int = 4
    common: int = 3
    strong_chance: float = 1e-4
    weak_chance: float = 1e-2
    strong_text: float = 0.6
    weak_text: float = 0.3
    least_shingles: int = 12
    strong_shingles: int = 40
    strong_variants: int = 3
    holding: Decimal = Decimal("0.5")
    submission_minutes: int = 30


DEFAULT = Guards()
