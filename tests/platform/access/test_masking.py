"""Persons' numbers are masked wherever they occur; certificate numbers stay readable."""

import pytest

from app.platform.access.masking import masked_facts, masked_text
from tests.making.invented import resident_id

NUMBER = resident_id(1)
SHOWN = f"320508********{NUMBER[-4:]}"


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"residentId": NUMBER}, {"residentId": SHOWN}),
        ({"residentId": "32050819600101"}, {"residentId": "*" * 14}),
        ({"residentId": None}, {"residentId": None}),
        ({"text": f"身份证{NUMBER}，男"}, {"text": f"身份证{SHOWN}，男"}),
        ({"number": "201509320508000012"}, {"number": "201509320508000012"}),
        ({"rows": [{"extra": (NUMBER, 7)}]}, {"rows": [{"extra": [SHOWN, 7]}]}),
        ({"id": "52320508MJ1234567R"}, {"id": "52320508MJ1234567R"}),
    ],
)
def test_facts_as_people_may_read_them(facts, shown):
    assert masked_facts(facts) == shown


def test_a_longer_run_of_digits_is_no_number_of_a_person():
    assert masked_text(f"1{NUMBER[:17]}8") == f"1{NUMBER[:17]}8"
