"""Damage by phone photos and handling: low light, glare, camera shake, curled sheets, seals over the text; by seed."""

import cv2
import numpy as np
from PIL import Image

from tests.making.corpus.damage import Damaged, Harm, as_jpeg, photo, rotated
from tests.making.corpus.drawing import font_files, stamp

_SAME = np.eye(3)
_BODIES = ("苏州市姑苏区民政局", "江苏省民政厅", "杭州市西湖区行政审批局", "成都市武侯区民政局")


def low_light(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Simulate low light: dark, warm, grainy, one side darker."""
    pixels = np.asarray(picture.convert("RGB"), np.float32) / 255
    dark, side = rng.uniform(0.35, 0.6), rng.uniform(0.1, 0.3)
    fall = np.linspace(1 - side, 1, picture.width)[None, :, None]
    lit = pixels**1.2 * fall * dark * np.array([1.0, 0.95, 0.82])
    grain = rng.normal(0, rng.uniform(0.02, 0.04), pixels.shape)
    return as_jpeg(_image(255 * cv2.GaussianBlur((lit + grain).astype(np.float32), (3, 3), 0)), 80), _SAME


def glare(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Simulate a lamp's reflection on a laminated sheet: a round spot where the print turns pale."""
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    high, wide = pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    radius = 0.16 * wide * rng.uniform(0.7, 1.2)
    spot = np.exp(
        -((x - rng.uniform(0.2, 0.8) * wide) ** 2 + (y - rng.uniform(0.2, 0.8) * high) ** 2) / (2 * radius**2)
    )
    share = rng.uniform(0.6, 0.85) * spot[:, :, None]
    return as_jpeg(_image(0.9 * pixels * (1 - share) + 255 * share), 80), _SAME


def soft_focus(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Simulate slight defocus, or movement during exposure."""
    pixels = np.asarray(picture.convert("RGB"))
    if rng.random() < 0.5:
        return as_jpeg(_image(cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.9, 1.6)))), 75), _SAME
    length = int(rng.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turned = cv2.warpAffine(
        kernel, cv2.getRotationMatrix2D((length / 2 - 0.5,) * 2, float(rng.uniform(0, 180)), 1), (length,) * 2
    )
    return as_jpeg(_image(cv2.filter2D(pixels, -1, turned / max(1e-3, turned.sum()))), 75), _SAME


def curled(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Simulate a sheet that does not lie flat: lines bend, and the fold is darker."""
    pixels = np.asarray(picture.convert("RGB"))
    high, wide = pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    wave = np.sin(2 * np.pi * (x / wide * rng.uniform(0.5, 0.9) + rng.uniform(0, 1))).astype(np.float32)
    bent = cv2.remap(
        pixels,
        x,
        y + np.float32(rng.uniform(0.003, 0.007) * high) * wave,
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return as_jpeg(_image(bent * (0.9 + 0.1 * wave[:, :, None])), 80), _SAME


def sealed(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Add a red seal anywhere on the text."""
    return as_jpeg(_stamped(picture, rng), 78), _SAME


def sealed_grey(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Add a seal in a copy without colour."""
    return as_jpeg(_stamped(picture, rng).convert("L"), 75), _SAME


def patterned(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Simulate security paper with a tint and fine waves."""
    high, wide = picture.height, picture.width
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    pitch = rng.uniform(7, 14)
    waves = np.sin(2 * np.pi * (y + 6 * np.sin(2 * np.pi * x / rng.uniform(90, 200))) / pitch)
    ground = np.array(((245, 238, 215), (232, 242, 236), (246, 232, 232))[int(rng.integers(3))], np.float32)
    tint = ground - 12 * (waves[:, :, None] > 0.6)
    return as_jpeg(_image(np.asarray(picture.convert("RGB"), np.float32) * tint / 255), 80), _SAME


def phone(picture: Image.Image, rng: np.random.Generator) -> Damaged:
    """Combine several of these, with the sheet askew on a desk, perhaps on its side."""
    steps = [s for s in (curled, glare, soft_focus) if rng.random() < 0.4]
    for step in steps:
        picture = step(picture, rng)[0]
    picture = photo(picture, rng)[0] if rng.random() < 0.7 else rotated(picture, float(rng.uniform(-6, 6)))[0]
    if rng.random() < 0.5:
        picture = low_light(picture, rng)[0]
    quarters = int(rng.choice([0, 0, 0, 1, 2, 3]))
    return as_jpeg(picture.rotate(90 * quarters, expand=True), int(rng.integers(55, 85))), _SAME


def _stamped(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    stamped = picture.convert("RGB")
    radius = picture.width * float(rng.uniform(0.075, 0.1))
    at = (float(rng.uniform(0.25, 0.75)) * picture.width, float(rng.uniform(0.2, 0.7)) * picture.height)
    stamp(stamped, *at, radius, _BODIES[int(rng.integers(len(_BODIES)))], font_files()[0])
    return stamped


def _image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


PHONE: tuple[Harm, ...] = (
    low_light, glare, soft_focus, curled, sealed, sealed_grey, patterned, phone,
)  # fmt: skip
