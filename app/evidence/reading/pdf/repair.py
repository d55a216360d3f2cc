"""Try to repair a damaged PDF once: qpdf (by pikepdf) rebuilds what it can find, PDFium tries again."""

import io


def mended(data: bytes) -> bytes | None:
    """Return the file rebuilt from what is left of it, or None when nothing can be found."""
    import pikepdf

    buffer = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=True, suppress_warnings=True) as document:
            if len(document.pages) == 0:
                return None
            document.save(buffer)
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError, ValueError, RuntimeError):
        return None
    return buffer.getvalue()
