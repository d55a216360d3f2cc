"""Check untrusted zip archives: total size and compression ratio are verified before unpacking."""

import zipfile

from app.evidence.reading.limits import Limits

_SMALL = 1024 * 1024  # tiny files compress to extreme ratios without doing harm


class ArchiveRefused(Exception):
    """The archive would unpack to more than the limits allow, or is encrypted."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse encrypted entries, too many entries, and an unpacked size or ratio above the limits."""
    entries = archive.infolist()
    if any(e.flag_bits & 1 for e in entries):
        raise ArchiveRefused("encrypted", "the archive is protected by a password")
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > 5000 or unpacked > limits.unpacked_bytes:
        raise ArchiveRefused("unpacked_too_large", f"unpacks to more than {limits.unpacked_bytes} bytes")
    if unpacked > _SMALL and unpacked > limits.unpacked_ratio * max(1, packed):
        raise ArchiveRefused("unpacked_ratio", f"unpacks to more than {limits.unpacked_ratio} times its size")
