"""Extract one file into one record (DESIGN 5.8). Knows nothing of processes and limits: the pool runs it in a child."""

import hashlib

from app.evidence.reading.limits import Limits
from app.evidence.reading.media import media_type
from app.evidence.reading.readers.registry import READERS, NeedsPictures, Sample
from app.evidence.reading.record import REJECTED, Extraction

__all__ = ["NeedsPictures", "extract"]


def extract(data: bytes, name: str, limits: Limits | None = None, *, pictures: bool = True) -> Extraction:
    """Read the file with the reader that claims it most; the file name is only echoed (and distinguishes kinds of plain
    text).

    With `pictures` False a file that needs recognition raises NeedsPictures: a child with more memory takes it.
    """
    bounds = limits or Limits()
    out = Extraction(name, hashlib.sha256(data).hexdigest(), media_type(data, name))
    if not data:
        out.kind = "other"
        out.doubt("empty_file", "the file is empty", REJECTED)
        return out
    sample = Sample(out.media_type, name, len(data))
    reader = max(READERS, key=lambda r: r.claims(sample))
    reader.read(data, out, bounds, pictures=pictures)
    return out
