"""Base of every part of a policy document, and the bounded types of its values."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

Words = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Articles = Annotated[list[Words], Field(max_length=20)]
Division = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]
Kinds = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]], Field(min_length=1, max_length=100)
]
Year = Annotated[StrictInt, Field(ge=1949, le=2200)]
Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)]
Figure = Annotated[Decimal, Field(ge=0, le=Decimal("1e15"), decimal_places=4)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Money = Annotated[Decimal, Field(gt=0, le=Decimal("1e12"), decimal_places=2)]


class Part(BaseModel):
    """Base of every part: camelCase keys, unknown keys rejected, no type coercion."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=False,
        json_schema_mode_override="validation",  # stored as written
    )


class BilingualPart(Part):
    """A text in both languages."""

    zh: Words
    en: Words


class OneLanguage(Part):
    """A text in one language or both."""

    zh: Words | None = None
    en: Words | None = None


def _both(value: Any) -> Any:
    """Expand a text, or an object with one language, to both languages; the missing language repeats the given one."""
    if isinstance(value, str):
        return {"zh": value, "en": value}
    if isinstance(value, dict) and set(value) in ({"zh"}, {"en"}):
        (only,) = value.values()
        return {"zh": only, "en": only}
    return value


Title2 = Annotated[BilingualPart, BeforeValidator(_both, json_schema_input_type=Words | OneLanguage)]
