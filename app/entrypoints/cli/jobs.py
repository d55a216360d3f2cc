"""`jobs list`, `retry`, `cancel`."""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from app.platform.unit_of_work import Platform, UnitOfWork

jobs = typer.Typer(no_args_is_help=True, help="Background jobs: list them, run ended ones again, cancel live ones.")
REFUSED = 3


class JobState(StrEnum):
    """The states of jobs, repeated here so that `--help` loads nothing else."""

    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    dead = "dead"
    cancelled = "cancelled"


class Ended(StrEnum):
    """The states in which a job ended without a result."""

    failed = "failed"
    dead = "dead"
    cancelled = "cancelled"


Kind = Annotated[str | None, typer.Option(help="Only jobs of this kind, such as documents.extract.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this feature to the command line."""
    cli.add_typer(jobs, name="jobs")


@jobs.command("list")
def list_jobs(
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    kind: Kind = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 1000,
) -> None:
    """List jobs, the newest first, one JSON object per line."""
    from app.entrypoints.bootstrap import from_environment
    from app.platform.jobs.schemas import JobOut
    from app.platform.jobs.service import listing, newest_first

    with from_environment().reading() as work:
        query = newest_first(listing(work, state and state.value, kind)).limit(limit)
        for job in work.session.scalars(query):
            typer.echo(JobOut.of(job).model_dump_json(by_alias=True))


@jobs.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of jobs (job_…).")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every failed and every dead job.")] = False,
    state: Annotated[Ended | None, typer.Option(help="With --all: only jobs in this state.")] = None,
    kind: Kind = None,
) -> None:
    """Queue jobs again that ended without a result; each goes on from its last checkpoint."""
    from app.entrypoints.bootstrap import from_environment
    from app.platform.jobs import service

    if bool(ids) == every:
        raise typer.BadParameter("give ids, or --all")
    platform = from_environment()
    if every:
        with platform.reading() as work:
            ids = list(work.session.scalars(service.repeatable(state and state.value, kind)))
    _each(platform, ids or (), service.retry)


@jobs.command()
def cancel(ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of jobs (job_…).")]) -> None:
    """Cancel jobs that have not ended; what they have stored so far stays."""
    from app.entrypoints.bootstrap import from_environment
    from app.platform.jobs import service

    _each(from_environment(), ids, service.cancel)


def _each(platform: "Platform", ids: Iterable[str], step: Callable[["UnitOfWork", str], Any]) -> None:
    """Take the step for each job in a transaction of its own; exit status 3 if one was refused."""
    from app.platform.problems import Problem

    refused = False
    for job_id in ids:
        try:
            with platform.work() as work:
                answer = {"id": job_id, "state": step(work, job_id).state}
        except Problem as problem:
            answer, refused = {"id": job_id, "error": problem.code}, True
        typer.echo(json.dumps(answer))
    if refused:
        raise typer.Exit(REFUSED)
