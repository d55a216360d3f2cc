"""Files that are pictures: opened by Pillow with the format named, bounded in pixels, turned as their EXIF says, one page a frame."""

import io
import warnings

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from app.documents import provenance
from app.documents.certificates import finish
from app.documents.limits import Limits
from app.documents.media import IMAGE_TYPES
from app.documents.ocr import Image
from app.documents.page import Page
from app.documents.recognition import recognise
from app.documents.result import REJECTED, Extraction


class PictureRefused(Exception):
    """The picture cannot be used; the code is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_pictures(data: bytes, out: Extraction, limits: Limits) -> None:
    """Every frame as a page."""
    try:
        frames = count_frames(data, out.media_type, limits)
        out.pages = frames
        if frames > limits.pages:
            out.doubt("too_many_pages", f"the file has {frames} pages; the first {limits.pages} were read")
        pages: list[Page] = []
        for number in range(min(frames, limits.pages)):
            image = open_frame(data, out.media_type, number, limits)
            pages.append(recognise(image, number + 1))
            provenance.note_codes(out, pages[-1], provenance.bar_codes(image))
        _note_origin(data, out, limits)
    except PictureRefused as error:
        out.kind = "other"
        out.doubt(error.code, error.message, REJECTED if error.code == "damaged" else "needs_review")
        return
    finish(pages, out)


def _note_origin(data: bytes, out: Extraction, limits: Limits) -> None:
    """Camera or program, and the time, from the EXIF data."""
    exif = _open(data, out.media_type, limits).getexif()
    said = {tag: str(exif.get(tag, "")).replace("\x00", "") for tag in (271, 272, 305, 306, 315)}
    producer = " ".join(said[t] for t in (271, 272, 305) if said[t])
    provenance.note(out, producer=producer, author=said[315], created_at=said[306])


def count_frames(data: bytes, media_type: str, limits: Limits) -> int:
    """How many pages the file holds."""
    picture = _open(data, media_type, limits)
    return int(getattr(picture, "n_frames", 1)) if media_type == "image/tiff" else 1


def open_frame(data: bytes, media_type: str, number: int, limits: Limits) -> Image:
    """Frame `number` (from 0) as RGB or grey, the way a viewer shows it."""
    picture = _open(data, media_type, limits)
    try:
        if number:
            picture.seek(number)
            _check_size(picture, limits)
        upright = ImageOps.exif_transpose(picture)
        return _pixels(upright)
    except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError) as error:
        raise PictureRefused("damaged", "the picture is damaged") from error


def _open(data: bytes, media_type: str, limits: Limits) -> Pillow.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data), formats=[IMAGE_TYPES[media_type]])
    except Pillow.DecompressionBombError as error:
        raise PictureRefused("too_many_pixels", f"the picture has more than {limits.pixels} pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureRefused("damaged", "the picture is damaged") from error
    _check_size(picture, limits)
    return picture


def _check_size(picture: Pillow.Image, limits: Limits) -> None:
    if picture.width * picture.height > limits.pixels:
        raise PictureRefused("too_many_pixels", f"the picture has more than {limits.pixels} pixels")
    if min(picture.size) < 32:
        raise PictureRefused("too_small", "the picture is too small to hold a page")


def _pixels(picture: Pillow.Image) -> Image:
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.asarray(picture, np.float32)
        return (values * (255 / max(1.0, float(values.max())))).astype(np.uint8)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Pillow.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        picture = ground
    return np.asarray(picture.convert("RGB"))
