"""Envelopes: contents, padding that hides the length, ownership, and published data."""

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.bids.prices import Line, PriceForm, Said
from app.core.bids.sealing import (
    CLASSES,
    LARGEST,
    Contents,
    Sealed,
    SealRefused,
    commitment,
    draw_seed,
    envelope_fault,
    hash_list,
    hash_of_list,
    key_subsets,
    misplaced,
    proof_fault,
    read_contents,
    stored,
    unstored,
    written,
)

FORM = PriceForm(Said("玖拾捌万元整", "980000.00"), Said(), (Line(Decimal(2), Decimal("490000")),))
CONTENTS = Contents("ten_1", "lot_1", "org_1", "3", FORM, ("a" * 64,), "0f" * 32, Decimal("2080"))
HEADER = b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n--- " + b"C" * 43 + b"\n"
ENVELOPE = HEADER + b"x" * 40


def test_contents_are_read_back_whatever_white_space_pads_them():
    text = written(CONTENTS)
    assert len(text) == CLASSES[0]
    assert read_contents(text) == CONTENTS
    assert read_contents(text.rstrip()) == CONTENTS
    assert read_contents(written(replace(CONTENTS, offered=None))).offered is None


@given(st.integers(0, 10**13 - 1), st.text(max_size=30))
def test_two_prices_of_one_bidder_have_the_same_length(fen, words):
    form = PriceForm(Said(None, f"{fen / 100:.2f}"), Said(words.encode("utf-8", "ignore").decode(), None))
    assert len(written(replace(CONTENTS, price=form))) == CLASSES[0]


def test_contents_beyond_the_largest_class_are_refused():
    with pytest.raises(SealRefused) as refused:
        written(replace(CONTENTS, documents=("a" * 64,) * 20_000))
    assert refused.value.code == "contents_oversized"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"}, {"nonce": "00"}, {"nonce": 7}, {"tender": 5}, {"price": None}, {"price": {"sheet": {}}}, {"documents": [1]},
        {"documents": 5}, {"offered": "NaN"}, {"offered": 5},
        {"price": {"sheet": {"words": None, "figures": None, "unit": "0"}, "bid": {}, "lines": []}},
        {"price": {"sheet": {"words": 1, "figures": None, "unit": "1"}, "bid": {}, "lines": []}},
        {"price": {"sheet": {"words": None, "figures": None, "unit": "1"}, "bid": {"words": None, "figures": None, "unit": "1"},
                   "lines": [{"quantity": "1e9", "unitPrice": "1"}]}},
    ],
)  # fmt: skip
def test_contents_of_another_shape_are_refused(change):
    value = json.loads(written(CONTENTS)) | change
    with pytest.raises(SealRefused) as refused:
        read_contents(json.dumps(value).encode())
    assert refused.value.code == "contents_malformed"


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(text):
    with pytest.raises(SealRefused):
        read_contents(text)
    with pytest.raises(SealRefused):
        read_contents(b"[" * 100_000)


def test_a_copied_envelope_does_not_belong_to_who_sends_it():
    assert misplaced(CONTENTS, "ten_1", "lot_1", "org_1") is None
    assert misplaced(CONTENTS, "ten_1", "lot_1", "org_2") == "other_bidder"
    assert misplaced(CONTENTS, "ten_1", "lot_2", "org_1") == "other_lot"
    assert misplaced(CONTENTS, "ten_2", "lot_1", "org_1") == "other_tender"


@pytest.mark.parametrize(
    ("envelope", "fault"),
    [
        (ENVELOPE, None),
        (b"", "envelope_empty"),
        (b"x" * LARGEST, "envelope_oversized"),
        (b"x" * 300, "envelope_malformed"),
        (HEADER, "envelope_malformed"),
        (HEADER[:-1] + b"x" * 40, "envelope_malformed"),
        (ENVELOPE.replace(b"X25519", b"scrypt"), "envelope_malformed"),
        (b"%PDF-1.7" + ENVELOPE, "envelope_malformed"),
    ],
)
def test_only_the_age_format_to_a_key_is_an_envelope(envelope, fault):
    assert envelope_fault(envelope) == fault


@given(st.binary(max_size=LARGEST - 4))
def test_a_stored_envelope_has_the_length_of_its_class(envelope):
    lying = stored(envelope)
    assert unstored(lying) == envelope
    assert len(lying) in {size + 4096 for size in CLASSES}


def test_there_is_a_wrap_for_each_subset_and_none_for_fewer():
    assert key_subsets(("a", "b", "c"), 2) == (("a", "b"), ("a", "c"), ("b", "c"))
    names = tuple("abcdefg")
    assert set(key_subsets(names, 4)) == set(combinations(names, 4))
    for custodians, threshold in ((("a", "b"), 1), (("a", "b"), 3), (("a", "a"), 2), ((), 2), (tuple("abcdefghij"), 2)):
        with pytest.raises(SealRefused):
            key_subsets(custodians, threshold)


def test_the_list_proves_what_was_there_before_the_opening():
    listed = hash_list([Sealed("r2", "lot_1", "ff", "22"), Sealed("r1", "lot_1", "aa", "11")])
    digest = hash_of_list(listed)
    assert [one.sha256 for one in listed] == ["aa", "ff"]
    own = Sealed("r1", "lot_1", "aa", "11")
    assert proof_fault(own, listed, digest) is None
    assert proof_fault(Sealed("r2", "lot_1", "aa", "11"), listed, digest) == "not_listed"
    assert proof_fault(Sealed("r1", "lot_1", "aa", "12"), listed, digest) == "not_listed"
    assert proof_fault(own, listed[:1], digest) == "list_changed"


@given(st.permutations(["00" * 32, "11" * 32, "a1" * 32]))
def test_the_seed_is_the_hash_of_the_secret_and_the_sorted_nonces(nonces):
    secret = b"s" * 32
    expected = sha256(secret + bytes(32) + b"\x11" * 32 + b"\xa1" * 32).hexdigest()
    assert draw_seed(secret, nonces) == expected
    assert draw_seed(secret, nonces[1:]) != expected
    assert commitment(secret) == sha256(secret).hexdigest()
