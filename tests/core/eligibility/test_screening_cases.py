"""The cases of `cases/screening`, which a lawyer can read and add to.

A case varies a sound bidder: `dossier` and `roster` by what differs, `rules` the policy, `lists`, `documents`, `others` (the
rosters of other bidders). `expect` names a requirement and its outcome with every reason code, `line N` and its standing as
full-time staff and as social worker with every code, `verdict`, `score`, or `counts` as "countable + doubtful".
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.eligibility.screening import Screening
from tests.making.screening_input import screened

CASES = Path(__file__).parent / "cases"


def cases() -> list[Any]:
    found = [
        (file.stem, case) for file in sorted(CASES.glob("*.yaml")) for case in yaml.safe_load(file.read_text("utf-8"))
    ]
    return [pytest.param(case, id=f"{stem}: {case['name']} ({case['article']})") for stem, case in found]


def seen(screening: Screening, what: str) -> str:
    """Return the result of a subject in the terms of `expect`."""
    if what.startswith("line "):
        row = screening.staff[int(what.removeprefix("line "))]
        return _words(row.full_time, row.social_worker, row.codes)
    if what.endswith(" count"):
        count = {one.requirement.id: one.count for one in screening.responses}[what.removesuffix(" count")]
        return f"{count.countable} + {count.doubtful}" if count else "none"
    if what in ("verdict", "score"):
        return str(getattr(screening, what))
    response = {one.requirement.id: one for one in screening.responses}[what]
    return _words(response.outcome, "", {found.code for found in response.findings})


def _words(first: str, second: str, codes: Any) -> str:
    return " ".join(filter(None, (first, second, *sorted(codes))))


def in_order(expected: Any, what: str) -> str:
    """Return an expectation with its codes sorted."""
    head = 2 if what.startswith("line ") else 1
    words = str(expected).split()
    return str(expected) if what.endswith(" count") else " ".join((*words[:head], *sorted(words[head:])))


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    screening, _, _ = screened(case)
    expected = {what: in_order(value, what) for what, value in case["expect"].items()}
    found = {what: seen(screening, what) for what in expected}
    assert found == expected, f"{case['article']}: {case['why']}"


def test_every_case_says_why() -> None:
    unsaid = [case["name"] for param in cases() for case in param.values if not case.get("why") or not case["expect"]]
    assert not unsaid
