"""Invented dossiers for tests of the API; check digits are correct, no person in them exists."""

from typing import Any

NAME = "苏州市青禾试验社会工作服务社"
_CHECKS = "10X98765432"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def resident_id(number: int, year: int = 1985) -> str:
    """Return a resident ID with a correct check digit."""
    digits = f"320508{year}0101{number:03d}"
    return digits + _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def uscc(number: int, division: str = "320508", kind: str = "52") -> str:
    """Return a unified social credit code with a correct check character."""
    body = f"{kind}{division}MJ{number:07d}"
    total = sum(_ALPHABET.index(c) * w for c, w in zip(body, _CODE_WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]


def line(number: int, payer: str = NAME, *, worker: bool = False) -> dict[str, Any]:
    """Return a countable roster line."""
    certificate = {
        "kind": "social_worker",
        "level": "assistant",
        "number": f"2015{number:014d}",
        "approvedOn": "2015-09-01",
    }
    return {
        "name": f"员工{chr(0x4E00 + number)}",
        "residentId": resident_id(number),
        "employment": "full_time",
        "contractFrom": "2016-01-01",
        "contractTo": None,
        "socialInsurance": {"payer": payer, "from": "2016-01", "to": "2017-05"},
        "certificates": [certificate] if worker else [],
    }


def dossier(number: int = 1, name: str = NAME, *, first: int = 1, staff: int = 8, workers: int = 4) -> dict[str, Any]:
    """Return a dossier that is eligible on 2017-05-31, unless changed."""
    return {
        "organization": {
            "name": name,
            "identifier": {"scheme": "CN-USCC", "id": uscc(number)},
            "formerNames": [],
            "registration": {
                "authority": "苏州市姑苏区民政局",
                "kind": "registered",
                "legalForm": "private_non_enterprise",
                "personality": "legal_person",
                "registeredOn": "2014-06-18",
                "validFrom": "2015-03-01",
                "validTo": "2019-02-28",
                "businessScope": "社区社会工作服务",
                "annualChecks": [{"year": 2016, "conclusion": "passed"}],
            },
        },
        "roster": [line(first + place, name, worker=place < workers) for place in range(staff)],
        "declarations": [
            {"kind": kind, "signedOn": "2017-05-02"}
            for kind in ("no_major_violation", "financial_accounting", "technical_capability")
        ],
    }
