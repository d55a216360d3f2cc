"""Uploaded documents 文件: readers, extraction, page and box of each value."""
