"""Find which bidders a document names, and where one is named as its author: from extracted fields and from the text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core.integrity.facts import Mention, Spot
from app.core.values.identity import normalised_name, parse_uscc

# These fields name the author of a document.
_OWN_FIELDS = frozenset({"organization", "name", "uscc", "payer"})
_OWN_KINDS = frozenset({"registration_certificate", "audit_report", "annual_check", "declaration", "social_insurance"})
_SELF = re.compile(
    r"(投标人|投标单位|供应商|响应人|声明人|承诺人|授权人|委托人|单位名称|机构名称|我单位|我中心|我社|我机构|本单位|本中心|本社|本机构|落款)"
    r"(名称|全称)?(\((盖章|公章|签章|单位盖章|盖单位章)\))?[:：为]?$"
)


class Names:
    """The names and codes of all bidders, compiled for searching texts."""

    def __init__(self, names: Iterable[str | None]) -> None:
        self._names = {normalised_name(name) for name in names if name}
        self._names.discard("")
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)

    def at_end(self, text: str) -> str | None:
        """Return the longest of the names that the text ends with."""
        return next((text[-length:] for length in self._lengths if text[-length:] in self._names), None)

    def __contains__(self, text: str) -> bool:
        return normalised_name(text) in self._names


def mentions_of(record: Mapping[str, Any], fingerprint: Mapping[str, Any], names: Names) -> tuple[Mention, ...]:
    """Find all mentions of bidders in one document."""
    document = str(record["sha256"])
    return (*_in_fields(record, document, names), *_in_text(fingerprint, document, names))


def _in_fields(record: Mapping[str, Any], document: str, names: Names) -> Iterator[Mention]:
    if record.get("kind") not in _OWN_KINDS:
        return
    for field in record.get("fields", ()):
        value = field.get("value")
        if field.get("field") in _OWN_FIELDS and isinstance(value, str) and (value in names or parse_uscc(value)):
            yield Mention(value, spot_of(document, field), as_self=True)


def _in_text(fingerprint: Mapping[str, Any], document: str, names: Names) -> Iterator[Mention]:
    for said, page, box in fingerprint.get("mentions", ()):
        spot = Spot(document, page, tuple(box) if box else None)
        if parse_uscc(said):
            yield Mention(said, spot)
        elif name := names.at_end(normalised_name(said)):
            before = normalised_name(said)[: -len(name)]
            yield Mention(name, spot, as_self=_SELF.search(before) is not None)


def spot_of(document: str, read: Mapping[str, Any]) -> Spot:
    """Return the place where a field or row was read."""
    box = read.get("box")
    return Spot(document, read.get("page"), tuple(map(float, box)) if box else None)
