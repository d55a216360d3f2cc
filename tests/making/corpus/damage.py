"""Damage by scanning and photographing: noise, blur, tilt, turns, low resolution, pale ink, shadows, perspective,
watermarks.
"""

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.making.corpus.drawing import font_files

Matrix = np.ndarray
Damaged = tuple[Image.Image, Matrix]  # the picture, and the map from the clean picture's pixels to its own
_SAME = np.eye(3)


def clean(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return picture, _SAME


def grey(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return picture.convert("L"), _SAME


def bilevel(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return picture.convert("L").point(lambda v: 255 if v > 160 else 0).convert("1"), _SAME


def noise(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    pixels = np.asarray(picture.convert("L"), np.float32) + rng.normal(0, 18, (picture.height, picture.width))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), _SAME


def pale(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return Image.fromarray((np.asarray(picture.convert("L"), np.float32) * 0.32 + 140).astype(np.uint8)), _SAME


def low_resolution(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    small = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.BILINEAR)
    return as_jpeg(small, 55), np.diag([2 / 3, 2 / 3, 1.0])


def tilted(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return rotated(picture, float(rng.uniform(1.0, 3.2)) * (1 if rng.random() < 0.5 else -1))


def quarter(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    width, height = picture.size
    if rng.random() < 0.5:
        return picture.transpose(Image.Transpose.ROTATE_90), np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], float)
    return picture.transpose(Image.Transpose.ROTATE_270), np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], float)


def upside_down(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    return picture.transpose(Image.Transpose.ROTATE_180), np.array(
        [[-1, 0, picture.width - 1], [0, -1, picture.height - 1], [0, 0, 1]], float
    )


def photo(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Photograph the sheet on a desk, askew, with a shadow over a part."""
    width, height = picture.size
    pad = 0.09
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    jitter = rng.uniform(-0.028, 0.028, (4, 2)) * (width, height)
    out_width, out_height = int(width * (1 + 2 * pad)), int(height * (1 + 2 * pad))
    target = (source + np.array([width * pad, height * pad]) + jitter).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    desk = np.full((out_height, out_width, 3), (118, 96, 78), np.uint8) + rng.integers(
        0, 12, (out_height, out_width, 1), dtype=np.uint8
    )
    sheet = cv2.warpPerspective(
        np.asarray(picture.convert("RGB")),
        matrix,
        (out_width, out_height),
        dst=desk.copy(),
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    edge = np.linspace(0, 1, out_width)[None, :] + np.linspace(-0.4, 0.4, out_height)[:, None]
    shade = 1 - 0.35 / (1 + np.exp(-(edge - 0.75) * 18))
    return as_jpeg(Image.fromarray(np.clip(sheet * shade[:, :, None], 0, 255).astype(np.uint8)), 82), matrix


def watermark(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    layer = Image.new("L", (picture.width * 2, picture.height * 2), 0)
    draw, face = ImageDraw.Draw(layer), ImageFont.truetype(font_files()[1], picture.width // 20)
    for y in range(0, layer.height, picture.height // 4):
        for x in range(0, layer.width, picture.width // 2):
            draw.text((x, y), "仅限投标使用", font=face, fill=70)
    turned = layer.rotate(30).crop(
        (picture.width // 2, picture.height // 2, picture.width * 3 // 2, picture.height * 3 // 2)
    )
    pixels = np.asarray(picture.convert("RGB"), np.int16) - np.asarray(turned, np.int16)[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), _SAME


def rotated(picture: Image.Image, degrees: float) -> Damaged:
    matrix = np.vstack([cv2.getRotationMatrix2D((picture.width / 2, picture.height / 2), degrees, 1.0), [0, 0, 1]])
    pixels = cv2.warpPerspective(
        np.asarray(picture.convert("RGB")), matrix, picture.size, borderValue=(250, 250, 250), flags=cv2.INTER_CUBIC
    )
    return as_jpeg(Image.fromarray(pixels), 70), matrix


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue()))


Harm = Callable[[Image.Image, np.random.Generator], Damaged]

EASY: tuple[Harm, ...] = (clean, grey, bilevel, tilted)
HARD: tuple[Harm, ...] = (
    noise,
    pale,
    low_resolution,
    quarter,
    upside_down,
    photo,
    watermark,
)
