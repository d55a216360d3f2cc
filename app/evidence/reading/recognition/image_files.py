"""Open image files within the limits."""

import io
import warnings

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from app.evidence.reading.limits import Limits
from app.evidence.reading.media import IMAGE_TYPES
from app.evidence.reading.recognition.ocr import Image


class PictureRefused(Exception):
    """The picture cannot be used; the code is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def count_frames(data: bytes, media_type: str, limits: Limits) -> int:
    """Return how many pages the file has."""
    picture = open_image(data, media_type, limits)
    return int(getattr(picture, "n_frames", 1)) if media_type == "image/tiff" else 1


def open_frame(data: bytes, media_type: str, number: int, limits: Limits) -> Image:
    """Return frame `number` (from 0) as RGB or grey, the way a viewer shows it."""
    picture = open_image(data, media_type, limits)
    try:
        if number:
            picture.seek(number)
            _check_size(picture, limits)
        upright = ImageOps.exif_transpose(picture)
        return _pixels(upright)
    except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError) as error:
        raise PictureRefused("damaged", "the picture is damaged") from error


def open_image(data: bytes, media_type: str, limits: Limits) -> Pillow.Image:
    """Open a picture with a fixed format; raises PictureRefused beyond the limits or when it is damaged."""
    if media_type == "image/heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
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
