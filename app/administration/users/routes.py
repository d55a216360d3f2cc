"""User accounts, one's own account and sessions over HTTP."""

from fastapi import Request, Response

from app.administration.users import account, cookies, login, service, sessions
from app.administration.users.schemas import (
    AccountOut,
    CodeIn,
    EnrolmentOut,
    LoginIn,
    NewUserOut,
    PasswordChange,
    PasswordIn,
    ProvedCode,
    RecoveryCodesOut,
    SessionOut,
    UserChange,
    UserIn,
    UserOut,
)
from app.administration.users.tables import User, UserSession
from app.bidders.account_notices.service import notices_of
from app.platform.access.roles import Role
from app.platform.unit_of_work import Platform, UnitOfWork, Work
from app.platform.web.paging import Page, Paging
from app.platform.web.preconditions import IfMatch, etag, require_match
from app.platform.web.routing import Router
from app.platform.web.sender import Sender
from app.platform.web.types import Id

router = Router(tags=["users"])


@router.post("/users", status_code=201)
def create_user(body: UserIn, work: Work, response: Response) -> NewUserOut:
    """Create a user account. The response contains its initial password, which is shown only once."""
    made = service.create(work, body)
    response.headers["Location"] = f"/api/v1/users/{made.user.id}"
    return _given_out(made, response)


@router.get("/users")
def list_users(work: Work, paging: Paging) -> Page[UserOut]:
    """List all user accounts."""
    return paging.page(work.session, service.listing(), key=User.id, view=UserOut.of)


@router.get("/users/{user_id}")
def read_user(user_id: Id, work: Work, response: Response) -> UserOut:
    """Read a user account."""
    return _shown(service.find(work, user_id), response)


@router.patch("/users/{user_id}")
def change_user(user_id: Id, body: UserChange, work: Work, if_match: IfMatch, response: Response) -> UserOut:
    """Change name, role, lots or organization, or disable or enable the account. Sessions end if the rights change."""
    user = service.find(work, user_id)
    require_match(if_match, user.version)
    return _shown(service.change(work, user, body), response)


@router.post("/users/{user_id}/reset")
def reset_user(user_id: Id, work: Work, response: Response) -> NewUserOut:
    """Reset the password. The second factor is removed and all sessions end."""
    return _given_out(service.reset(work, user_id), response)


@router.get("/account")
def read_account(work: Work, request: Request) -> AccountOut:
    """Read the logged-in account, and the CSRF token required for changes in this session."""
    token = cookies.session_token(work.settings, request.headers.get("cookie", ""))
    return _account(work, token)


@router.post("/account/password")
def change_own_password(body: PasswordChange, work: Work, response: Response) -> AccountOut:
    """Change one's own password; all other sessions end."""
    token = account.change_password(work, body.password, body.new_password)
    cookies.give(response, work.settings, token)
    return _account(work, token)


@router.post("/account/second-factor")
def begin_second_factor(body: PasswordIn, work: Work) -> EnrolmentOut:
    """Create a secret for an authenticator app; it takes effect once confirmed."""
    begun = account.begin_second_factor(work, body.password)
    return EnrolmentOut(secret=begun.secret, address=begun.address)


@router.post("/account/second-factor/confirmation")
def confirm_second_factor(body: CodeIn, work: Work, response: Response) -> RecoveryCodesOut:
    """Confirm the second factor with a code from the app. The response contains the recovery codes."""
    codes, token = account.confirm_second_factor(work, body.code)
    cookies.give(response, work.settings, token)
    return RecoveryCodesOut(recovery_codes=codes, csrf_token=cookies.csrf_token(work.platform.keyring, token))


@router.post("/account/second-factor/removal")
def remove_second_factor(body: ProvedCode, work: Work, response: Response) -> AccountOut:
    """Remove the second factor; all other sessions end."""
    token = account.remove_second_factor(work, body.password, body.code)
    cookies.give(response, work.settings, token)
    return _account(work, token)


@router.post("/sessions", status_code=201)
def log_in(body: LoginIn, request: Request, sender: Sender, response: Response) -> AccountOut:
    """Log in. The response sets the session cookie and contains its CSRF token."""
    platform: Platform = request.state.platform
    before = cookies.session_token(platform.settings, request.headers.get("cookie", ""))
    asked = login.Asked(body.login, body.password, body.code, before, sender, request.state.request_id)
    entered = login.log_in(platform, asked)
    cookies.give(response, platform.settings, entered.token)
    with UnitOfWork(platform, entered.principal, request.state.request_id, reading=True) as work:
        return _account(work, entered.token)


@router.get("/sessions")
def list_own_sessions(work: Work, paging: Paging) -> Page[SessionOut]:
    """List one's own sessions."""
    own = sessions.own(work)
    return paging.page(work.session, own, key=UserSession.id, view=lambda row: SessionOut.of(row, work.principal))


@router.delete("/sessions/current")
def log_out(work: Work, response: Response) -> SessionOut:
    """Log out: end the current session."""
    cookies.take_back(response, work.settings)
    return SessionOut.of(sessions.end(work, work.principal.session_id or ""), work.principal)


@router.delete("/sessions/{session_id}")
def end_own_session(session_id: Id, work: Work) -> SessionOut:
    """End one of one's own sessions."""
    return SessionOut.of(sessions.end(work, session_id), work.principal)


def _shown(user: User, response: Response) -> UserOut:
    response.headers["ETag"] = etag(user.version)
    return UserOut.of(user)


def _given_out(made: service.GivenOut, response: Response) -> NewUserOut:
    shown = _shown(made.user, response)
    return NewUserOut(**shown.model_dump(by_alias=False), password=made.password)


def _account(work: UnitOfWork, token: str) -> AccountOut:
    user = account.own(work)
    given_out, enrolled = user.password_until is not None, user.totp_since is not None
    return AccountOut(
        user=UserOut.of(user),
        session=work.principal.session_id or "",
        stage=sessions.stage_of(work.platform, Role(user.role), given_out, enrolled),
        csrf_token=cookies.csrf_token(work.platform.keyring, token),
        notices=notices_of(work, user.id, user.organization_id, Role(user.role)),
    )
