"""Coordinates of a page: from PDF user space to the upright frame in which text is read, and on to what a viewer shows."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.evidence.reading.layout.page import Box

Sides = npt.NDArray[np.float64]  # rows of four
Side = TypeVar("Side", float, npt.NDArray[np.float64])


class Frame:
    """Converts PDF user space to the upright frame (points, y down) and boxes of the frame to the viewer's 0..1."""

    def __init__(self, bounds: Box, page_turn: int, text_turn: int = 0) -> None:
        """`bounds` is the visible box in user space, `page_turn` the page's /Rotate in quarter turns, `text_turn` the
        orientation of the text.
        """
        self.bounds, self.page_turn, self.text_turn = bounds, page_turn % 4, text_turn % 4
        wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
        self.turn = (self.page_turn + self.text_turn) % 4
        self.width, self.height = (high, wide) if self.turn % 2 else (wide, high)

    def place(self, left: Side, bottom: Side, right: Side, top: Side) -> tuple[Side, Side, Side, Side]:
        """Convert a box of user space to the frame; or many, with their sides as arrays."""
        x0, y0, x1, y1 = self.bounds
        if self.turn == 0:
            return left - x0, y1 - top, right - x0, y1 - bottom
        if self.turn == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self.turn == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        return y1 - top, x1 - right, y1 - bottom, x1 - left

    def place_all(self, sides: Sides) -> Sides:
        """Convert many boxes: rows of left, bottom, right, top in, rows of boxes out."""
        places = np.empty_like(sides)
        places.T[:] = self.place(*sides.T)
        return places

    def view(self, box: Box) -> Box:
        """Convert a box of the frame to 0..1 as the viewer shows it."""
        a, b, c, d = box[0] / self.width, box[1] / self.height, box[2] / self.width, box[3] / self.height
        return turn_box((a, b, c, d), -self.text_turn)


def turn_box(box: Box, quarters: int) -> Box:
    """Return a box in 0..1 after turning its page clockwise by quarter turns."""
    a, b, c, d = box
    for _ in range(quarters % 4):
        a, b, c, d = 1 - d, a, 1 - b, c
    return a, b, c, d
