"""Daily jobs of the administrator. They find and report; nothing is erased without a decision."""

from datetime import date
from pathlib import Path
from typing import Any

from app.administration.backup.making import back_up
from app.administration.privacy.shredding import due
from app.core.procedure.deadlines import day_in_china
from app.evidence.credit.service import imported_lists, newest
from app.platform.jobs.run import JobRun

RETENTION, BACKUP, LIST_AGE = "privacy.retention", "instance.backup", "credit.age"
UNFINISHED = "files.unfinished"
DAY_SECONDS = 86_400
MOST_NAMED = 1000


def report_retention(run: JobRun) -> dict[str, Any]:
    """List the organizations and tenders whose retention has ended: `bidscreen privacy shred --due` erases them."""
    with run.platform.reading(run.principal) as work:
        ended = [subject for subject, _ in due(work)]
    return {"ended": len(ended), "subjects": ended[:MOST_NAMED]}


def make_backup(run: JobRun) -> dict[str, Any]:
    """Write the day's archive into `BIDSCREEN_BACKUP_DIR` and drop those beyond `BIDSCREEN_BACKUP_KEEP`."""
    settings = run.platform.settings
    if settings.backup_dir is None:
        return {"archive": None}
    settings.backup_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    archive = settings.backup_dir / f"bidscreen-{run.payload['day']}.tar"
    if not archive.exists():  # a repeated job finds the archive of its first run
        back_up(run.platform, archive)
    dropped = archives(settings.backup_dir)[: -settings.backup_keep]
    for one in dropped:
        one.unlink(missing_ok=True)
    return {"archive": archive.name, "bytes": archive.stat().st_size, "dropped": [one.name for one in dropped]}


def clear_unfinished(run: JobRun) -> dict[str, Any]:
    """Remove files that a killed process did not finish, a day after it."""
    return {"removed": run.platform.files.clear_unfinished(DAY_SECONDS)}


def archives(directory: Path) -> list[Path]:
    """Return the archives that this duty has written, the oldest first."""
    return sorted(directory.glob("bidscreen-????-??-??.tar"))


def report_list_age(run: JobRun) -> dict[str, Any]:
    """State the age of the newest snapshot of each list in days, and which are older than `BIDSCREEN_CREDIT_LIST_DAYS`."""
    most = run.platform.settings.credit_list_days
    with run.platform.reading(run.principal) as work:
        retrieved = {name: row.retrieved_on for name in imported_lists(work) if (row := newest(work, name))}
        today = day_in_china(work.now)
    ages = {name: _age(day, today) for name, day in retrieved.items()}
    return {"days": ages, "outdated": sorted(name for name, age in ages.items() if age > most)}


def _age(day: date, today: date) -> int:
    return (today - day).days
