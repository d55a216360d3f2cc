"""The sample's inputs of `rank` and `awards`: what its bids come to once the qualifications are decided."""

from typing import Any

from app.awarding.evaluation.ranking_json import preview
from app.sample.data.bids import bids, ranking_input
from app.sample.data.decisions import QUALIFIED
from app.sample.data.tender import LOTS, POLICY
from app.tendering.policies.presets import preset_document


def ranking_inputs() -> dict[str, dict[str, object]]:
    """Return the input of `rank` for each lot, by lot id."""
    qualified = {bid.bidder: bid.bidder in QUALIFIED for bid in bids()}
    return {lot.id: ranking_input(lot.id, qualified) for lot in LOTS}


def awards_input() -> dict[str, object]:
    """Return the input of `awards`: the ranking of each lot, and the award rule of the published policy."""
    bidder_of = {bid.id: bid.bidder for bid in bids()}
    price_of = {bid.id: str(bid.price) for bid in bids()}
    inputs = ranking_inputs()

    def row(one: dict[str, Any]) -> dict[str, object]:
        bid = one["bid"]
        return {
            "bid": bid,
            "bidder": bidder_of[bid],
            "rank": one["rank"],
            "total": one["total"],
            "price": price_of[bid],
        }

    ranked: dict[str, Any] = {lot.id: preview(inputs[lot.id]) for lot in LOTS}
    lots = [
        {"id": lot.id, "value": str(lot.ceiling), "ranking": list(map(row, ranked[lot.id]["rows"]))} for lot in LOTS
    ]
    return {"lots": lots, **preset_document(POLICY)["tender"]["award"]}
