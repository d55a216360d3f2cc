"""Read a ranking's JSON (POST /rankings/preview, `bidscreen rank`) into the core's values, and write the result."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from app.core.evaluation.ranking import Admission, Lot, Ranking, Row, admit, faults_of, rank
from app.core.evaluation.scoring import ABNORMALLY_LOW, Bid, Factor, Formula, Scheme, Sheets, TieBreak, mean_text
from app.core.values.json_reader import InputError, Node, all_differ, each, errors_out, parse_json, together
from app.core.values.money import exact

_MOST_BIDS = 10_000
_MOST_FACTORS = 1_000
_MOST_PLACES = 10
_PLACES = 2
_MIN_BIDDERS = 3  # 财政部令第87号 第四十三条
_BEYOND_ANY_POINTS = Decimal(10) ** 13
_Parts = Mapping[str, Node]


def preview_json(content: bytes, abnormally_low: Fraction = ABNORMALLY_LOW) -> dict[str, object]:
    """Apply `preview` to JSON text in UTF-8; invalid JSON is reported like any other error."""
    try:
        data = parse_json(content)
    except InputError as error:
        return errors_out(error.faults)
    return preview(data, abnormally_low)


def preview(data: object, abnormally_low: Fraction = ABNORMALLY_LOW) -> dict[str, object]:
    """Rank one lot from plain JSON values, or return `{"errors": [{"code", "message", "pointer"}]}`.

    `abnormally_low`: a price below this share of the mean of the others gets a warning. Nothing is stored.
    """
    try:
        parts = Node(data).members("lot", "scheme", "bids")
        read: list[tuple[list[_Parts], list[Bid]]] = []
        together(
            lambda: _lot(parts["lot"]),
            lambda: _scheme(parts["scheme"], abnormally_low),
            lambda: read.append(_bids(parts["bids"])),
        )
        lot, scheme = _lot(parts["lot"]), _scheme(parts["scheme"], abnormally_low)
        nodes, bids = read[0]
        admission = admit(lot, scheme, bids)
        sheets = _sheets(nodes, admission)
    except InputError as error:
        return errors_out(error.faults)
    if faults := faults_of(scheme, admission, sheets):
        return errors_out(faults)
    return ranking_out(rank(lot, scheme, bids, sheets), scheme)


def _bids(node: Node) -> tuple[list[_Parts], list[Bid]]:
    """Parse the bids without their scores; return them with the JSON nodes that they were read from."""
    nodes = each(node.entries(_MOST_BIDS), _members_of_bid)
    bids = each(nodes, _bid)
    all_differ((parts["id"] for parts in nodes), "duplicate_bid", "Each bid is expected once")
    return nodes, bids


def _lot(node: Node) -> Lot:
    parts = node.members("id", "ceiling")
    ceiling = parts["ceiling"]
    if not ceiling.missing and ceiling.money().amount <= 0:
        raise ceiling.refuse("out_of_range", "A ceiling above 0 is expected; null where there is none")
    return Lot(parts["id"].text(), None if ceiling.missing else ceiling.money())


def _scheme(node: Node, abnormally_low: Fraction) -> Scheme:
    parts = node.members("price", "factors", "rounding", "minBidders", "tieBreak", "drawSeed")
    price = parts["price"].members("points", "formula")
    together(
        lambda: _points(price["points"]),
        lambda: price["formula"].one_of(*Formula),
        lambda: _factors(parts["factors"]),
        lambda: _places(parts["rounding"]),
        lambda: _tie_break(parts["tieBreak"]),
    )
    min_bidders, seed = parts["minBidders"], parts["drawSeed"]
    return Scheme(
        price_points=_points(price["points"]),
        formula=Formula(price["formula"].one_of(*Formula)),
        factors=_factors(parts["factors"]),
        places=_places(parts["rounding"]),
        min_bidders=_MIN_BIDDERS if min_bidders.missing else min_bidders.whole(1, _MOST_BIDS),
        tie_break=_tie_break(parts["tieBreak"]),
        draw_seed=None if seed.missing else seed.text(),
        abnormally_low=abnormally_low,
    )


def _points(node: Node) -> Decimal:
    points = node.decimal()
    if points < 0:
        raise node.refuse("out_of_range", "Points of 0 or more are expected")
    return points


def _factors(node: Node) -> tuple[Factor, ...]:
    entries = node.entries(_MOST_FACTORS)
    if not entries:
        raise node.refuse("required", "At least one factor is expected")
    nodes = [entry.members("id", "points", "objective", "technical") for entry in entries]
    all_differ((parts["id"] for parts in nodes), "duplicate_factor", "Each factor is expected once")
    return tuple(
        Factor(parts["id"].text(), _points(parts["points"]), _flag(parts["objective"]), _flag(parts["technical"]))
        for parts in nodes
    )


def _flag(node: Node) -> bool:
    return not node.missing and node.flag()


def _places(node: Node) -> int:
    places = Node(None) if node.missing else node.members("places")["places"]
    return _PLACES if places.missing else places.whole(0, _MOST_PLACES)


def _tie_break(node: Node) -> frozenset[TieBreak]:
    entries = [] if node.missing else node.entries(len(TieBreak) * 2)
    return frozenset(TieBreak(entry.one_of(*TieBreak)) for entry in entries)


def _members_of_bid(node: Node) -> _Parts:
    return node.members("id", "price", "qualified", "deduction", "offered", "scores")


def _bid(parts: _Parts) -> Bid:
    price, offered = parts["price"], parts["offered"]
    together(
        parts["id"].text,
        lambda: None if price.missing else price.money(),
        parts["qualified"].flag,
        lambda: _deduction(parts["deduction"]),
        lambda: None if offered.missing else offered.decimal(),
    )
    return Bid(
        id=parts["id"].text(),
        price=None if price.missing else price.money(),
        qualified=parts["qualified"].flag(),
        deduction=_deduction(parts["deduction"]),
        offered=None if offered.missing else offered.decimal(),
    )


def _deduction(node: Node) -> Decimal:
    share = Decimal(0) if node.missing else node.decimal()
    if not 0 <= share < 1:
        raise node.refuse("deduction_out_of_range", "A share of 0 or more and under 1 is expected")
    return share


def _sheets(nodes: Sequence[_Parts], admission: Admission) -> Mapping[str, Sheets]:
    """Parse the scores of the remaining bids; those of excluded bids, and of a failed lot, are not examined."""
    if admission.failed:
        return {}
    places = list(admission.left)
    sheets = each((nodes[place]["scores"] for place in places), _bid_sheets)
    return {admission.left[place].id: sheet for place, sheet in zip(places, sheets, strict=True)}


def _bid_sheets(node: Node) -> Sheets:
    pairs = [] if node.missing else list(node.pairs())
    return dict(zip((member for member, _ in pairs), each((part for _, part in pairs), _sheet), strict=True))


def _sheet(node: Node) -> Mapping[str, Decimal]:
    """Parse one member's scores of one bid; null means missing."""
    pairs = [] if node.missing else [(factor, part) for factor, part in node.pairs() if not part.missing]
    return dict(zip((factor for factor, _ in pairs), each((part for _, part in pairs), _given), strict=True))


def _given(node: Node) -> Decimal:
    try:
        return node.decimal()
    except InputError as error:
        if error.faults[0].code == "decimal_too_large":
            return _BEYOND_ANY_POINTS  # still a number: out of range rather than malformed
        raise


def ranking_out(ranking: Ranking, scheme: Scheme) -> dict[str, object]:
    """Return the result in wire format: decimals as strings, yuan with at least two places, points as in the scheme."""
    return {
        "lot": ranking.lot,
        "status": "failed" if ranking.reason else "ranked",
        "reason": ranking.reason,
        "benchmark": _yuan(ranking.benchmark),
        "rows": [_row_out(row, scheme.places) for row in ranking.rows],
        "excluded": [{"bid": bid, "code": code.value} for bid, code in ranking.excluded],
        "warnings": [{"code": code, "bid": bid} for code, bid in ranking.warnings],
    }


def _row_out(row: Row, places: int) -> dict[str, object]:
    score = row.score
    return {
        "bid": score.bid,
        "rank": row.rank,
        "total": format(score.total, "f"),
        "priceScore": None if score.price_score is None else format(score.price_score, "f"),
        "memberTotals": {member: exact(total, places) for member, total in score.member_totals.items()},
        "factorMeans": {factor: mean_text(mean, places) for factor, mean in score.factor_means.items()},
        "evaluationPrice": _yuan(score.evaluation_price),
        "decidedBy": row.decided_by.value,
    }


def _yuan(amount: Fraction | None) -> str | None:
    return None if amount is None else exact(amount, 2)
