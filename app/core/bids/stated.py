"""Compare what a sealed bid states about its documents and dossier with what the bidder had uploaded by the deadline.

A difference is a warning for the officer, never a reason by itself to reject the bid (政府采购法实施条例 第三十四条).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.bids.sealing import Contents


class Differs(StrEnum):
    """What does not agree."""

    DOCUMENT_MISSING = "document_missing"  # no upload of the bidder has this hash
    DOCUMENT_LATE = "document_late"  # uploaded only at the deadline or later
    DOSSIER_VERSION = "dossier_version"  # the dossier had another version at the deadline


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement of the bid, and what was found instead (None: nothing)."""

    code: Differs
    stated: str
    found: str | None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The hashes of a bidder's files, true where they came before the deadline, and its dossier's version at it."""

    documents: Mapping[str, bool]
    version: int


def differences(contents: Contents, uploaded: Uploaded) -> Iterator[Difference]:
    """Yield the differences, documents first. A bid without a dossier version states none."""
    for digest in dict.fromkeys(contents.documents):
        in_time = uploaded.documents.get(digest.lower())
        if in_time is None:
            yield Difference(Differs.DOCUMENT_MISSING, digest, None)
        elif not in_time:
            yield Difference(Differs.DOCUMENT_LATE, digest, digest)
    if contents.dossier_version and contents.dossier_version != str(uploaded.version):
        yield Difference(Differs.DOSSIER_VERSION, contents.dossier_version, str(uploaded.version))
