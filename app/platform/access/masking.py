"""Masking of resident IDs in responses, unless a permitted role unmasks them."""

from collections.abc import Mapping
from typing import Any

from app.core.values.id_spellings import mask_spellings
from app.core.values.identity import masked_id


def masked_facts(value: Any, name: str = "") -> Any:
    """Mask every `residentId` in the value, and every resident ID inside other texts.

    Certificate numbers can have 18 digits too, so in other texts only numbers that pass the GB 11643 check are masked.
    """
    match value:
        case Mapping():
            return {
                masked_text(key) if isinstance(key, str) else key: masked_facts(item, str(key))
                for key, item in value.items()
            }
        case list() | tuple():
            return [masked_facts(item, name) for item in value]
        case str():
            return masked_id(value) if name == "residentId" else masked_text(value)
    return value


def masked_text(text: str) -> str:
    """Mask every valid resident ID in the text, as `320508********1234`, however it is spelled."""
    return mask_spellings(text)
