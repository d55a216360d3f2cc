"""One value has one text, so that a hash can represent it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from app.core.values.canonical import NotCanonical, canonical_json, sha256_hex


@dataclass(frozen=True, slots=True)
class Pair:
    one: int
    other: str | None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ("社工", '"社工"'),
        (Decimal("1.50"), '"1.50"'),
        (Decimal("1E+3"), '"1000"'),
        (date(2017, 5, 31), '"2017-05-31"'),
        (datetime(2017, 5, 31, tzinfo=UTC), '"2017-05-31T00:00:00+00:00"'),
        (MappingProxyType({"x": 1}), '{"x":1}'),
        (Pair(1, None), '{"one":1,"other":null}'),
        ([Pair(2, "乙")], '[{"one":2,"other":"乙"}]'),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert canonical_json(value) == text.encode()


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


def loop() -> list[Any]:
    own: list[Any] = []
    own.append(own)
    return own


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", Decimal("NaN"), Decimal("Infinity"), {1, 2}, Pair, loop(), b"x"]
)
def test_no_text(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_sha256() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
