"""PDF: the text layer, its soundness, repair, and codes on the page."""
