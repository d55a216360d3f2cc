"""Days and periods of the procedure. The law counts days where the tender is held: in China, eight hours before UTC."""

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "UTC+08:00")  # one zone for the whole country, no summer time since 1992
BIDDING_DAYS = 20  # 政府采购法 第三十五条: from the publication of the tender documents to the bid deadline


def day_in_china(instant: datetime) -> date:
    """The calendar day of an instant (aware) in China."""
    return instant.astimezone(BEIJING).date()


def bidding_period_too_short(published: datetime, deadline: datetime) -> bool:
    """Whether fewer than 20 days lie between publication and deadline (政府采购法 第三十五条)."""
    return deadline - published < timedelta(days=BIDDING_DAYS)
