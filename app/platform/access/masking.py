"""Masking of resident IDs in responses, unless a permitted role unmasks them."""

import re
from collections.abc import Mapping
from typing import Any

from app.core.values.identity import birth_date, masked_id, normalised_code

_EIGHTEEN = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


def masked_facts(value: Any, name: str = "") -> Any:
    """Mask every `residentId` in the value, and every resident ID inside other texts.

    Certificate numbers can have 18 digits too, so in other texts only numbers that pass the GB 11643 check are masked.
    """
    match value:
        case Mapping():
            return {key: masked_facts(item, str(key)) for key, item in value.items()}
        case list() | tuple():
            return [masked_facts(item, name) for item in value]
        case str():
            return masked_id(value) if name == "residentId" else masked_text(value)
    return value


def masked_text(text: str) -> str:
    """Mask every valid resident ID in the text, as `320508********1234`."""
    return _EIGHTEEN.sub(_mask_valid, text)


def _mask_valid(found: re.Match[str]) -> str:
    number = normalised_code(found[0])
    return str(masked_id(found[0])) if birth_date(number) else found[0]
