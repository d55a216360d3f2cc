"""The ranking against a second, simple and slow implementation written from the contract alone (DESIGN 5.5)."""

import hashlib
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.awarding.evaluation.ranking_json import preview

MEMBERS = ("m1", "m2", "m3")
FACTORS = (("plan", "60", False, True), ("team", "20", False, True), ("record", "10", True, False))
PRICES = ("0", "0.01", "600000", "900000", "900000.00", "900000.01", "1000000", "1000000.01", None)
POINTS = ("0", "1", "5.005", "9.999", "10")


def invented(seed: int) -> dict[str, Any]:
    """Generate a lot with ties, exclusions and occasional errors; the same for a seed."""
    pick = random.Random(seed)
    formula = pick.choice(("lowest_price", "lowest_price", "fixed", "most_offered"))
    prices, points = pick.choices(PRICES, k=pick.randint(1, 4)), pick.choices(POINTS, k=pick.randint(1, 3))  # ties
    bids = [_bid(pick, name, formula, prices, points) for name in pick.sample("ABCDEFGH", pick.randint(1, 7))]
    if pick.random() < 0.25:
        _spoil(pick, pick.choice(bids))
    return {
        "lot": {"id": "L", "ceiling": pick.choice(("1000000", "1000000", None))},
        "scheme": {
            "price": {"points": pick.choice(("10", "9.99", "30", "0")), "formula": formula},
            "factors": [
                {"id": name, "points": points, "objective": objective, "technical": technical}
                for name, points, objective, technical in FACTORS
            ],
            "rounding": {"places": pick.choice((0, 1, 2, 3))},
            "minBidders": pick.choice((1, 2, 3)),
            "tieBreak": pick.sample(["price", "technical", "lot_draw"], pick.randint(0, 3)),
            "drawSeed": pick.choice((None, "seed", "抽签 7")),
        },
        "bids": bids,
    }


def _bid(pick: random.Random, name: str, formula: str, prices: list[str | None], points: list[str]) -> dict[str, Any]:
    record = pick.choice(points)
    return {
        "id": name,
        "price": pick.choice(prices),
        "qualified": pick.random() < 0.85,
        "deduction": pick.choice(("0", "0", "0.1", "0.06")),
        "offered": pick.choice(("1", "3", "1500.5")) if formula == "most_offered" else None,
        "scores": {
            member: {"plan": pick.choice(points), "team": pick.choice(points), "record": record} for member in MEMBERS
        },
    }


def _spoil(pick: random.Random, bid: dict[str, Any]) -> None:
    sheet = bid["scores"][pick.choice(MEMBERS)]
    kind = pick.randrange(5)
    if kind == 0:
        del sheet["team"]
    elif kind == 1:
        sheet["plan"] = pick.choice(("-0.001", "60.001"))
    elif kind == 2:
        sheet["record"] = "7.5"
    elif kind == 3:
        sheet["colour"] = "1"
    else:
        bid["offered"] = pick.choice((None, "0", "-1"))


def half_up(value: Fraction, places: int) -> Decimal:
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


class Reference:
    """An implementation that shares nothing with the service."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.scheme, self.ceiling = data["scheme"], data["lot"]["ceiling"]
        self.formula, self.places = self.scheme["price"]["formula"], self.scheme["rounding"]["places"]
        self.points = Fraction(self.scheme["price"]["points"])
        self.excluded = {bid["id"]: self.reason(bid) for bid in data["bids"] if self.reason(bid)}
        self.left = [(place, bid) for place, bid in enumerate(data["bids"]) if bid["id"] not in self.excluded]
        self.failed = len(self.left) < self.scheme["minBidders"]

    def reason(self, bid: dict[str, Any]) -> str | None:
        if not bid["qualified"]:
            return "not_qualified"
        if bid["price"] is None:
            return None if self.formula == "fixed" else "price_missing"
        if Fraction(bid["price"]) <= 0:
            return "price_missing"
        over = self.ceiling is not None and Fraction(bid["price"]) > Fraction(self.ceiling)
        return "over_ceiling" if over else None

    def errors(self) -> set[tuple[str, str]]:
        found = set()
        for place, bid in [] if self.failed else self.left:
            at = f"/bids/{place}"
            if self.formula == "most_offered" and (bid["offered"] is None or Fraction(bid["offered"]) <= 0):
                found.add(("offered_missing", f"{at}/offered"))
            for member, sheet in bid["scores"].items():
                for name in set(sheet) - {factor[0] for factor in FACTORS}:
                    found.add(("unknown_factor", f"{at}/scores/{member}/{name}"))
                for name, most, _, _ in FACTORS:
                    if name not in sheet:
                        found.add(("score_missing", f"{at}/scores/{member}/{name}"))
                    elif not 0 <= Fraction(sheet[name]) <= Fraction(most):
                        found.add(("score_out_of_range", f"{at}/scores/{member}/{name}"))
            if len({Fraction(sheet["record"]) for sheet in bid["scores"].values()}) > 1:
                found.add(("objective_disagreement", at))
        return found

    def price(self, bid: dict[str, Any]) -> Fraction | None:
        return None if bid["price"] is None else Fraction(bid["price"]) * (1 - Fraction(bid["deduction"]))

    def price_score(self, bid: dict[str, Any]) -> Decimal | None:
        if self.formula == "fixed":
            return None
        if self.formula == "most_offered":
            highest = max(Fraction(other["offered"]) for _, other in self.left)
            return half_up(Fraction(bid["offered"]) / highest * self.points, self.places)
        own = self.price(bid)
        assert own is not None
        lowest = min(price for _, other in self.left if (price := self.price(other)) is not None)
        return half_up(lowest / own * self.points, self.places)

    def total(self, bid: dict[str, Any]) -> Decimal:
        sums = [sum(Fraction(value) for value in sheet.values()) for sheet in bid["scores"].values()]
        return half_up(Fraction(sum(sums)) / len(sums), self.places) + (self.price_score(bid) or 0)

    def technical(self, bid: dict[str, Any]) -> Fraction:
        return sum(
            (
                sum(Fraction(sheet[name]) for sheet in bid["scores"].values()) / Fraction(len(MEMBERS))
                for name in ("plan", "team")
            ),
            Fraction(0),
        )

    def keys(self, bid: dict[str, Any]) -> list[tuple[str, Any]]:
        keys: list[tuple[str, Any]] = [("total", -self.total(bid))]
        keys.append(("price", (bid["price"] is None, Fraction(bid["price"] or 0))))
        if "technical" in self.scheme["tieBreak"]:
            keys.append(("technical", -self.technical(bid)))
        if "lot_draw" in self.scheme["tieBreak"] and self.scheme["drawSeed"] is not None:
            drawn = hashlib.sha256((self.scheme["drawSeed"] + "\n" + bid["id"]).encode()).hexdigest()
            keys.append(("draw", drawn))
        return keys

    def rows(self) -> list[tuple[str, int, Decimal, Decimal | None, str]]:
        bids = [bid for _, bid in self.left]
        keys = {bid["id"]: self.keys(bid) for bid in bids}
        order = sorted(bids, key=lambda bid: ([value for _, value in keys[bid["id"]]], bid["id"]))
        rows = []
        for bid in order:
            before = [other for other in order if [v for _, v in keys[other["id"]]] < [v for _, v in keys[bid["id"]]]]
            equals, decided = [other for other in order if other is not bid], "tied"
            for place, (name, value) in enumerate(keys[bid["id"]]):
                equals = [other for other in equals if keys[other["id"]][place][1] == value]
                if not equals:
                    decided = name
                    break
            rows.append((bid["id"], len(before) + 1, self.total(bid), self.price_score(bid), decided))
        return rows

    def warnings(self) -> set[tuple[str, str | None]]:
        found: set[tuple[str, str | None]] = set()
        everything = self.points + sum(Fraction(points) for _, points, _, _ in FACTORS)
        if self.formula == "lowest_price" and self.points * 10 < everything:
            found.add(("price_weight_below_floor", None))
        priced = [(bid["id"], Fraction(bid["price"])) for _, bid in self.left if bid["price"] is not None]
        for name, price in priced:
            others = [other for another, other in priced if another != name]
            if others and price < Fraction(80, 100) * sum(others) / len(others):
                found.add(("abnormally_low", name))
        return found


@pytest.mark.parametrize("first", range(0, 3000, 500))
def test_the_ranking_is_what_the_text_says(first: int) -> None:
    seen = set()
    for seed in range(first, first + 500):
        data = invented(seed)
        answer: Any = preview(data)
        expected = Reference(data)
        if errors := expected.errors():
            assert {(one["code"], one["pointer"]) for one in answer["errors"]} == errors, seed
            seen.add("errors")
            continue
        assert [(one["bid"], one["code"]) for one in answer["excluded"]] == list(expected.excluded.items()), seed
        if expected.failed:
            assert (answer["status"], answer["reason"], answer["rows"]) == ("failed", "too_few_bidders", []), seed
            seen.add("failed")
            continue
        told = [
            (row["bid"], row["rank"], Decimal(row["total"]), row["priceScore"], row["decidedBy"])
            for row in answer["rows"]
        ]
        rows = [(*row[:3], None if row[3] is None else f"{row[3]:f}", row[4]) for row in expected.rows()]
        assert told == rows, seed
        assert {(one["code"], one["bid"]) for one in answer["warnings"]} == expected.warnings(), seed
        prices = [price for _, bid in expected.left if (price := expected.price(bid)) is not None]
        assert answer["benchmark"] is None if not prices else Fraction(answer["benchmark"]) == min(prices), seed
        seen.update(row[4] for row in rows)
    assert seen >= {"errors", "failed", "total", "price", "technical", "draw", "tied"}
