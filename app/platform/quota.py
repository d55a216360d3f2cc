"""Quotas of a bidder's organization, stated with each answer to an upload before they are used up."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.platform.problems import Conflict


class QuotaExceeded(Conflict):
    """The organization has used up a quota of the instance; the detail states which, and how much."""

    code, title = "quota_exceeded", "Quota exceeded"


@dataclass(frozen=True, slots=True)
class Quota:
    """What an organization uses of a quota; `header` is the response header that states it."""

    header: str
    used: int
    most: int

    def plus(self, more: int) -> "Quota":
        """Return the quota with this much more used."""
        return Quota(self.header, self.used + more, self.most)

    def require(self) -> None:
        """Raise QuotaExceeded if more is used than the quota allows."""
        if self.used > self.most:
            raise QuotaExceeded(f"{self.header}: the quota is {self.most}, this would use {self.used}")


def quota_headers(quotas: Iterable[Quota]) -> dict[str, str]:
    """Return the headers, `used/most` each."""
    return {quota.header: f"{quota.used}/{quota.most}" for quota in quotas}
