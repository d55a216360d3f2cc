"""Text in the two languages of a tender."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message in the two languages of the service."""

    zh: str
    en: str
