"""PDFium with fonts for Chinese text that a PDF names but does not embed: without one, pages show blank and single characters are lost."""

import atexit
import ctypes
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import pypdfium2 as pdfium
from pypdfium2 import raw

_USUAL_FONTS = ("STSongStd-Light/Flags 6/StemV 58", "STSongStd-Light/Flags 4/StemV 58", "STHeiti/Flags 4/StemV 93")


@lru_cache(maxsize=1)
def set_up() -> tuple[Any, ...]:
    """Start PDFium again with the fonts of our own package; once a process, before any document is opened. The result keeps its
    parts alive. The machine's fonts stay out: pages look the same everywhere, and none of its large files is opened for each PDF.
    """
    folders = [str(Path(fonts.serif_path()).parent)]
    paths = tuple(ctypes.create_string_buffer(f.encode()) for f in folders)
    pointers = (ctypes.POINTER(ctypes.c_char) * (len(paths) + 1))()  # ends with a null pointer
    for index, path in enumerate(paths):
        pointers[index] = ctypes.cast(path, ctypes.POINTER(ctypes.c_char))
    raw.FPDF_DestroyLibrary()
    config = raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointers, m_pIsolate=None, m_v8EmbedderSlot=0)
    raw.FPDF_InitLibraryWithConfig(config)
    kept = pdfium.PdfDocument(_page_of_usual_fonts())
    page = kept[0]
    atexit.register(kept.close)
    return (*paths, pointers, kept, page)


def _page_of_usual_fonts() -> bytes:
    """A page with a character of each usual font that is not embedded. PDFium drops a font file (10 MB) with the last document
    that uses it: while this page is open, they stay, which makes opening such a certificate three times as fast."""
    names = " ".join(f"/F{i} {10 + 3 * i} 0 R" for i in range(len(_USUAL_FONTS)))
    text = "BT " + " ".join(f"/F{i} 12 Tf <4E00> Tj" for i in range(len(_USUAL_FONTS))) + " ET"
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<<{names}>>>>>>"
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: page}
    objects[4] = f"<</Length {len(text)}>>stream\n{text}\nendstream"
    for index, font in enumerate(_USUAL_FONTS):
        name, number = font.split("/")[0], 10 + 3 * index
        base = f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/UniGB-UCS2-H/DescendantFonts[{number + 1} 0 R]>>"
        system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        shape = "/Ascent 752/Descent -271/CapHeight 737/ItalicAngle 0/FontBBox[-25 -254 1000 880]"
        objects[number] = base
        objects[number + 1] = (
            f"<</Type/Font/Subtype/CIDFontType0/BaseFont/{name}{system}/FontDescriptor {number + 2} 0 R>>"
        )
        objects[number + 2] = f"<</Type/FontDescriptor/FontName/{font}{shape}>>"
    body = "".join(f"{number} 0 obj\n{content}\nendobj\n" for number, content in objects.items())
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF".encode()
