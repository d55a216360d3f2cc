"""Verdicts as a table 结果表 in Parquet: a row for each bidder and requirement, and one for its verdict."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import orjson
import polars

_VERDICTS: dict[str, Any] = {  # name and type of each column
    "organizationId": polars.String,
    "requirement": polars.String,
    "outcome": polars.String,
    "observed": polars.Int64,
    "doubtful": polars.Int64,
    "required": polars.Int64,
    "reasonCodes": polars.List(polars.String),
    "score": polars.String,
    "resultHash": polars.String,
    "errorPointer": polars.String,
}


def write_verdicts(lines: Iterable[bytes], out: BinaryIO) -> int:
    """A row for each requirement and, without one, a row for the verdict; the number of dossiers that were refused."""
    columns: dict[str, list[Any]] = {name: [] for name in _VERDICTS}
    refused = 0
    for line in lines:
        answer = orjson.loads(line)
        refused += "error" in answer
        for row in _verdict_rows(answer):
            for name, values in columns.items():
                values.append(row.get(name))
    polars.DataFrame(columns, schema=_VERDICTS).write_parquet(out)
    return refused


def _verdict_rows(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    key = {"organizationId": answer["dossier"]}
    if error := answer.get("error"):
        yield {**key, "outcome": "error", "reasonCodes": [error["code"]], "errorPointer": error["pointer"]}
        return
    for one in answer["requirements"]:
        counts = {name: one[name] for name in ("outcome", "observed", "doubtful", "required")}
        yield {**key, "requirement": one["id"], **counts, "reasonCodes": [reason["code"] for reason in one["reasons"]]}
    verdict = {"outcome": answer["verdict"], "score": answer["score"], "resultHash": answer["resultHash"]}
    yield {**key, **verdict, "reasonCodes": []}
