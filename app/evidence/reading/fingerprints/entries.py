"""Entries of a fingerprint: a piece of a file with its place."""

import hashlib
from typing import Any

from app.evidence.reading.layout.page import Box

LEAST_PIXELS, LEAST_BYTES = 40_000, 4096  # smaller pictures are ornaments
Piece = tuple[str, int | None, Box | None]  # a line of text without blanks, its page, its box in 0..1
Place = tuple[int | None, Box | None]


def hashed_image(data: bytes, page: int | None, box: Box | None) -> list[Any]:
    """Return [sha256, page, box] of an embedded picture."""
    return [hashlib.sha256(data).hexdigest(), page, box]


def image_entry(data: bytes, pixels: int, page: int, box: Box | None) -> list[Any] | None:
    """Return the entry of a picture inside a file; None where it is small enough to be an ornament."""
    return hashed_image(data, page, box) if pixels >= LEAST_PIXELS and len(data) >= LEAST_BYTES else None


def origin_of(**said: Any) -> dict[str, Any]:
    """Return the creation metadata without missing values."""
    return {key: value for key, value in said.items() if value}
