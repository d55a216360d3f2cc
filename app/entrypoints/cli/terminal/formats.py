"""Formats of output files."""

from enum import StrEnum


class Format(StrEnum):
    """What `--format` takes; the endings of file names say the same."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
