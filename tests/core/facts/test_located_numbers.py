"""Which pages may be shown with their ID numbers blackened: those whose numbers are all located."""

import pytest

from app.core.facts.located_numbers import numbers_located

BOX = [0.1, 0.2, 0.3, 0.25]
NUMBER = {"field": "residentId", "value": "320508199003070732", "page": 1, "box": BOX}
ROW = {"name": "张三", "residentId": "320508199003070732", "page": 1, "box": BOX}


def record(kind: str, *, fields=(), rows=(), status="extracted", page=1):
    groups = [{"group": 0, "kind": kind, "page": page}]
    return {"kind": kind, "status": status, "fields": list(fields), "rows": list(rows), "groups": groups}


CASES = {
    "a certificate with its number": (record("social_worker_certificate", fields=[NUMBER]), True),
    "a number that is there and cannot be read": (
        record("social_worker_certificate", fields=[NUMBER | {"value": None}], status="needs_review"),
        False,
    ),
    "a certificate without a number": (record("social_worker_certificate"), False),
    "a number without a place": (record("social_worker_certificate", fields=[NUMBER | {"box": None}]), False),
    "a table of people": (record("social_insurance", rows=[ROW, ROW]), True),
    "a row without its number": (record("social_insurance", rows=[ROW, ROW | {"residentId": None}]), False),
    "a row without a place": (record("social_insurance", rows=[ROW, ROW | {"box": None}]), False),
    "a table that was not read to its end": (record("social_insurance", rows=[ROW], status="needs_review"), False),
    "a registration": (record("registration_certificate"), True),
    "a registration that was read in part": (record("registration_certificate", status="needs_review"), True),
    "a page of no known kind": (record("other"), False),
    "a page that begins no certificate": (record("registration_certificate", page=2), False),
    "a file that was rejected": (record("registration_certificate", status="rejected"), False),
}


@pytest.mark.parametrize(("read", "shown"), CASES.values(), ids=CASES)
def test_a_page_is_shown_if_all_of_its_numbers_are_located(read, shown):
    assert numbers_located(read, 1) is shown
