"""Similar text apart from common text, and rare errors that two bidders share (财政部令第87号 第三十七条第（四）项).

Text of the tender's own documents, and text of more bidders than `Guards.common`, was removed before (see the adapter).
A shared deviation is the textual critic's proof of a common source: one may be chance, several of one pair are not.
"""

from collections.abc import Iterator, Sequence

from app.core.integrity.facts import SharedVariant, TextMatch
from app.core.integrity.guards import Guards
from app.core.integrity.leads import Pointer, Seen, Strength, seen


def alike_texts(matches: Sequence[TextMatch], guards: Guards) -> Iterator[Seen]:
    """Compute one lead for each pair of bidders, based on their most similar documents."""
    pairs: dict[tuple[str, str], list[TextMatch]] = {}
    for match in matches:
        if match.alike >= guards.weak_text and match.shared >= guards.least_shingles:
            one, other = sorted(match.bidders)
            pairs.setdefault((one, other), []).append(match)
    for (one, other), own in sorted(pairs.items()):
        best = max(match.alike for match in own)
        strong = any(match.alike >= guards.strong_text and match.shared >= guards.strong_shingles for match in own)
        strength = Strength.STRONG if strong else Strength.WEAK
        evidence = [pointer for match in own for pointer in _spots(match)]
        yield seen("text_near_identical", strength, f"text:{one}:{other}", evidence, percent=int(best * 100))


def _spots(match: TextMatch) -> Iterator[Pointer]:
    for pair in match.spots:
        for bidder, spot in zip(match.bidders, pair, strict=True):
            yield Pointer(bidder, "text", spot=spot)


def rare_errors(variants: Sequence[SharedVariant], guards: Guards) -> Iterator[Seen]:
    """Compute one lead for each set of bidders that share deviations found in no other bid."""
    groups: dict[tuple[str, ...], list[SharedVariant]] = {}
    for variant in variants:
        bidders = tuple(sorted({bidder for bidder, _ in variant.spots}))
        if 2 <= len(bidders) <= guards.common:
            groups.setdefault(bidders, []).append(variant)
    for bidders, own in sorted(groups.items()):
        strength = Strength.STRONG if len(own) >= guards.strong_variants else Strength.WEAK
        evidence = [
            Pointer(bidder, "error", spot=spot, shown=variant.text) for variant in own for bidder, spot in variant.spots
        ]
        first = min(own, key=lambda variant: variant.text)
        yield seen(
            "same_rare_error", strength, f"error:{':'.join(bidders)}", evidence,
            errors=len(own), shown=first.text, usual=first.usual,
        )  # fmt: skip
