"""Verdicts as a table 结果表, Parquet or CSV: a row per bidder and requirement, and one for the verdict."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import orjson
import polars

_VERDICTS: dict[str, Any] = {  # name and type of each column
    "organizationId": polars.String,
    "organizationName": polars.String,
    "requirement": polars.String,
    "outcome": polars.String,
    "observed": polars.Int64,
    "doubtful": polars.Int64,
    "required": polars.Int64,
    "reasonCodes": polars.List(polars.String),
    "score": polars.Float64,
    "resultHash": polars.String,
    "errorPointer": polars.String,
}


def write_verdicts(lines: Iterable[bytes], out: BinaryIO, form: str = "parquet") -> None:
    """Write a row for each requirement and a row without requirement for the verdict; `form` is `parquet` or `csv`.

    CSV is UTF-8 with a byte order mark, so that spreadsheets show Chinese; reason codes are joined by `;`.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _VERDICTS}
    for line in lines:
        for row in _verdict_rows(orjson.loads(line)):
            for name, values in columns.items():
                values.append(row.get(name))
    table = polars.DataFrame(columns, schema=_VERDICTS)
    if form == "parquet":
        table.write_parquet(out)
    else:
        table.with_columns(polars.col("reasonCodes").list.join(";")).write_csv(out, include_bom=True)


def _verdict_rows(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    key = {"organizationId": answer["dossier"]}
    if error := answer.get("error"):
        yield {**key, "outcome": "error", "reasonCodes": [error["code"]], "errorPointer": error["pointer"]}
        return
    key["organizationName"] = answer["organization"]["name"]
    for one in answer["requirements"]:
        counts = {name: one[name] for name in ("outcome", "observed", "doubtful", "required")}
        yield {**key, "requirement": one["id"], **counts, "reasonCodes": [reason["code"] for reason in one["reasons"]]}
    verdict = {"outcome": answer["verdict"], "score": float(answer["score"]), "resultHash": answer["resultHash"]}
    yield {**key, **verdict, "reasonCodes": []}
