"""The guards against false certainty: all thresholds in one place."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Guards:
    """Thresholds below which a coincidence is no lead, or a weak one.

    `few_bids`: with fewer bids, price distributions are not judged. `common`: what more organizations than this share
    is a template, a switchboard, a common tool. `strong_chance`, `weak_chance`: probability that prices form the
    pattern by chance. `strong_text`, `weak_text`: share of the shorter text. `least_shingles`: shorter common texts are
    ignored; `strong_shingles`: this much common text (eight characters each) is strong. `strong_variants`: this many
    identical rare errors of one pair are strong. `holding`: 控股, more than this share.
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
