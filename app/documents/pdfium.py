"""PDFium with fonts for Chinese text that a PDF names but does not embed: without one, pages show blank and single characters are lost."""

import ctypes
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
from pypdfium2 import raw

_SYSTEM_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")


@lru_cache(maxsize=1)
def set_up() -> tuple[object, ...]:
    """Start PDFium again with the font folders; once a process, before any document is opened. The result keeps the paths alive."""
    folders = [str(Path(fonts.serif_path()).parent), *(f for f in _SYSTEM_FONTS if Path(f).is_dir())]
    paths = tuple(ctypes.create_string_buffer(f.encode()) for f in folders)
    pointers = (ctypes.POINTER(ctypes.c_char) * (len(paths) + 1))()  # ends with a null pointer
    for index, path in enumerate(paths):
        pointers[index] = ctypes.cast(path, ctypes.POINTER(ctypes.c_char))
    raw.FPDF_DestroyLibrary()
    raw.FPDF_InitLibraryWithConfig(
        raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointers, m_pIsolate=None, m_v8EmbedderSlot=0)
    )
    return (*paths, pointers)
