"""`bidscreen credit match`: read queries, write one line for each."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import typer

from app.entrypoints.cli.credit_lists.options import WrongUsage, day
from app.entrypoints.cli.credit_lists.queries import AskedFor, read_queries
from app.evidence.credit.lists.entries import ListUnreadable
from app.evidence.credit.matching import Matcher, answer
from app.evidence.credit.searching import ListUnknown, lists_to_search, matcher
from app.platform.unit_of_work import Platform
from app.tendering.policies.loader import PolicyInvalid, find_policy

_REFUSED = 3


def run(platform: Platform, queries: Path, as_of: str | None, names: Sequence[str] | None, policy: str) -> int:
    """Print the results; return the exit status. WrongUsage for unusable options and files."""
    try:
        rules = find_policy(policy).credit
        data = sys.stdin.buffer.read() if str(queries) == "-" else queries.read_bytes()
    except PolicyInvalid as error:
        raise WrongUsage(str(error)) from None
    except OSError as error:
        raise WrongUsage(f"{queries}: {os.strerror(error.errno or 0)}") from None
    cut_off = day(as_of, "--as-of")
    try:
        with platform.work() as work:
            lists = lists_to_search(work, names, cut_off, rules)
    except ListUnknown:
        raise WrongUsage("--lists names a list that was never imported") from None
    if not lists:
        raise WrongUsage("no credit list was imported: `bidscreen credit import NAME FILE` does that")
    for one in lists:
        if not one.is_usable:
            age = f"within {rules.max_age_days} days before {cut_off}"
            typer.echo(f"warning: {one.list.name}: retrieved on {one.list.retrieved_on}, not {age}", err=True)
    try:
        return _write(matcher(lists, cut_off, rules, names_entries=False), read_queries(data))
    except ListUnreadable as error:
        raise WrongUsage(str(error)) from None


def _write(matching: Matcher, queries: Iterable[AskedFor]) -> int:
    refused = False
    for query in queries:
        line = _line(matching, query)
        refused |= line["error"] is not None
        sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
    return _REFUSED if refused else 0


def _line(matching: Matcher, query: AskedFor) -> dict[str, object]:
    if query.organization is None:
        error = {"code": "query_unreadable", "message": query.fault or ""}
        return answer(query.id, "insufficient", error=error)
    return matching.result(query.id, query.organization)
