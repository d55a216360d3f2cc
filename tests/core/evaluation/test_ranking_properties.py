"""Properties of every ranking: a total order independent of input order; better points never harm; replays are equal."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.awarding.evaluation.ranking_json import preview
from tests.making.ranking_input import document

MEMBERS = ("m1", "m2", "m3")
PLANS = st.sampled_from(["0", "10", "10.01", "30.5", "59.99", "60"])
PRICES = st.sampled_from(["500000", "900000", "900000.01", "1000000", "1000000.01"])
SEEDS = st.sampled_from([None, "seed", "种子"])
TIE_BREAKS = st.sampled_from(
    [["price"], ["price", "technical"], ["price", "lot_draw"], ["price", "technical", "lot_draw"]]
)


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from("ABCDEFG"), min_size=3, max_size=6, unique=True))
    bids = {
        name: {
            "price": draw(PRICES),
            "deduction": draw(st.sampled_from(["0", "0.1"])),
            "offered": draw(st.sampled_from(["1", "1500", "2000"])),
            "scores": {member: {"plan": draw(PLANS), "record": "20"} for member in MEMBERS},
        }
        for name in names
    }
    formula = draw(st.sampled_from(["lowest_price", "fixed", "most_offered"]))
    scheme = {
        "price": {"points": "10", "formula": formula},
        "tieBreak": draw(TIE_BREAKS),
        "drawSeed": draw(SEEDS),
        "minBidders": 1,
        "rounding": {"places": draw(st.integers(0, 3))},
    }
    return document(bids, scheme)


def ranks(answer: Any) -> dict[str, int]:
    return {row["bid"]: row["rank"] for row in answer["rows"]}


@given(inputs())
def test_it_is_a_total_order(data: dict[str, Any]) -> None:
    rows: Any = preview(data)["rows"]
    given_ranks = [row["rank"] for row in rows]
    assert given_ranks == sorted(given_ranks)
    for place, row in enumerate(rows, start=1):
        equals = [other["bid"] for other in rows if other["rank"] == row["rank"]]
        assert row["rank"] == place - equals.index(row["bid"])
        assert equals == sorted(equals)
        assert (row["decidedBy"] == "tied") == (len(equals) > 1)
        assert (row["decidedBy"] == "total") == (sum(row["total"] == other["total"] for other in rows) == 1)


@given(inputs(), st.randoms())
def test_the_order_of_bids_and_members_changes_nothing(data: dict[str, Any], random: Any) -> None:
    before = preview(data)
    for bid in data["bids"]:
        members = list(bid["scores"].items())
        random.shuffle(members)
        bid["scores"] = dict(members)
    random.shuffle(data["bids"])
    after = preview(data)
    assert before["rows"] == after["rows"]
    assert before["benchmark"] == after["benchmark"]


@given(inputs(), st.sampled_from(MEMBERS))
def test_a_higher_score_never_lowers_a_rank(data: dict[str, Any], member: str) -> None:
    before = ranks(preview(data))
    bid = data["bids"][0]
    bid["scores"][member]["plan"] = "60"
    if bid["id"] in before:
        assert ranks(preview(data))[bid["id"]] <= before[bid["id"]]


@given(inputs())
def test_a_replay_gives_the_same_bytes(data: dict[str, Any]) -> None:
    first, again = (json.dumps(preview(json.loads(json.dumps(data)))) for _ in range(2))
    assert first == again


JUNK: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1", "A", "fixed", "1e9"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "price", "points", "scores", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
PLACES = st.lists(st.sampled_from(["lot", "scheme", "bids", "id", "price", "scores", "m1", "plan", 0, 1]), max_size=4)


@settings(max_examples=300)
@given(inputs(), PLACES, JUNK)
def test_whatever_stands_anywhere_is_answered(data: dict[str, Any], path: list[str | int], junk: Any) -> None:
    place: Any = {"root": data}
    key: Any = "root"
    for step in path:
        inner = place[key]
        if (isinstance(inner, dict) and step in inner) or (isinstance(inner, list) and step in range(len(inner))):
            place, key = inner, step
    if key == "root":
        data = junk
    else:
        place[key] = junk
    answer: Any = preview(data)
    assert answer.get("status") in ("ranked", "failed") or answer["errors"]
    json.dumps(answer).encode("utf-8")
