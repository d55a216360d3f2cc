"""Bounded wire types: refuse values that JSON, Python and the databases treat differently."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from app.core.values.legible import UNREADABLE
from app.platform.access.masking import masked_text
from app.platform.database.identifiers import PATTERN

MAX_INTEGER = 2**31 - 1  # the range of INTEGER columns in all databases
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
_SCORE = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.I)
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _readable(text: str) -> str:
    if UNREADABLE.search(text):
        raise PydanticCustomError("text_unreadable", "Text must not contain control characters or lone surrogates")
    return text


def _impersonal(text: str) -> str:
    return masked_text(_readable(text))


@dataclass(frozen=True, slots=True)
class Chars:
    """Bounds of a text: `least` to `most` characters; no control or directional characters, no lone surrogates.

    Resident IDs in it are masked on input, unless the text is `personal`: stored encrypted and masked on output.
    """

    least: int
    most: int
    pattern: str | None = None
    personal: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Apply to `Annotated[str, Chars(1, 40)]`."""
        bounded = core_schema.str_schema(min_length=self.least, max_length=self.most, pattern=self.pattern, strict=True)
        return core_schema.no_info_after_validator_function(_readable if self.personal else _impersonal, bounded)


def whole(least: int, most: int = MAX_INTEGER) -> Any:
    """Return a bound for `Annotated[int, whole(0, 9)]`: a JSON integer; texts and booleans are refused."""
    return Field(strict=True, ge=least, le=most)


def _decimal(pattern: re.Pattern[str], expected: str) -> BeforeValidator:
    def read(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            return value
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise PydanticCustomError("decimal_string", f"A string is expected: {expected}")
        return Decimal(value)

    return BeforeValidator(read)


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise PydanticCustomError("instant", "Use a time with UTC offset, such as 2017-05-31T09:30:00+08:00")


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = _LAST_DAY.replace(year=1)
        if _FIRST_DAY <= day <= _LAST_DAY:
            return day
    raise PydanticCustomError("day", "Use a date YYYY-MM-DD between the years 1900 and 2199")


PersonalText = Annotated[str, Chars(0, 2_000, personal=True)]
Text = Annotated[str, Chars(0, 2_000)]
Name = Annotated[str, Chars(1, 200)]
LongText = Annotated[str, Chars(0, 20_000)]
Token = Annotated[str, Chars(1, 80, r"^[A-Za-z0-9._:-]+$")]
Id = Annotated[str, Chars(29, 31, PATTERN)]
MonthText = Annotated[str, Chars(7, 7, r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
Sha256 = Annotated[str, Chars(64, 64, r"^[0-9a-f]{64}$")]

Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2017-05-31"]})
]
Amount = Annotated[
    Decimal,
    _decimal(_AMOUNT, "yuan from 0 to 9999999999999.99 with at most two places"),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_AMOUNT.pattern}$", "examples": ["980000.00"]}),
]
Score = Annotated[
    Decimal,
    _decimal(_SCORE, "a number from 0 to 999999999 with at most six places"),
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_SCORE.pattern}$", "examples": ["50.5"]}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2017-05-31T09:30:00+08:00"]}),
]
