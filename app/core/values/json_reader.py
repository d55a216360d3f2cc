"""Read plain JSON into typed values; whatever does not fit is refused with a code and a JSON pointer.

Used by the command line and by HTTP before any decision is computed. Messages state what was expected and never repeat
the input.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TypeVar
from unicodedata import normalize

from app.core.values.identity import masked_text
from app.core.values.money import Money, NumberError, decimal_of

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TEXT_LENGTH = 200
_INTEGER_DIGITS = 18
MOST_FAULTS = 1000  # a small input can expand to, or request, far more

Value = TypeVar("Value")
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in the input: stable code, what was expected, JSON pointer (RFC 6901)."""

    code: str
    message: str
    pointer: str


class InputError(ValueError):
    """The input is invalid: one fault or more."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*(fault.message for fault in faults))
        self.faults = faults


class _Repeated(dict[str, object]):
    """An object of the input with a duplicate key: one of the two values would be lost silently."""

    key: str


def below(pointer: str, key: str | int) -> str:
    """Return the pointer to `key` inside the place that `pointer` names."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def parse_json(content: bytes) -> object:
    """Parse UTF-8 JSON (a byte order mark is accepted).

    NaN, Infinity, 1e400 and integers of over 18 digits become floats, which every `Node` method refuses, so that the
    error names their place. Errors: InputError json_malformed, json_too_deep, text_not_utf8.
    """
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError:
        raise InputError(Fault("text_not_utf8", "Text in UTF-8 is expected", "")) from None
    except RecursionError:
        raise InputError(Fault("json_too_deep", "JSON with fewer levels is expected", "")) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(Fault("json_malformed", f"JSON is expected; reading stopped at {where}", "")) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            repeated = _Repeated(pairs)
            repeated.key = key
            return repeated
        found[key] = value
    return found


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _INTEGER_DIGITS else math.inf


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the input and its pointer. Absent and `null` both mean missing."""

    value: object
    pointer: str = ""

    @property
    def missing(self) -> bool:
        """Whether no value is given."""
        return self.value is None

    def refuse(self, code: str, expected: str) -> InputError:
        """Build the error for this place, to be raised by the caller."""
        return InputError(Fault(code, expected, self.pointer))

    def members(self, *known: str) -> dict[str, "Node"]:
        """Return the members of an object; keys outside `known` are refused, absent ones come as missing."""
        stated = self._object()
        unknown = [Node(None, below(self.pointer, self._name(key))) for key in stated if key not in known]
        if unknown:
            expected = f"Only these keys are expected: {', '.join(known)}"
            raise InputError(*[Fault("unknown_key", expected, part.pointer) for part in unknown[:MOST_FAULTS]])
        return {key: Node(stated.get(key), f"{self.pointer}/{key}") for key in known}

    def pairs(self) -> Iterator[tuple[str, "Node"]]:
        """Return key and value of each entry of an object; keys are bounded text."""
        for key, value in self._object().items():
            name = self._name(key)
            yield name, Node(value, below(self.pointer, name))

    def _object(self) -> dict[object, object]:
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        if isinstance(self.value, _Repeated):
            part = Node(None, below(self.pointer, self._name(self.value.key)))
            raise part.refuse("duplicate_key", "Each key is expected once in an object")
        return self.value

    def _name(self, key: object) -> str:
        return Node(key, self.pointer).text()  # an unreadable key cannot be part of a pointer

    def entries(self, most: int) -> list["Node"]:
        """Return the items of a list with at most `most` items."""
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        if len(self.value) > most:
            raise self.refuse("too_many", f"A list of at most {most} is expected")
        return [Node(value, below(self.pointer, number)) for number, value in enumerate(self.value)]

    def text(self) -> str:
        """Read text of 1 to 200 characters, without control characters, NUL or lone surrogates."""
        if not isinstance(self.value, str):
            raise self._wrong("text")
        if not 1 <= len(self.value) <= _TEXT_LENGTH:
            raise self.refuse("text_length", f"Text of 1 to {_TEXT_LENGTH} characters is expected")
        if _CONTROL.search(self.value):
            raise self.refuse("text_unreadable", "Text without control characters or half characters is expected")
        return self.value

    def one_of(self, *values: str) -> str:
        """Read one value of a closed list."""
        if not isinstance(self.value, str):
            raise self._wrong("text")
        if self.value not in values:
            raise self.refuse("unknown_value", f"One of these is expected: {', '.join(values)}")
        return self.value

    def flag(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            raise self._wrong("true or false")
        return self.value

    def whole(self, least: int, most: int) -> int:
        """Read an integer within bounds, as a JSON number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self._wrong("an integer")
        if not least <= self.value <= most:
            raise self.refuse("out_of_range", f"An integer from {least} to {most} is expected")
        return self.value

    def decimal(self) -> Decimal:
        """Read a decimal in a string. JSON numbers are refused because parsers convert them to binary floating point."""
        if not isinstance(self.value, str):
            raise self._wrong('a decimal in a string, such as "50.5"')
        try:
            return decimal_of(self.value)
        except NumberError as error:
            raise self.refuse(error.code, str(error)) from None

    def money(self) -> Money:
        """Read an amount in yuan, in a string, in whole fen."""
        try:
            return Money(self.decimal())
        except NumberError as error:
            raise self.refuse(error.code, str(error)) from None

    def _wrong(self, expected: str) -> InputError:
        if self.missing:
            return self.refuse("required", f"Here {expected} is required")
        return self.refuse("wrong_type", f"Here {expected} is expected")


def each(nodes: Iterable[Source], read: Callable[[Source], Value]) -> list[Value]:
    """Apply `read` to each part; raises the faults of all parts together, so that they can be corrected at once."""
    values: list[Value] = []
    found: list[Fault] = []
    for node in nodes:
        try:
            values.append(read(node))
        except InputError as error:
            found.extend(error.faults)
    if found:
        raise InputError(*found[:MOST_FAULTS])
    return values


def together(*reads: Callable[[], object]) -> None:
    """Run reads that do not depend on one another; raises the faults of all of them together."""
    each(reads, lambda read: read())


def all_differ(names: Iterable[Node], code: str, expected: str) -> None:
    """Require that all texts differ. Errors: InputError at each repeated text."""
    seen: set[str] = set()
    found: list[Fault] = []
    for name in names:
        text = name.text()
        if text in seen:
            found.append(Fault(code, expected, name.pointer))
        seen.add(text)
    if found:
        raise InputError(*found[:MOST_FAULTS])


def errors_out(faults: Iterable[Fault]) -> dict[str, object]:
    """Return errors as JSON values in the order found; an ID number in a pointer (a key of the input) is masked."""
    return {"errors": [asdict(replace(fault, pointer=_shown(fault.pointer))) for fault in faults]}


def _shown(pointer: str) -> str:
    masked = masked_text(pointer)
    return pointer if masked == normalize("NFKC", pointer) else masked
