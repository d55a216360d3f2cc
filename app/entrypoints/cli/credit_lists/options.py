"""What the credit commands read from their options."""

from datetime import date


class WrongUsage(ValueError):
    """Options or files that make no sense; exit status 2."""


def day(text: str | None, option: str) -> date:
    """A day, `YYYY-MM-DD`; today where none is given."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the day on the operator's calendar
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{option} takes a date, YYYY-MM-DD") from None
