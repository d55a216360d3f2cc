"""Scans and photos of some documents: the printed pages as a scanner or a telephone captures them, slightly degraded,
deterministic.
"""

import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

_DPI = 200

Picture = Image.Image
Wear = Callable[[Picture, np.random.Generator], Picture]


def _flatbed(page: Picture, dice: np.random.Generator) -> Picture:
    """Scan in grey, slightly askew, with the scanner's grain."""
    askew = page.convert("L").rotate(float(dice.uniform(0.5, 0.9)), Image.Resampling.BICUBIC, fillcolor=252)
    return _grained(askew, dice, 5.0)


def _colour(page: Picture, dice: np.random.Generator) -> Picture:
    """Scan in colour, at the lower resolution of an office machine."""
    small = page.resize((page.width * 3 // 4, page.height * 3 // 4), Image.Resampling.LANCZOS)
    return _grained(small, dice, 3.0)


def _turned(page: Picture, dice: np.random.Generator) -> Picture:
    """Scan a page laid sideways on the glass."""
    return _flatbed(page, dice).transpose(Image.Transpose.ROTATE_90)


def _fax(page: Picture, dice: np.random.Generator) -> Picture:
    """Scan in black and white."""
    return page.convert("L").point(lambda value: 255 if value > 150 else 0).convert("1")


def _photo(page: Picture, dice: np.random.Generator) -> Picture:
    """Photograph on a desk, at an angle, with a shadow on one side."""
    wide, high = page.size
    edge = int(0.08 * wide)
    size = wide + 2 * edge, high + 2 * edge
    slant = dice.uniform(0.0, 0.02, 8) * wide
    corners = [
        (edge + slant[0], edge + slant[1]),
        (edge + slant[2], edge + high - slant[3]),
        (edge + wide - slant[4], edge + high - slant[5]),
        (edge + wide - slant[6], edge + slant[7]),
    ]
    desk = Image.new("RGB", size, (104, 84, 66))
    source = [(0, 0), (0, high), (wide, high), (wide, 0)]
    backwards = _projection(corners, source)
    seen = page.convert("RGB").transform(size, Image.Transform.PERSPECTIVE, backwards, Image.Resampling.BICUBIC)
    where = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, backwards)
    desk.paste(seen, mask=where)
    shade = 1 - 0.25 / (1 + np.exp(-(np.linspace(-1, 1, size[0]) - 0.5) * 9))
    return _grained(_image(np.asarray(desk, np.float32) * shade[None, :, None]), dice, 2.5)


def _projection(seen: list[tuple[float, float]], flat: list[tuple[int, int]]) -> tuple[float, ...]:
    """Return the eight coefficients with which Pillow maps a pixel of the photo to its place on the sheet."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows, float), np.array(wanted, float)))


def _grained(page: Picture, dice: np.random.Generator, strength: float) -> Picture:
    pixels = np.asarray(page, np.float32)
    return _image(
        pixels + dice.normal(0, strength, pixels.shape[:2]).reshape(pixels.shape[:2] + (1,) * (pixels.ndim - 2))
    )


def _image(pixels: npt.NDArray[Any]) -> Picture:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


SCANS: Mapping[
    tuple[str, str], tuple[str, Wear]
] = {  # folder and document: file extension, effects applied to the page
    ("puwan", "registration"): ("pdf", _flatbed),
    ("lanting", "registration"): ("jpg", _photo),
    ("kunyue", "registration"): ("tif", _fax),
    ("tonghe", "registration"): ("jpg", _colour),
    ("yinghu", "no-major-violation"): ("jpg", _photo),
    ("lingtang", "capability"): ("pdf", _turned),
}


def path_of(folder: str, path: str) -> str:
    """Return the path of a document printed to `path`: with another extension where it was scanned or photographed."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".pdf")
    return path.removesuffix("pdf") + SCANS[folder, stem][0] if (folder, stem) in SCANS else path


def scanned(folder: str, path: str, printed: bytes) -> bytes:
    """Return the file as submitted: `printed` itself, or images of its pages."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".pdf")
    if (folder, stem) not in SCANS:
        return printed
    ending, wear = SCANS[folder, stem]
    dice = np.random.default_rng(zlib.crc32(f"{folder}/{stem}".encode()))
    document = pdfium.PdfDocument(printed)
    try:
        pages = [wear(page.render(scale=_DPI / 72).to_pil().convert("RGB"), dice) for page in document]
    finally:
        document.close()
    return _file(pages, ending)


def _file(pages: list[Picture], ending: str) -> bytes:
    buffer = BytesIO()
    first, rest = pages[0], pages[1:]
    if ending == "pdf":
        first.save(buffer, "PDF", resolution=_DPI, save_all=True, append_images=rest, producer="bidscreen sample scanner",
                   creationDate=None, modDate=None, quality=70)  # fmt: skip
    elif ending == "tif":
        first.save(buffer, "TIFF", compression="group4", dpi=(_DPI, _DPI), save_all=True, append_images=rest)
    else:
        first.save(buffer, "JPEG", quality=68)
    return buffer.getvalue()
