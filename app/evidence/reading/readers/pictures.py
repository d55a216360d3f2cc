"""Read picture files: opened by Pillow with a fixed format, bounded in pixels, turned according to EXIF, one page per
frame.
"""

from app.evidence.reading import provenance
from app.evidence.reading.certificates.grouping import finish
from app.evidence.reading.layout.page import Page
from app.evidence.reading.limits import Budget, Limits
from app.evidence.reading.recognition.image_files import PictureRefused, count_frames, open_frame, open_image
from app.evidence.reading.recognition.recognise import recognise
from app.evidence.reading.record import REJECTED, Extraction


def read_pictures(data: bytes, out: Extraction, limits: Limits) -> None:
    """Read every frame as a page."""
    try:
        frames = count_frames(data, out.media_type, limits)
        out.pages = frames
        if frames > limits.pages:
            out.doubt("too_many_pages", f"the file has {frames} pages; the first {limits.pages} were read")
        pages: list[Page] = []
        budget = Budget(limits, frames)
        for number in range(min(frames, limits.pages)):
            if budget.spent():
                left = min(frames, limits.pages) - number
                out.doubt(
                    "time_limit", f"{left} pages were not recognised: reading them would take longer than allowed"
                )
                break
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
    """Record camera or program, and the time, from the EXIF data."""
    exif = open_image(data, out.media_type, limits).getexif()
    said = {tag: str(exif.get(tag, "")).replace("\x00", "") for tag in (271, 272, 305, 306, 315)}
    producer = " ".join(said[t] for t in (271, 272, 305) if said[t])
    provenance.note(out, producer=producer, author=said[315], created_at=said[306])
