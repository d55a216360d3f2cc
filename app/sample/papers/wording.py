"""Format dates, months and money as certificates print them."""

from datetime import date


def day(value: date) -> str:
    """Format a day as 2026年5月8日."""
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: str) -> str:
    """Format 2026-04 as 2026年04月."""
    return f"{value[:4]}年{value[5:]}月"


def yuan(amount: int) -> str:
    """Format an amount as 人民币30,000.00元."""
    return f"人民币{amount:,}.00元"


def spaced(text: str) -> str:
    """Return a heading with its characters spaced out."""
    return " ".join(text)
