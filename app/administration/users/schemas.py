"""Wire formats of accounts and sessions."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.administration.users.tables import User, UserSession
from app.bidders.account_notices.schemas import AccountNoticeOut
from app.platform.access.roles import Principal, Role, Stage
from app.platform.web.schema import Input, Output
from app.platform.web.types import Chars, Id, Name


def _short_enough(login: str) -> str:
    if len(normal_login(login)) > LONGEST_LOGIN:
        raise PydanticCustomError("login_length", "User name must have 1 to 64 characters")
    return login


LONGEST_LOGIN = 64
Login = Annotated[str, Chars(1, LONGEST_LOGIN, r"^[^\s@/:]+(@[^\s@/:]+)?$"), AfterValidator(_short_enough)]
Password = Annotated[str, Chars(1, 256), Field(repr=False, json_schema_extra={"format": "password"})]
Code = Annotated[str, Chars(6, 32)]
Lots = Annotated[tuple[Id, ...], Field(max_length=500)]
PersonRole = Literal[Role.OFFICER, Role.EVALUATOR, Role.BIDDER, Role.AUDITOR, Role.ADMIN]


def normal_login(login: str) -> str:
    """Normalise a user name."""
    return unicodedata.normalize("NFKC", login).casefold()


class UserIn(Input):
    """A user account to create: user name, role, and a bidder's organization or an evaluator's lots."""

    login: Login
    name: Name
    role: PersonRole
    organization_id: Id | None = None
    lots: Lots = ()


class UserChange(Input):
    """Changes to an account; omitted members stay."""

    name: Name | None = None
    role: PersonRole | None = None
    organization_id: Id | None = None
    lots: Lots | None = None
    disabled: bool | None = None


class UserOut(Output):
    """A user account, without credentials."""

    id: str
    login: str
    name: str
    role: Role
    organization_id: str | None
    lots: list[str]
    second_factor: bool
    password_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: User) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            login=row.login,
            name=row.name,
            role=Role(row.role),
            organization_id=row.organization_id,
            lots=row.lots,
            second_factor=row.totp_since is not None,
            password_until=row.password_until,
            disabled_at=row.disabled_at,
            created_at=row.created_at,
            version=row.version,
        )


class NewUserOut(UserOut):
    """A user account with its initial password, shown once."""

    password: str = Field(
        description="Initial password, shown only once; the owner must change it before `passwordUntil`"
    )


class LoginIn(Input):
    """User name, password and, with a second factor, its code or a recovery code."""

    login: Annotated[str, Chars(1, 64)]
    password: Password
    code: Annotated[Code | None, Field(repr=False)] = None


class PasswordIn(Input):
    """The current password."""

    password: Password


class PasswordChange(PasswordIn):
    """The current and the new password."""

    new_password: Password


class CodeIn(Input):
    """A code from the app."""

    code: Code


class ProvedCode(PasswordIn):
    """The current password and a code."""

    code: Code


class AccountOut(Output):
    """The logged-in account, its login stage, and the CSRF token of the session."""

    user: UserOut
    session: str
    stage: Stage = Field(
        description="`full`; `password`: the password must be changed first; `enrol`: a second factor must be enrolled first"
    )
    csrf_token: str = Field(description="Send as `X-CSRF-Token` with every change")
    notices: list[AccountNoticeOut] = Field(
        description="What admins did to this account, or made for its organization or role, in the last 180 days"
    )


class EnrolmentOut(Output):
    """The secret for an authenticator app; shown once."""

    secret: str
    address: str


class RecoveryCodesOut(Output):
    """Single-use recovery codes for a lost device; shown once."""

    recovery_codes: list[str]
    csrf_token: str


class SessionOut(Output):
    """A session."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    network_address: str | None
    client: str | None
    current: bool

    @classmethod
    def of(cls, row: UserSession, principal: Principal) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            network_address=row.network_address,
            client=row.client,
            current=row.id == principal.session_id,
        )
