"""Validation errors of a body, made up to a number: describing each of 800,000 would take five seconds in one step."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from fastapi._compat.v2 import ModelField
from pydantic import ValidationError

MOST_ERRORS = 2_000
_FIRST_ITEMS, _FIRST_MEMBERS = 20, 200


class BoundedField(ModelField):
    """A body's field whose errors are described only if they are few; otherwise those of its first items are."""

    def validate(
        self, value: Any, values: dict[str, Any] | None = None, *, loc: tuple[int | str, ...] = ()
    ) -> tuple[Any, list[dict[str, Any]]]:
        """Return the validated value, or the errors."""
        try:
            return self._type_adapter.validate_python(value, from_attributes=True), []
        except ValidationError as error:
            many = error.error_count() > MOST_ERRORS
        _, errors = super().validate(_beginning(value) if many else value, values or {}, loc=loc)
        return None, errors or [
            {"type": "too_many_errors", "loc": loc, "msg": f"More than {MOST_ERRORS} values are invalid"}
        ]


def bound_errors(fields: Iterable[ModelField]) -> None:
    """Bound the errors of a route's body; FastAPI makes the fields itself, so their class is replaced."""
    for field in fields:
        field.__class__ = BoundedField


def _beginning(value: Any) -> Any:
    match value:
        case dict():
            return {name: _beginning(item) for name, item in islice(value.items(), _FIRST_MEMBERS)}
        case list():
            return [_beginning(item) for item in value[:_FIRST_ITEMS]]
    return value
