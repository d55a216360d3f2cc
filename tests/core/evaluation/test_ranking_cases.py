"""The cases of `cases/ranking`, which a lawyer can read and add to."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.awarding.evaluation.ranking_json import preview
from tests.making.ranking_input import document, put

CASES = Path(__file__).parent / "cases"


def cases(*names: str) -> list[Any]:
    found = [(name, case) for name in names for case in yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))]
    return [pytest.param(case, id=f"{name}: {case.get('name', case['why'])}") for name, case in found]


def seen(answer: dict[str, Any]) -> dict[str, Any]:
    rows = answer["rows"]
    return {
        "reason": answer["reason"],
        "benchmark": answer["benchmark"],
        "order": [row["bid"] for row in rows],
        "ranks": [row["rank"] for row in rows],
        "decidedBy": [row["decidedBy"] for row in rows],
        "priceScores": {row["bid"]: row["priceScore"] for row in rows},
        "evaluationPrices": {row["bid"]: row["evaluationPrice"] for row in rows},
        "totals": {row["bid"]: row["total"] for row in rows},
        "excluded": {row["bid"]: row["code"] for row in answer["excluded"]},
        "warnings": [" ".join(filter(None, (row["code"], row["bid"]))) for row in answer["warnings"]],
    }


@pytest.mark.parametrize("case", cases("exclusions", "scores", "order"))
def test_ranking(case: dict[str, Any]) -> None:
    answer: Any = preview(document(case["bids"], case.get("scheme", {}), case.get("ceiling", "1000000")))
    assert answer.get("errors") is None
    expected = dict(case["expect"])
    rows = {row["bid"]: row for row in answer["rows"]}
    for field in ("memberTotals", "factorMeans"):
        for bid, values in expected.pop(field, {}).items():
            assert rows[bid][field] == values
    found = seen(answer)
    assert {name: found[name] for name in expected} == expected
    assert answer["status"] == ("failed" if answer["reason"] else "ranked")


@pytest.mark.parametrize("case", cases("errors"))
def test_refusal(case: dict[str, Any]) -> None:
    data = document({"A": {}, "B": {}, "C": {}}, {})
    for pointer, value in case["put"].items():
        put(data, pointer, value)
    answer: Any = preview(data)
    assert [*answer] == ["errors"]
    assert {fault["pointer"]: fault["code"] for fault in answer["errors"]} == case["errors"]
    assert all(fault["message"] for fault in answer["errors"])
