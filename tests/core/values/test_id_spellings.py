"""A resident ID is masked however it is spelled; other numbers stay readable."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.values.id_spellings import mask_spellings
from tests.making.invented import resident_id

NUMBER, OTHER = resident_id(1), resident_id(2)
FULL = NUMBER.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789X"})


def grouped(number, mark):
    return f"{number[:6]}{mark}{number[6:14]}{mark}{number[14:]}"


@pytest.mark.parametrize(
    "spelled",
    [
        NUMBER,
        FULL,
        NUMBER.lower(),
        *(grouped(NUMBER, mark) for mark in (" ", "-", "－", ".", "·", "\u200b", "\u3000", " - ", "\u202d", "_")),
        " ".join(NUMBER),
        f"1{NUMBER}",
        f"{NUMBER}7",
        NUMBER + OTHER,
        f"{NUMBER} {OTHER}",
        f"身份证号{NUMBER}男",
        NUMBER[:6] + NUMBER[8:17],
    ],
)
def test_every_spelling_is_masked(spelled):
    shown = mask_spellings(spelled)
    assert len(shown) == len(spelled)
    plain = "".join(character for character in shown if character not in " -－.·\u200b\u3000\u202d_")
    assert "*" * 6 in plain
    for number in (NUMBER, OTHER):
        assert number[6:14] not in plain
        assert number[8:14] not in plain


@pytest.mark.parametrize(
    "text",
    [
        "201509320508000012",  # a certificate
        "52320508MJ1234567R",
        "2017-05-31T09:30:00.123456+08:00",
        "6222021234567890123",
        "980000.00 1200000.00 950000.00",
        "320508000012345",  # a registration number of 15 digits: no month 00
        "13800138000 13900139000",
        NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"),  # the check character is wrong
    ],
)
def test_other_numbers_stay(text):
    assert mask_spellings(text) == text


@given(st.text(alphabet="0123456789Xx -.\u200b中"))
def test_masking_keeps_the_length_and_is_done_once(text):
    once = mask_spellings(text)
    assert len(once) == len(text)
    assert mask_spellings(once) == once


@pytest.mark.parametrize("piece", ["1", "1 ", "1   ", "11050819900101 "])
def test_long_texts_take_no_long_time(piece):
    began = time.process_time()
    mask_spellings(piece * (400_000 // len(piece)))
    assert time.process_time() - began < 5


def test_the_digits_of_a_hash_are_no_id():
    digest = "accc11d6a9727eed99f71f015876867919287897eba7e5aa0f76e79ea2afc426"
    assert mask_spellings(f"sha256:{digest}") == f"sha256:{digest}"
    assert mask_spellings(f"{digest} 320508900307732") == f"{digest} 320508******732"
