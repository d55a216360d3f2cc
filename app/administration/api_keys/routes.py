"""API keys over HTTP."""

from fastapi import Response

from app.administration.api_keys import service
from app.administration.api_keys.schemas import ApiKeyIn, ApiKeyOut, NewApiKeyOut, OwnApiKeyIn
from app.administration.api_keys.tables import ApiKey
from app.platform.unit_of_work import Work
from app.platform.web.paging import Page, Paging
from app.platform.web.routing import Router
from app.platform.web.types import Id

router = Router(tags=["access"])


@router.post("/api-keys", status_code=201)
def create_api_key(body: ApiKeyIn, work: Work, response: Response) -> NewApiKeyOut:
    """Create an API key of any role but a bidder's. The response contains the key, which is shown only once."""
    row, key = service.create_for_agency(work, body.name, body.binding, body.expires_at)
    response.headers["Location"] = f"/api/v1/api-keys/{row.id}"
    return _new(row, key)


@router.get("/api-keys")
def list_api_keys(work: Work, paging: Paging) -> Page[ApiKeyOut]:
    """List all API keys, without their secrets."""
    return paging.page(work.session, service.listing(), key=ApiKey.id, view=ApiKeyOut.of)


@router.delete("/api-keys/{key_id}")
def revoke_api_key(key_id: Id, work: Work) -> ApiKeyOut:
    """Revoke an API key immediately."""
    return ApiKeyOut.of(service.revoke(work, key_id))


@router.post("/account/api-keys", status_code=201)
def create_own_api_key(body: OwnApiKeyIn, work: Work, response: Response) -> NewApiKeyOut:
    """Create an API key for the organization of the logged-in bidder; shown only once."""
    row, key = service.create_own(work, body.name, body.expires_at)
    response.headers["Location"] = f"/api/v1/account/api-keys/{row.id}"
    return _new(row, key)


@router.get("/account/api-keys")
def list_own_api_keys(work: Work, paging: Paging) -> Page[ApiKeyOut]:
    """List the API keys of the bidder's organization, without their secrets."""
    return paging.page(work.session, service.own(work), key=ApiKey.id, view=ApiKeyOut.own)


@router.delete("/account/api-keys/{key_id}")
def revoke_own_api_key(key_id: Id, work: Work) -> ApiKeyOut:
    """Revoke an API key of the bidder's organization immediately."""
    return ApiKeyOut.of(service.revoke(work, key_id))


def _new(row: ApiKey, key: str) -> NewApiKeyOut:
    return NewApiKeyOut(**ApiKeyOut.of(row).model_dump(by_alias=False), key=key)
