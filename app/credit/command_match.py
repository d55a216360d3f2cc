"""What `bidscreen credit match` does: queries in, one line each out."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import typer

from app.core.credit import is_usable
from app.core.policy import CreditRules
from app.credit.command_options import WrongUsage, day
from app.credit.entries import ListUnreadable
from app.credit.judgements import Judgements, judgements_in_force
from app.credit.matching import Matcher, answer
from app.credit.queries import AskedFor, read_queries
from app.credit.service import ListConsulted, consulted_list, imported_lists, newest
from app.policies.loader import PolicyInvalid, find_policy
from app.work import Platform, UnitOfWork

_REFUSED = 3


def run(platform: Platform, queries: Path, as_of: str | None, names: Sequence[str] | None, policy: str) -> int:
    """Print the results; the exit status. WrongUsage for options and files that make no sense."""
    try:
        rules = find_policy(policy).credit
        data = sys.stdin.buffer.read() if str(queries) == "-" else queries.read_bytes()
    except PolicyInvalid as error:
        raise WrongUsage(str(error)) from None
    except OSError as error:
        raise WrongUsage(f"{queries}: {os.strerror(error.errno or 0)}") from None
    cut_off = day(as_of, "--as-of")
    with platform.work() as work:
        judgements = judgements_in_force(work)
        wanted = names if names is not None else imported_lists(work)
        lists = [_list(work, name.strip(), cut_off, rules, judgements) for name in wanted]
    if not lists:
        raise WrongUsage("no credit list was imported: `bidscreen credit import NAME FILE` does that")
    matcher = Matcher(lists, cut_off, rules.candidate_threshold, rules.most_candidates)
    try:
        return _write(matcher, read_queries(data))
    except ListUnreadable as error:
        raise WrongUsage(str(error)) from None


def _write(matcher: Matcher, queries: Iterable[AskedFor]) -> int:
    refused = False
    for query in queries:
        line = _line(matcher, query)
        refused |= line["error"] is not None
        sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
    return _REFUSED if refused else 0


def _line(matcher: Matcher, query: AskedFor) -> dict[str, object]:
    if query.organization is None:
        error = {"code": "query_unreadable", "message": query.fault or ""}
        return answer(query.id, "insufficient", error=error)
    return matcher.result(query.id, query.organization)


def _list(work: UnitOfWork, name: str, cut_off: date, rules: CreditRules, judgements: Judgements) -> ListConsulted:
    """The newest usable snapshot; without one the newest of all, and a warning: a search is no screening."""
    row = newest(work, name, cut_off) or newest(work, name)
    if row is None:
        raise WrongUsage(f"the list {name} was never imported")
    if not is_usable(row.retrieved_on, cut_off, rules.max_age_days):
        typer.echo(
            f"warning: {name}: no snapshot was retrieved within {rules.max_age_days} days before {cut_off};"
            f" the one of {row.retrieved_on} was searched",
            err=True,
        )
    return consulted_list(work, row, judgements)
