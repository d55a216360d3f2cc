"""Throttling of logins: per user name and address in the database, per address in this process."""

from datetime import timedelta

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.administration.users.tables import Attempts
from app.platform.problems import Problem
from app.platform.unit_of_work import UnitOfWork

PURPOSE = "login"
DISTRIBUTED = 20
LONGEST_PAUSE = timedelta(days=1)
FORGOTTEN = timedelta(days=1)  # after so long without attempts the next lock is a first one


class TooManyAttempts(Problem):
    """Too many login attempts for this name or from this address; known and unknown names are treated alike."""

    code, title, status = "too_many_attempts", "Too many attempts", 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__(headers={"Retry-After": str(max(1, round(wait.total_seconds())))})


class AddressLimit:
    """Rate limit per address, in the notation of `limits` ("30/minute")."""

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, address: str | None) -> None:
        """Count an attempt; raises TooManyAttempts above the limit."""
        if not self._limiter.hit(self._rate, address or "unknown"):
            raise TooManyAttempts(timedelta(seconds=self._rate.get_expiry()))


def take(work: UnitOfWork, login: str, place: str = "") -> str:
    """Count an attempt before its password is verified, so that parallel guesses are counted too.

    Whoever proves a second factor gets in all the same (`login`), and an API key is never locked.

    The name is locked for the place (a network address) that failed, so that nobody can lock out its owner; for all
    places only after `DISTRIBUTED` times as many failures. Returns what `clear` takes; TooManyAttempts while locked.
    """
    attempt = _count(work, attempt_hash(work, login, place), work.settings.login_attempts, LONGEST_PAUSE)
    every_place = work.platform.keyring.digest(login, PURPOSE)
    _count(work, every_place, work.settings.login_attempts * DISTRIBUTED, _base(work))
    return attempt


def attempt_hash(work: UnitOfWork, login: str, place: str = "") -> str:
    """Return what `clear` takes, for a login that is let in without being counted."""
    return work.platform.keyring.digest(f"{login}\n{place}", PURPOSE)


def _base(work: UnitOfWork) -> timedelta:
    return timedelta(minutes=work.settings.login_lock_minutes)


def _count(work: UnitOfWork, about: str, limit: int, longest: timedelta) -> str:
    """Count an attempt; each lock after the first lasts twice as long, up to `longest`, until a day without attempts."""
    lock = _base(work)
    row = _locked(work, about)
    if row.last_at <= work.now - FORGOTTEN:
        row.locks = 0
    if row.locked_until is not None and row.locked_until > work.now:
        raise TooManyAttempts(row.locked_until - work.now)
    if row.locked_until is not None or row.last_at <= work.now - lock:
        row.count, row.locked_until = 0, None
    row.count, row.last_at = row.count + 1, work.now
    if row.count >= limit:
        row.locked_until = work.now + min(max(longest, lock), lock * 2 ** min(row.locks, 20))
        row.locks += 1
    work.session.flush()
    return row.login_hash


def clear(work: UnitOfWork, login_hash: str) -> None:
    """Reset the count after a success, and delete outdated counts of other names."""
    old = work.now - LONGEST_PAUSE - FORGOTTEN
    work.session.execute(delete(Attempts).where((Attempts.login_hash == login_hash) | (Attempts.last_at < old)))


def _locked(work: UnitOfWork, login_hash: str) -> Attempts:
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(Attempts).values(login_hash=login_hash, count=0, locks=0, last_at=work.now)
    # An update that changes nothing still locks the row; with "do nothing" a concurrent success could delete it first.
    work.session.execute(first.on_conflict_do_update(index_elements=["login_hash"], set_={"count": Attempts.count}))
    query = select(Attempts).where(Attempts.login_hash == login_hash)
    return work.session.execute(query, execution_options={"populate_existing": True}).scalar_one()
