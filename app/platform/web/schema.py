"""Base schemas: strict for input, built by field name for output."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, computed_field
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema

from app.platform.database.identifiers import is_practice
from app.platform.web.types import Chars


class Input(BaseModel):
    """A request body: camelCase names only; unknown members are refused with their pointer."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        validate_by_alias=True,
        validate_by_name=False,
        hide_input_in_errors=True,
    )


class Unmasking(Input):
    """The reason for reading unmasked ID numbers; recorded in the audit trail."""

    reason: Annotated[str, Chars(2, 2_000)]


class Output(BaseModel):
    """A response body: camelCase on the wire, field names in Python."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        from_attributes=True,
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=True,
    )


@dataclass(frozen=True, slots=True)
class Shaped:
    """Annotation of a value that passes as it is stored; the API's document shows it with the shape of `kind`.

    What was frozen or hashed is never rebuilt from a model, which could change or refuse it.
    """

    kind: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate and serialize as the annotated type alone."""
        return handler(source)

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the value by `kind`."""
        return dict(handler(TypeAdapter(self.kind).core_schema))


class OfTender(Output):
    """What belongs to a tender, with `tender_id`; `practice` where the tender is one for practice."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def practice(self) -> bool:
        """Whether this belongs to a practice tender 演练项目."""
        return is_practice(getattr(self, "tender_id", None))
