"""API keys over HTTP."""

from fastapi import Response

from app.administration.api_keys import service
from app.administration.api_keys.schemas import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from app.administration.api_keys.tables import ApiKey
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(prefix="/api-keys", tags=["access"])


@router.post("", status_code=201)
def create_api_key(body: ApiKeyIn, work: Work, response: Response) -> NewApiKeyOut:
    """Create an API key. The response contains the key, which is shown only once."""
    row, key = service.create(work, body.name, body.binding, body.expires_at)
    response.headers["Location"] = f"/api/v1/api-keys/{row.id}"
    return NewApiKeyOut(**ApiKeyOut.of(row).model_dump(by_alias=False), key=key)


@router.get("")
def list_api_keys(work: Work, paging: Paging) -> Page[ApiKeyOut]:
    """List all API keys, without their secrets."""
    return paging.page(work.session, service.listing(), key=ApiKey.id, view=ApiKeyOut.of)


@router.delete("/{key_id}")
def revoke_api_key(key_id: Id, work: Work) -> ApiKeyOut:
    """Revoke an API key immediately."""
    return ApiKeyOut.of(service.revoke(work, key_id))
