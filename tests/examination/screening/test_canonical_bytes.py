"""Plain values have one encoding, whichever encoder writes it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.staff.standing import Standing
from app.core.values.canonical import NotCanonical, canonical_json
from app.examination.screening.canonical_bytes import plain_json

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXTS | st.dates() | st.sampled_from(Standing)


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=30))
def test_the_bytes_are_those_of_the_core(value: Any) -> None:
    assert plain_json(value) == canonical_json(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, 2**64, object(), {1: "key"}])
def test_what_is_not_plain_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        plain_json(value)
