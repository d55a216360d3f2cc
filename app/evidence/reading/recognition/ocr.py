"""The recogniser: PP-OCR models from rapidocr's wheel on onnxruntime, offline, one thread, loaded on first use in a
child.

Only this file depends on the library. It detects lines of text (quadrangles) and reads each into characters with
individual scores and positions, so that a field can be read again under constraints (`allowed`) and the checks can
choose among alternatives that the picture supports.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[Any]  # height x width, or height x width x 3 (red, green, blue), bytes
Quads = npt.NDArray[Any]  # n x 4 x 2, corners clockwise from the top left

DETECT_SIDE = 1088  # pixels of the longer side for line detection; chosen by our accuracy table
MODELS = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
VERSION = "rapidocr PP-OCRv6 small"
_HEIGHT = 48
SQUEEZE = 0.85  # fraction of a line's natural width used at first; a second reading uses all of it
_WIDEST = 3200
_FORM_SHARE = 0.001  # fraction of a traditional form's score that the simplified one needs to replace it


class ModelsChanged(Exception):
    """The installed models are not those whose accuracy was measured."""


@dataclass(slots=True)
class Reading:
    """One line as read: characters, the score of each, and the middle of each as a fraction of the line's length."""

    chars: list[str]
    scores: list[float]
    middles: list[float]

    @property
    def text(self) -> str:
        """Return the characters joined."""
        return "".join(self.chars)

    @property
    def mean(self) -> float:
        """Return the mean score, without punctuation where there is more; 0 for nothing."""
        return mean_score("".join(self.chars), self.scores)


def mean_score(chars: str, scores: list[float]) -> float:
    """Return the mean of the scores of letters, figures and ideographs; of all where there are no such."""
    telling = [s for c, s in zip(chars, scores, strict=False) if c.isalnum()] or scores
    return sum(telling) / len(telling) if telling else 0.0


def _models() -> Path:
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    for name, pinned in MODELS.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != pinned:
            raise ModelsChanged(f"{name} is not the model this version was measured with")
    return folder


class Recogniser:
    """Detects and reads lines."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        folder = _models()
        engine = "EngineConfig.onnxruntime"
        settings = {
            "Global.log_level": "critical", "Global.model_root_dir": str(folder),
            f"{engine}.intra_op_num_threads": 1, f"{engine}.inter_op_num_threads": 1,
            "Det.limit_type": "max", "Det.limit_side_len": DETECT_SIDE, "Det.box_thresh": 0.4,
        }  # fmt: skip
        ocr = RapidOCR(params=settings)
        self._finder: Any = ocr._load_det_model()  # type: ignore[no-untyped-call]
        self._reader: Any = ocr._load_rec_model()  # type: ignore[no-untyped-call]
        self._alphabet: list[str] = self._reader.postprocess_op.character
        self._simplified = _simplified(self._alphabet)

    def find(self, image: Image, side: int = DETECT_SIDE) -> Quads:
        """Return quadrangles of lines of text in pixels of the image; RGB or grey."""
        self._finder.limit_side_len = side
        found = self._finder(_three_channels(image))
        return np.zeros((0, 4, 2), np.float32) if found.boxes is None else np.asarray(found.boxes, np.float32)

    def read(self, line: Image, allowed: str | None = None, squeeze: float = 1.0) -> Reading:
        """Read a cropped line; with `allowed` only those characters are considered."""
        return self._decode(self._probabilities(line, squeeze), allowed)

    def _probabilities(self, line: Image, squeeze: float) -> npt.NDArray[np.float32]:
        import cv2

        height, width = line.shape[:2]
        wide = min(_WIDEST, max(16, math.ceil(squeeze * _HEIGHT * width / max(1, height))))
        sized = cv2.resize(
            _three_channels(line),
            (wide, _HEIGHT),
            interpolation=cv2.INTER_AREA if height > 1.5 * _HEIGHT else cv2.INTER_LINEAR,
        )
        batch = (sized.astype(np.float32).transpose(2, 0, 1)[None] / 127.5) - 1.0
        result: npt.NDArray[np.float32] = self._reader.session(np.ascontiguousarray(batch))[0]
        return result

    def _decode(self, probabilities: npt.NDArray[np.float32], allowed: str | None) -> Reading:
        """Decode greedily (CTC): the most likely symbol per step, repeats and blanks dropped."""
        if allowed is not None:
            keep = self._positions(allowed)
            likeliest = np.asarray(keep)[probabilities[:, keep].argmax(axis=1)]
        else:
            likeliest = probabilities.argmax(axis=1)
        steps = len(likeliest)
        out = Reading([], [], [])
        last = 0
        start = 0
        for step, sign in enumerate([*likeliest.tolist(), -1]):
            if sign == last and step < steps:
                continue
            if last != 0 and self._alphabet[last].strip():
                char, score = self._likelier_form(probabilities[start:step], last)
                out.chars.append(char)
                out.scores.append(score)
                out.middles.append((start + step) / 2 / steps)
            last, start = sign, step
        return out

    def _likelier_form(self, steps: npt.NDArray[np.float32], sign: int) -> tuple[str, float]:
        """Return the character with its score; a traditional form is replaced by the simplified one when the picture
        supports that at all.
        """
        score = float(steps[:, sign].max())
        other = self._simplified.get(sign)
        if other is not None and float(steps[:, other].max()) > _FORM_SHARE * score:
            return self._alphabet[other], min(1.0, score + float(steps[:, other].max()))
        return self._alphabet[sign], score

    @lru_cache(maxsize=8)  # noqa: B019 - one recogniser lives as long as its child
    def _positions(self, allowed: str) -> tuple[int, ...]:
        return (0, *(i for i, char in enumerate(self._alphabet) if i and char in allowed))


def _simplified(alphabet: list[str]) -> dict[int, int]:
    """Map positions of traditional forms to those of simplified ones: certificates of the mainland print no traditional
    ones.
    """
    import opencc

    converter = opencc.OpenCC("t2s")
    places = {char: i for i, char in enumerate(alphabet)}
    pairs = ((i, converter.convert(char)) for i, char in enumerate(alphabet) if i and len(char) == 1 and char != "乾")
    return {i: places[simple] for i, simple in pairs if simple in places and places[simple] != i}


def _three_channels(image: Image) -> Image:
    """Return blue, green, red as the models were trained; grey is repeated."""
    if image.ndim == 2:
        return np.repeat(image[:, :, None], 3, axis=2)
    return np.ascontiguousarray(image[:, :, ::-1])


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """Return the one recogniser of this process, loaded on first use."""
    return Recogniser()
