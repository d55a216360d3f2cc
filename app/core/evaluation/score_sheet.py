"""Validation of a member's score sheet (评分表) (财政部令第87号 第六十四条)."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from app.core.values.json_reader import Fault, below

Points = Mapping[str, Mapping[str, Decimal]]
"""Bid id → factor → points given."""


def sheet_faults(most: Mapping[str, Decimal], bids: Collection[str], scores: Points) -> Iterator[Fault]:
    """List errors of a sheet: unknown bids, unknown factors, points outside 0 to the factor's maximum (`most`).

    A sheet may omit bids; completeness is checked when the lot is ranked.
    """
    for bid, sheet in scores.items():
        pointer = below("/scores", bid)
        if bid not in bids:
            yield Fault("unknown_bid", "An opened bid of this lot is expected", pointer)
            continue
        for factor, points in sheet.items():
            if factor not in most:
                yield Fault("unknown_factor", "Only the factors of the scheme are expected", below(pointer, factor))
            elif not 0 <= points <= most[factor]:
                expected = f"A score from 0 to {most[factor]:f} is expected"
                yield Fault("score_out_of_range", expected, below(pointer, factor))
