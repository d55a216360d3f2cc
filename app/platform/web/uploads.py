"""File uploads: one multipart part named `file`; its size is limited before parsing, its type detected from its bytes."""

from typing import Annotated

from fastapi import File, UploadFile

Upload = Annotated[UploadFile, File(description="The file; its type is detected from its bytes, not from its name.")]
