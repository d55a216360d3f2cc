"""Features of a file that reveal its origin, for comparison with other bidders' files: ids, fonts, pictures, text
samples.

Runs in a child process. The text is stored as a sample of its shingles (each hash divisible by 8: samples of two texts
can be compared, and those of a third subtracted), as sentences, and as the places where organizations are named.
"""

import hashlib
import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from struct import pack
from typing import Any

from app.core.values.identity import birth_date, parse_uscc
from app.evidence.reading import media
from app.evidence.reading.archives import ArchiveRefused, check_archive
from app.evidence.reading.fingerprints.entries import LEAST_BYTES, Piece, Place, hashed_image, origin_of
from app.evidence.reading.limits import Limits

SHINGLE, ONE_IN = 8, 8
_SENTENCE = re.compile(r"[^。！？；!?;]{12,60}[。！？；!?;]")
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
_NAME_END = re.compile(
    r"服务社|服务中心|服务站|事务所|促进会|协会|学会|基金会|联合会|发展中心|指导中心|工作室|工作站|中心|公司|社(?![会工区保])"
)
_BEFORE = 48  # characters before the end of a name, its label included
_MOST_SENTENCES, _MOST_MENTIONS, _MOST_IMAGES, _MOST_FONTS = 2000, 300, 200, 200


def fingerprint(data: bytes, name: str, limits: Limits | None = None) -> dict[str, Any]:
    """Return the fingerprint of one file as plain values; a file that cannot be opened has none of the parts."""
    bounds = limits or Limits()
    kind = media.media_type(data, name)
    if kind == media.PDF_TYPE:
        from app.evidence.reading.fingerprints.pdf import pdf_parts

        origin, images, pieces = pdf_parts(data, bounds)
    elif kind in media.IMAGE_TYPES:
        origin, images, pieces = {}, [hashed_image(data, 1, None)], []
    elif kind in (media.DOCX_TYPE, media.XLSX_TYPE):
        origin, images, pieces = _office_parts(data, kind, bounds)
    else:
        origin, images, pieces = {}, [], []
    return {"origin": origin, "images": images[:_MOST_IMAGES], **text_parts(pieces)}


def text_parts(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Return samples, sentences and mentions of a text given line by line."""
    text, places = _joined(pieces)
    hashes, spots = _sample(text, places)
    return {
        "shingles": b64encode(pack(f"<{len(hashes)}Q", *hashes)).decode(),
        "spots": spots,
        "sentences": _sentences(text, places),
        "mentions": _mentions(text, places),
    }


def _joined(pieces: Iterable[Piece]) -> tuple[str, list[tuple[int, Place]]]:
    """Return the whole text, and the position where each line begins."""
    parts, places, length = [], [], 0
    for line, page, box in pieces:
        parts.append(line)
        places.append((length, (page, box)))
        length += len(line)
    return "".join(parts), places


def _located(ordered: Iterable[int], places: list[tuple[int, Place]]) -> Iterator[Place]:
    """Return the place of each position; positions are ascending."""
    line = 0
    for position in ordered:
        while line + 1 < len(places) and places[line + 1][0] <= position:
            line += 1
        yield places[line][1]


def _sample(text: str, places: list[tuple[int, Place]]) -> tuple[list[int], list[list[Any]]]:
    """Return the sampled hashes, each once, and runs of them by place: [count, page, box]."""
    kept: dict[int, int] = {}
    for position in range(len(text) - SHINGLE + 1):
        piece = text[position : position + SHINGLE].encode("utf-8", "replace")
        number = int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), "little")
        if number % ONE_IN == 0:
            kept.setdefault(number, position)
    spots: list[list[Any]] = []
    for page, box in _located(kept.values(), places):
        if spots and spots[-1][1:] == [page, box]:
            spots[-1][0] += 1
        else:
            spots.append([1, page, box])
    return list(kept), spots


def _sentences(text: str, places: list[tuple[int, Place]]) -> list[list[Any]]:
    found = list({match[0]: match for match in _SENTENCE.finditer(text)}.values())[:_MOST_SENTENCES]
    where = _located((match.start() for match in found), places)
    return [[match[0][:-1], *place] for match, place in zip(found, where, strict=True)]


def _mentions(text: str, places: list[tuple[int, Place]]) -> list[list[Any]]:
    """Return valid codes, and the text before each end of a name: which organization it names is decided later."""
    codes = [(match.start(), match[0]) for match in _CODE.finditer(text) if _is_code(match[0])]
    names = [(match.start(), text[max(0, match.end() - _BEFORE) : match.end()]) for match in _NAME_END.finditer(text)]
    once = {said: position for position, said in (*names, *codes)}
    found = sorted((position, said) for said, position in once.items())[:_MOST_MENTIONS]
    where = _located((position for position, _ in found), places)
    return [[said, *place] for (_, said), place in zip(found, where, strict=True)]


def _is_code(text: str) -> bool:
    """Whether a text is a credit code; one ID number in thirty would pass its check too."""
    return parse_uscc(text) is not None and birth_date(text) is None


def _office_parts(data: bytes, kind: str, limits: Limits) -> tuple[dict[str, Any], list[Any], list[Piece]]:
    from app.evidence.reading.provenance import office_properties

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive, limits)
            pictures = [entry for entry in archive.infolist() if re.match(r"(word|xl)/media/", entry.filename)]
            images = [
                hashed_image(archive.read(one), None, None)
                for one in pictures[:_MOST_IMAGES]
                if one.file_size >= LEAST_BYTES
            ]
            part = "word/settings.xml" if kind == media.DOCX_TYPE else "xl/workbook.xml"
            settings = archive.read(part)[:200_000].decode("utf-8", "replace") if part in archive.namelist() else ""
        pieces = _word_text(data) if kind == media.DOCX_TYPE else []
    except (
        zipfile.BadZipFile,
        ArchiveRefused,
        OSError,
        RuntimeError,
        ValueError,
        KeyError,
        NotImplementedError,
        EOFError,
    ):
        return {}, [], []
    own = office_properties(data)
    identity = re.search(
        r'<w15:docId\b[^>]*"(\{[0-9A-Fa-f-]{36}\})"|\bdocumentId="\w*_?(\{[0-9A-Fa-f-]{36}\})"', settings
    )
    origin = origin_of(
        producer=own.get("producer"),
        author=own.get("author"),
        createdAt=own.get("created_at"),
        documentId=next(filter(None, identity.groups())) if identity else None,
    )
    return origin, images, pieces


def _word_text(data: bytes) -> list[Piece]:
    import docx

    paragraphs = docx.Document(io.BytesIO(data)).paragraphs
    return [("".join(one.text.split()), None, None) for one in paragraphs if one.text.strip()]
