"""Formats of output files."""

from enum import StrEnum


class Format(StrEnum):
    """Values of `--format`, equal to the extensions of file names."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
