"""Make pictures of pages upright and clear: turning, deskewing, flattening photos, removing red ink, finding rulings.

Every step is a projective map; `Straightened.matrix` maps pixels of the picture as shown to pixels of the working
picture.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.evidence.reading.layout.page import Box, Ruling
from app.evidence.reading.recognition.ocr import Image, Quads

Matrix = npt.NDArray[Any]

_RED_SHARE = 0.0008  # of all pixels; less red ink covers nothing
_SHADES_APART = 30  # of 255: between ink and seal, and between seal and paper
_TILT = 0.35  # degrees; less needs no turning


@dataclass(slots=True)
class Straightened:
    """The working picture (RGB or grey) and the map to it from the picture as shown."""

    image: Image
    matrix: Matrix


_INK, _SPECKS = 0.7, 0.003  # of the paper's brightness; share of a blank page that dust may darken


def as_shown(image: Image) -> Straightened:
    """Return the picture unchanged."""
    return Straightened(image, np.eye(3))


def warp(before: Straightened, matrix: Matrix, width: int, height: int) -> Straightened:
    """Return the picture after one more map."""
    flat = cv2.warpPerspective(
        before.image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Straightened(flat.astype(np.uint8), matrix @ before.matrix)


def turn(before: Straightened, quarters: int) -> Straightened:
    """Return the picture turned clockwise by quarter turns."""
    height, width = before.image.shape[:2]
    matrix = np.eye(3)
    for _ in range(quarters % 4):
        matrix = np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], float) @ matrix
        height, width = width, height
    return Straightened(np.ascontiguousarray(np.rot90(before.image, -quarters)), matrix @ before.matrix)


def rotation(width: int, height: int, degrees: float) -> Matrix:
    """Return a rotation about the middle of the picture, clockwise degrees."""
    flat = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.vstack([flat, [0, 0, 1]])


def map_points(matrix: Matrix, points: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Map points (n x 2)."""
    flat = np.asarray(points, np.float64).reshape(-1, 2)
    out = np.c_[flat, np.ones(len(flat))] @ matrix.T
    return np.asarray(out[:, :2] / out[:, 2:3], np.float64)


def map_quads(matrix: Matrix, quads: Quads) -> Quads:
    """Map quadrangles."""
    return map_points(matrix, quads).reshape(-1, 4, 2).astype(np.float32) if len(quads) else quads


def box_back(matrix: Matrix, box: Box, width: int, height: int) -> Box:
    """Map a box of the working picture back to a box 0..1 of the picture as shown (hull of the mapped corners)."""
    x0, y0, x1, y1 = box
    corners = map_points(np.linalg.inv(matrix), np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0] / width), float(low[1] / height), float(high[0] / width), float(high[1] / height)


def side_lengths(quads: Quads) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return lengths across and down of quadrangles."""
    across = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    down = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return across, down


def tilt(quads: Quads) -> float:
    """Return the degrees by which the lines of text fall to the right, weighted by length; 0 when too few are long
    enough.

    Where some lines are nearly level, slanted ones (watermarks of any size) are ignored.
    """
    if len(quads) == 0:
        return 0.0
    across, down = side_lengths(quads)
    run = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    angles = np.degrees(np.arctan2(run[:, 1], run[:, 0]))
    long = across > 4 * down
    level = (across > 2 * down) & (np.abs(angles) < 12)
    chosen = long & level if (long & level).sum() >= 2 else level if level.sum() >= 3 else long
    if chosen.sum() < 2:
        return 0.0
    angles, weights = angles[chosen], across[chosen]
    order = np.argsort(angles)
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(angles[order][min(middle, len(order) - 1)])


def needs_turn(degrees: float) -> bool:
    """Whether lines are so tilted that rows would overlap."""
    return abs(degrees) > _TILT


def paper(image: Image) -> npt.NDArray[Any] | None:
    """Return the corners of a sheet photographed on a background, clockwise from the top left; None when the sheet
    fills the picture.
    """
    height, width = image.shape[:2]
    scale = 640 / max(height, width)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    best: npt.NDArray[Any] | None = None
    most = 0.25 * small.shape[0] * small.shape[1]
    for mask in _paper_masks(small):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            shape = cv2.approxPolyDP(cv2.convexHull(contour), 0.02 * cv2.arcLength(contour, True), True)
            area = cv2.contourArea(shape)
            if (
                len(shape) == 4
                and most < area < 0.97 * small.shape[0] * small.shape[1]
                and area < 1.06 * cv2.contourArea(cv2.convexHull(contour))
            ):
                best, most = shape.reshape(4, 2).astype(np.float32) / scale, area
    return None if best is None or _along_edges(best, width, height) else _clockwise(best)


def holds(corners: npt.NDArray[Any], quads: Quads) -> bool:
    """Whether flattening is worthwhile: the sheet is askew, and all text lies on it (a drawn frame with text outside is
    not a sheet).
    """
    sheet = corners.astype(np.float32)
    slack = 0.01 * float(np.ptp(sheet[:, 0]))
    ends = [*(quads[:, 0] + quads[:, 3]) / 2, *(quads[:, 1] + quads[:, 2]) / 2]  # of lines, left and right
    if not ends or any(cv2.pointPolygonTest(sheet, (float(x), float(y)), True) < -slack for x, y in ends):
        return False
    sides = np.roll(corners, -1, axis=0) - corners
    slants = [
        abs(sides[0][1] / sides[0][0]),
        abs(sides[2][1] / sides[2][0]),
        abs(sides[1][0] / sides[1][1]),
        abs(sides[3][0] / sides[3][1]),
    ]
    return bool(max(slants) > 0.012)


def _paper_masks(small: Image) -> list[npt.NDArray[Any]]:
    """Return two guesses at the paper: the bright part, and the part of little colour."""
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (5, 5), 0)
    _, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges = cv2.dilate(cv2.Canny(grey, 30, 90), np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    saturation = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[:, :, 1], (5, 5), 0)
    _, plain = cv2.threshold(saturation, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    plain = cv2.morphologyEx(plain, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    return [closed, edges, plain]


def _clockwise(corners: npt.NDArray[Any]) -> npt.NDArray[Any]:
    total, difference = corners.sum(axis=1), np.diff(corners, axis=1).ravel()
    return corners[[total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]]


def _along_edges(corners: npt.NDArray[Any], width: int, height: int) -> bool:
    """Whether the corners are just the picture's own."""
    slack = 0.02 * max(width, height)
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return bool((np.abs(_clockwise(corners) - own) < slack).all())


def flatten(before: Straightened, corners: npt.NDArray[Any]) -> Straightened:
    """Return the sheet with these corners as a rectangle of its own size."""
    wide = int(max(np.linalg.norm(corners[1] - corners[0]), np.linalg.norm(corners[2] - corners[3])))
    high = int(max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1])))
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    return warp(before, cv2.getPerspectiveTransform(corners.astype(np.float32), target), wide, high)


def red_mask(image: Image) -> npt.NDArray[Any] | None:
    """Return a mask of red ink (seals, stamps); None when there is too little to matter."""
    if image.ndim == 2:
        return None
    red, green, blue = (image[:, :, i].astype(np.int16) for i in range(3))
    mask = (red - np.maximum(green, blue) > 35) & (red > 90)
    return mask if mask.mean() > _RED_SHARE else None


def without_red(image: Image, mask: npt.NDArray[Any]) -> Image:
    """Return the red channel with red ink whitened: black print under a seal remains."""
    channel = image[:, :, 0].copy()
    inked = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    paper_white = int(np.percentile(channel, 75))
    channel[inked & (channel > min(150, 0.62 * paper_white))] = paper_white
    return channel


def steep(quads: Quads) -> npt.NDArray[Any]:
    """Return which quadrangles are slanted lines (watermarks): long, and far from level."""
    if len(quads) == 0:
        return np.zeros(0, bool)
    run = (quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]) / 2
    angles = np.abs(np.degrees(np.arctan2(run[:, 1], run[:, 0])))
    across, down = side_lengths(quads)
    return np.asarray((angles > 8) & (angles < 82) & (across > 3 * down), bool)


def without_watermark(image: Image, quads: Quads) -> Image:
    """Return the picture with everything as pale as the slanted lines whitened."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    mask = np.zeros(grey.shape, np.uint8)
    cv2.fillPoly(mask, [q.astype(np.int32) for q in quads], 1)
    inside = grey[mask.astype(bool)]
    white = float(np.percentile(grey, 80))
    inked = inside[inside < 0.93 * white]
    level = float(np.percentile(inked, 25)) if len(inked) > 200 else white
    if level < 0.45 * white:  # as dark as print: brightness cannot separate them
        return grey
    lifted: Image = np.clip(grey.astype(np.float32) * (white / (0.88 * level)), 0, 255).astype(np.uint8)
    return lifted


def scaling(image: Image, largest: int) -> Matrix:
    """Return the map that scales the picture to at most `largest` pixels per side."""
    scale = min(1.0, largest / max(image.shape[:2]))
    return np.diag([scale, scale, 1.0])


def bounded(image: Image, largest: int) -> Image:
    """Return the picture with no side over `largest` pixels."""
    scale = scaling(image, largest)[0, 0]
    return (
        image
        if scale == 1.0
        else np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    )


def with_contrast(image: Image) -> Image:
    """Stretch a pale scan to the whole range of brightness; return others unchanged."""
    small = image[::8, ::8]
    dark, white = float(np.percentile(small, 0.5)), float(np.percentile(small, 90))
    if white - dark > 140 or white - dark < 12:
        return image
    stretched: Image = np.clip((image.astype(np.float32) - dark) * (245 / (white - dark)), 0, 255).astype(np.uint8)
    return stretched


def even_light(image: Image) -> Image:
    """Remove shadows and low contrast: each spot is divided by the brightness of the paper around it."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 31)
    ground = cv2.resize(ground, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    flat: Image = np.clip(grey.astype(np.float32) * 255 / np.maximum(ground.astype(np.float32), 1), 0, 255)
    dark = float(np.percentile(flat, 0.5))
    stretched: Image = np.clip((flat - dark) * 255 / max(1.0, 255 - dark), 0, 255).astype(np.uint8)
    return stretched


def darkest_ink(grey: Image) -> Image | None:
    """Return a grey crop with only the darkest ink on white: print under a seal scanned in grey. None unless there are
    three well separated shades (ink, seal, paper).

    The shades are separated by the two thresholds with the greatest variance between classes (Otsu 1979).
    """
    counts = np.bincount(grey.ravel(), minlength=256).astype(float)
    share, mass = np.cumsum(counts) / counts.sum(), np.cumsum(counts * np.arange(256)) / counts.sum()
    levels = np.arange(8, 250, 4)
    low, high = levels[:, None], levels[None, :]
    shares = np.stack(np.broadcast_arrays(share[low], share[high] - share[low], 1 - share[high]))
    masses = np.stack(np.broadcast_arrays(mass[low], mass[high] - mass[low], mass[-1] - mass[high]))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = masses / shares
        between = np.where((shares.min(axis=0) > 0.01) & (low < high), (masses * means).sum(axis=0), -1.0)
    at = np.unravel_index(int(between.argmax()), between.shape)
    ink, seal, paper = (float(m[at]) for m in means)
    if between[at] < 0 or seal - ink < _SHADES_APART or paper - seal < _SHADES_APART:
        return None
    floor, ceiling = float(np.percentile(grey, 1)), 1.15 * float(levels[at[0]])
    lifted: Image = np.clip((grey.astype(np.float32) - floor) * (255 / max(1.0, ceiling - floor)), 0, 255)
    return lifted.astype(np.uint8)


def cut(image: Image, quad: npt.NDArray[Any]) -> Image:
    """Return the part of the picture inside a quadrangle, rectified."""
    across = max(float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[2] - quad[3])), 1.0)
    down = max(float(np.linalg.norm(quad[3] - quad[0])), float(np.linalg.norm(quad[2] - quad[1])), 1.0)
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    return np.asarray(
        cv2.warpPerspective(
            image, matrix, (int(across) or 1, int(down) or 1), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def rulings(image: Image) -> tuple[list[Ruling], list[Ruling]]:
    """Return horizontal and vertical rulings of an upright picture, in its pixels."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, 1400 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 8)
    return _lines(ink, scale, across=True), _lines(ink, scale, across=False)


def _lines(ink: npt.NDArray[Any], scale: float, *, across: bool) -> list[Ruling]:
    """Find long thin runs of ink in one direction; small breaks are closed first."""
    long = max(24, max(ink.shape) // (24 if across else 40))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3) if across else (3, 1), np.uint8))
    kept = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, long) if across else (long, 1), np.uint8))
    kept = cv2.dilate(kept, np.ones((3, 1) if across else (1, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    thick = max(8, max(ink.shape) // 110)
    out = []
    for x, y, w, h, _ in stats[1:count].tolist():
        if across and h <= thick and w > 3 * h:
            out.append(Ruling(x / scale, (y + h / 2) / scale, (x + w) / scale, (y + h / 2) / scale))
        elif not across and w <= thick and h > 3 * w:
            out.append(Ruling((x + w / 2) / scale, y / scale, (x + w / 2) / scale, (y + h) / scale))
    return out


def inked(image: Image) -> bool:
    """Whether a picture shows more than blank paper: more than specks are much darker than most of it."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return float((grey < _INK * float(np.percentile(grey, 90))).mean()) > _SPECKS
