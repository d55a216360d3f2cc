"""Award scenarios' JSON (POST /tenders/{id}/award-scenarios, `bidscreen awards`): read, decided by the core, written."""

from collections.abc import Sequence
from fractions import Fraction

from app.awarding.awards.proposal import propose
from app.core.awards.assignment import (
    AwardProblem,
    Candidate,
    Exceeded,
    Limits,
    Objective,
    RankedLot,
    Rule,
    Scenario,
    Unassigned,
    scenario,
)
from app.core.values.json_reader import InputError, Node, all_differ, each, errors_out, parse_json, together
from app.core.values.money import Money, exact

_MOST_LOTS = 2_000
_MOST_BIDDERS = 10_000
_MOST_ROWS = 500_000


def scenario_json(content: bytes) -> dict[str, object]:
    """Apply `scenario_of` to JSON text in UTF-8; invalid JSON is reported like any other error."""
    try:
        data = parse_json(content)
    except InputError as error:
        return errors_out(error.faults)
    return scenario_of(data)


def scenario_of(data: object) -> dict[str, object]:
    """Compute the awards under the requested rule, and under the other rules for comparison, from plain JSON values.

    Or `{"errors": [{"code", "message", "pointer"}]}`. Analysis only: the tender's policy sets the rule.
    """
    try:
        problem, rule = read_problem(Node(data))
    except InputError as error:
        return errors_out(error.faults)
    return solve(problem, rule)


def solve(problem: AwardProblem, rule: Rule) -> dict[str, object]:
    """Return the awards under `rule`, and under the other rules for comparison, in wire format."""
    scenarios = {each_rule: scenario(problem, each_rule, propose) for each_rule in Rule}
    return scenario_out(scenarios.pop(rule), tuple(scenarios.values()))


def read_problem(node: Node) -> tuple[AwardProblem, Rule]:
    """Parse the input into the core's values. Errors: InputError with the errors of all parts."""
    parts = node.members("lots", "limits", "rule", "objective", "lotOrder")
    settings = (
        lambda: parts["rule"].one_of(*Rule),
        lambda: _objective(parts["objective"]),
        lambda: _limits(parts["limits"]),
    )
    try:
        together(*settings)
    except InputError:
        together(*settings, lambda: _lots(parts["lots"], Objective.TOTAL_SCORE))
        raise
    rule = Rule(parts["rule"].one_of(*Rule))
    objective = _objective(parts["objective"])
    limits = _limits(parts["limits"])
    lots = _lots(parts["lots"], objective)
    return AwardProblem(lots, limits, objective, _order(parts["lotOrder"], lots)), rule


def _lots(node: Node, objective: Objective) -> tuple[RankedLot, ...]:
    nodes = each(node.entries(_MOST_LOTS), lambda lot: lot.members("id", "value", "ranking"))
    rows = (lot["ranking"].value for lot in nodes)
    if sum(len(row) for row in rows if isinstance(row, list)) > _MOST_ROWS:
        raise node.refuse("too_many", f"At most {_MOST_ROWS} rows of rankings are expected")
    lots = tuple(each(nodes, lambda lot: _lot(lot, objective)))
    all_differ((lot["id"] for lot in nodes), "duplicate_lot", "Each lot is expected once")
    return lots


def _objective(node: Node) -> Objective:
    return Objective.TOTAL_SCORE if node.missing else Objective(node.one_of(*Objective))


def _limits(node: Node) -> Limits:
    if node.missing:
        return Limits(None, {})
    parts = node.members("maximumLotsAwardedPerSupplier", "perSupplier")
    own = parts["perSupplier"]
    pairs = [] if own.missing else list(own.pairs())
    values = each((limit for _, limit in pairs), _limit)
    return Limits(
        _limit(parts["maximumLotsAwardedPerSupplier"]),
        dict(zip((bidder for bidder, _ in pairs), values, strict=True)),
    )


def _limit(node: Node) -> int | None:
    return None if node.missing else node.whole(0, 10**6)


def _lot(parts: dict[str, Node], objective: Objective) -> RankedLot:
    if not parts["value"].missing and parts["value"].money().amount < 0:
        raise parts["value"].refuse("out_of_range", "A value of 0 or more is expected")
    rows = [row.members("bid", "bidder", "rank", "total", "price") for row in parts["ranking"].entries(_MOST_BIDDERS)]
    ranking = each(rows, lambda row: _candidate(row, objective))
    all_differ((row["bid"] for row in rows), "duplicate_bid", "Each bid is expected once in a lot")
    all_differ((row["bidder"] for row in rows), "duplicate_bidder", "Each bidder is expected once in a lot")
    return RankedLot(parts["id"].text(), tuple(ranking))


def _candidate(parts: dict[str, Node], objective: Objective) -> Candidate:
    total = parts["total"].decimal()
    if total < 0:
        raise parts["total"].refuse("out_of_range", "A total of 0 or more is expected")
    return Candidate(
        bid=parts["bid"].text(),
        bidder=parts["bidder"].text(),
        rank=parts["rank"].whole(1, 10**6),
        total=total,
        price=_price(parts["price"], objective),
    )


def _price(node: Node, objective: Objective) -> Money | None:
    if node.missing:
        if objective is Objective.TOTAL_PRICE:
            raise node.refuse("price_missing", "The lowest sum of prices needs every price")
        return None
    price = node.money()
    if price.amount <= 0:
        raise node.refuse("out_of_range", "A price above 0 is expected; null where none is known")
    return price


def _order(node: Node, lots: Sequence[RankedLot]) -> tuple[RankedLot, ...]:
    """Return the lots in the order of the tender documents, each once; in input order if these name none."""
    entries = [] if node.missing else node.entries(_MOST_LOTS)
    if not entries:
        return tuple(lots)
    known = {lot.id: lot for lot in lots}
    each(entries, lambda entry: _known(entry, known))
    all_differ(entries, "duplicate_lot", "Each lot is expected once in the order")
    if len(entries) < len(lots):
        raise node.refuse("lot_order_incomplete", "Every lot is expected in the order")
    return tuple(known[entry.text()] for entry in entries)


def _known(node: Node, known: dict[str, RankedLot]) -> None:
    if node.text() not in known:
        raise node.refuse("unknown_lot", "One of the lots is expected")


def scenario_out(chosen: Scenario, others: Sequence[Scenario]) -> dict[str, object]:
    """Return the result in wire format: sums as strings, `totalPrice` null if a winner's price is unknown."""
    return {
        "rule": chosen.rule.value,
        "assignment": [
            {"lot": lot, "bidder": candidate.bidder, "bid": candidate.bid} for lot, candidate in chosen.winners.items()
        ],
        "unassigned": [_unassigned_out(left) for left in chosen.unassigned],
        **_sums(chosen),
        "alternatives": [{"rule": other.rule.value, "lots": len(other.winners), **_sums(other)} for other in others],
        "limitsExceeded": [_exceeded_out(exceeded) for exceeded in chosen.exceeded],
        "ties": [{"lot": lot, "bidders": list(bidders)} for lot, bidders in chosen.ties.items()],
    }


def _unassigned_out(left: Unassigned) -> dict[str, object]:
    return {"lot": left.lot, "reason": left.reason.value, "limits": list(left.limits)}


def _exceeded_out(exceeded: Exceeded) -> dict[str, object]:
    return {"bidder": exceeded.bidder, "limit": exceeded.limit, "lots": list(exceeded.lots)}


def _sums(one: Scenario) -> dict[str, object]:
    price: Fraction | None = one.total_price
    return {"totalScore": exact(one.total_score, 2), "totalPrice": None if price is None else exact(price, 2)}
