"""Values of the credit commands' options."""

from datetime import date


class WrongUsage(ValueError):
    """Unusable options or files; exit status 2."""


def day(text: str | None, option: str) -> date:
    """Parse a day, `YYYY-MM-DD`; today where none is given."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the day on the operator's calendar
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{option} takes a date, YYYY-MM-DD") from None
