"""API keys on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from app.administration.api_keys.binding import Binding
from app.administration.api_keys.tables import ApiKey
from app.platform.access.roles import Role
from app.platform.web.schema import Input, Output
from app.platform.web.types import Id, Instant, Name, Token


class ApiKeyIn(Input):
    """An API key to create: its role, the role's binding, and its expiry."""

    name: Name
    role: Role
    organization_id: Annotated[Id | None, Field(description="Of a bidder's key, which only the bidder makes")] = None
    lots: Annotated[tuple[Id, ...], Field(max_length=500, description="An evaluator's")] = ()
    scopes: Annotated[tuple[Token, ...], Field(max_length=50, description="A program's")] = ()
    expires_at: Instant | None = None

    @property
    def binding(self) -> Binding:
        """The binding of the key."""
        return Binding(self.role, self.organization_id, self.lots, self.scopes)


class OwnApiKeyIn(Input):
    """An API key that a bidder creates for its organization."""

    name: Name
    expires_at: Instant | None = None


class ApiKeyOut(Output):
    """An API key without its secret."""

    id: str
    name: str
    prefix: str
    role: Role
    organization_id: str | None
    lots: list[str]
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    disabled_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        """Build from its row; when a bidder's key was used is shown to the bidder only."""
        shown = cls.model_validate(key)
        return shown.model_copy(update={"last_used_at": None}) if key.role == Role.BIDDER else shown

    @classmethod
    def own(cls, key: ApiKey) -> Self:
        """Build from the row of a bidder's own key."""
        return cls.model_validate(key)


class NewApiKeyOut(ApiKeyOut):
    """A new API key with its secret, shown once."""

    key: str = Field(description="The API key; shown only once")
