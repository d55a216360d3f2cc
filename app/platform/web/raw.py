"""A JSON body as bytes, for routes that share their parser with the command line."""

from typing import Annotated, Any

from fastapi import Depends, Request

from app.platform.problems import UnsupportedMediaType


async def _json_bytes(request: Request) -> bytes:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given and given != "application/json" and not given.endswith("+json"):
        raise UnsupportedMediaType("application/json is expected")
    return await request.body()


JsonBytes = Annotated[bytes, Depends(_json_bytes)]


def json_body(schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    """Return the `openapi_extra` that describes such a body."""
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}
