"""File uploads: one multipart part named `file`; its size is limited before it is parsed, its type found from bytes."""

from typing import Annotated

from fastapi import File, UploadFile

Upload = Annotated[UploadFile, File(description="The file; its type is found from its bytes, not from its name.")]
