"""Resident IDs as a type: masked when printed, logged or formatted; `reveal()` returns the number."""

import re
import unicodedata
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from app.core.values.id_spellings import mask_spellings, outside_digests

_RESIDENT_ID = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])")


def mask_numbers(text: str) -> str:
    """Mask every 18-digit number in a text as `320508********1234`, and every valid resident ID in another spelling."""
    return mask_spellings(outside_digests(text, lambda part: _RESIDENT_ID.sub(r"\1********\2", part)))


def normalise(value: str) -> str:
    """Half width, no white space, upper case: the form used to compare numbers."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


class Sensitive:
    """A sensitive text; only `reveal()` returns it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def masked(self) -> str:
        """Return the first six and last four characters of an ID; nothing of a value shorter than 14 characters."""
        if len(self._value) < 14:
            return "*" * 8
        return f"{self._value[:6]}********{self._value[-4:]}"

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"Sensitive({self.masked()})"

    def __format__(self, spec: str) -> str:
        return format(self.masked(), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Serialized as masked text."""
        masked = core_schema.plain_serializer_function_ser_schema(
            lambda value: value.masked(), return_schema=core_schema.str_schema()
        )
        return core_schema.is_instance_schema(cls, serialization=masked)
