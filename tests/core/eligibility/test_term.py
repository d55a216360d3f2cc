"""Warnings for what ends within the term of service, and retirement ages by sex and month of birth."""

from dataclasses import replace
from datetime import date

import pytest

from app.core.eligibility.explain import warning_text
from app.core.eligibility.screening import Facts, screen
from app.core.facts.outcome import Verdict
from app.core.facts.policy import RetirementAge, Term
from app.core.staff.lines import is_retired
from tests.making.screening_input import AS_OF, dossier, facts_of, policy

TERM = Term(date(2017, 7, 1), date(2018, 6, 30))


@pytest.mark.parametrize(
    ("changes", "term", "expected"),
    [
        ({}, TERM, []),
        ({"organization.registration.validTo": "2018-06-29"}, TERM, ["registration_ends_within_term"]),
        ({"organization.registration.validTo": "2018-06-30"}, TERM, []),
        ({"organization.registration.validTo": None}, TERM, []),
        ({"organization.registration.validTo": "2017-05-30"}, TERM, []),
        ({"roster.3.contractTo": "2018-01-31"}, TERM, ["contract_ends_within_term"]),
        ({"roster.3.contractTo": None}, TERM, []),
        ({"roster.3.contractTo": "2018-01-31", "roster.3.employment": "intern"}, TERM, []),
        ({"organization.registration.validTo": "2018-06-29"}, Term(), []),
    ],
)
def test_what_ends_within_the_term_is_a_warning(changes, term, expected):
    rules = replace(policy(), term=term)
    screening = screen(Facts(facts_of(dossier(changes=changes)), AS_OF), rules)
    assert [one.code for one in screening.warnings] == expected
    for one in screening.warnings:
        assert "2018-06-30" in warning_text(one).zh and "2018-06-30" in warning_text(one).en
    without = screen(Facts(facts_of(dossier(changes=changes)), AS_OF), replace(rules, term=Term()))
    assert screening.verdict is without.verdict, "a warning decides nothing"
    assert screening.verdict is not Verdict.ELIGIBLE, "no list is loaded here"


MEN, WOMEN = "320508196501010010", "320508196501010020"  # the 17th digit states the sex
LATER = (
    RetirementAge(60, 0, "male"),
    RetirementAge(60, 1, "male", date(1965, 1, 1)),
    RetirementAge(55, 0, "female"),
)


@pytest.mark.parametrize(
    ("birth", "person", "day", "ages", "expected"),
    [
        (date(1965, 1, 1), MEN, date(2025, 1, 31), LATER, False),
        (date(1965, 1, 1), MEN, date(2025, 2, 1), LATER, True),
        (date(1964, 12, 31), MEN, date(2024, 12, 31), LATER, True),
        (date(1965, 1, 1), WOMEN, date(2020, 1, 1), LATER, True),
        (date(1965, 1, 1), WOMEN, date(2019, 12, 31), LATER, False),
        (date(1965, 1, 1), WOMEN, date(2024, 12, 31), (), False),
        (date(1965, 1, 1), WOMEN, date(2025, 1, 1), (), True),
        (date(1965, 1, 1), WOMEN, date(2028, 1, 1), (RetirementAge(63),), True),
        (date(1964, 2, 29), MEN, date(2024, 2, 28), (), False),
        (date(1965, 1, 31), MEN, date(2025, 2, 28), (RetirementAge(60, 1),), True),
    ],
)
def test_retirement_ages_by_sex_and_birth(birth, person, day, ages, expected):
    rules = replace(policy().staff, retirement_ages=ages)
    assert is_retired(birth, person, day, rules) is expected
