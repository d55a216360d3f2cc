"""Uploaded documents 文件: storage, extraction, manual correction, page images."""
