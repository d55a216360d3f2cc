"""API keys on the wire."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.access.roles import Role
from app.access.tables import ApiKey
from app.web.schema import Input, Output
from app.web.types import Id, Instant, Name


class ApiKeyIn(Input):
    """A key to be made: one role, for a bidder its organization, and until when."""

    name: Name
    role: Role
    organization_id: Id | None = None
    expires_at: Instant | None = None


class ApiKeyOut(Output):
    """A key without its secret."""

    id: str
    name: str
    prefix: str
    role: Role
    organization_id: str | None
    created_at: datetime
    expires_at: datetime | None
    disabled_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        """From its row."""
        return cls.model_validate(key)


class NewApiKeyOut(ApiKeyOut):
    """A key with its secret, once."""

    key: str = Field(description="The key itself: shown here and never again")
