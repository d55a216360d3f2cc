"""Limits per uploaded file; beyond them the file is kept and marked with the limit's name."""

import time
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits per file: bytes, pages, pixels per page, cells of a table file, seconds and bytes of memory of the child
    that reads it.
    """

    file_bytes: int = 100 * MIB
    pages: int = 200
    pixels: int = 40_000_000
    unpacked_bytes: int = 64 * MIB
    unpacked_ratio: int = 50
    cells: int = 2_000_000
    roster_rows: int = 20_000
    text_seconds: float = 20.0
    page_seconds: float = 10.0
    text_memory: int = 512 * MIB
    ocr_seconds: float = 300.0
    ocr_page_seconds: float = 30.0
    ocr_memory: int = 1228 * MIB
    answer_bytes: int = 32 * MIB
    open_files: int = 64
    tasks_per_child: int = 200

    def recognition_seconds(self, pages: int) -> float:
        """Return the CPU seconds that a child may take to recognise this many pages."""
        return min(self.ocr_seconds, 20.0 + self.ocr_page_seconds * pages)


class Budget:
    """CPU time for recognising the pages of one file, slightly less than the limit at which the kernel ends the child."""

    _SHARE = 0.85

    def __init__(self, limits: Limits, pages: int) -> None:
        self._end = time.process_time() + self._SHARE * limits.recognition_seconds(pages)

    def spent(self) -> bool:
        """Whether the time is used up; pages read so far are kept."""
        return time.process_time() > self._end
