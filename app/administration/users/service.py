"""Account administration: create, change, disable, reset the password."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from app.administration.api_keys.binding import Binding, require_bound
from app.administration.users import passwords, sessions
from app.administration.users.account import forget_second_factor
from app.administration.users.schemas import UserChange, UserIn, normal_login
from app.administration.users.tables import User
from app.bidders.account_notices.schemas import NoticeKind
from app.bidders.account_notices.service import leave
from app.bidders.organizations.registry import visible as organization_of
from app.platform.access.roles import Role
from app.platform.audit.events import Event
from app.platform.problems import Conflict, Fault, Invalid, NotFound
from app.platform.unit_of_work import UnitOfWork


class UserExists(Conflict):
    """Another account, possibly disabled, has this user name."""

    code, title = "user_exists", "User name already taken"


class LastAdmin(Conflict):
    """At least one enabled admin account must remain."""

    code, title = "last_admin", "Last admin account"


@dataclass(frozen=True, slots=True)
class GivenOut:
    """An account and its generated password, which is not stored."""

    user: User
    password: str


def create(work: UnitOfWork, body: UserIn) -> GivenOut:
    """Create an account with an initial password that must be changed."""
    password = passwords.generated()
    replacement = passwords.hashed(password)  # hashed before the first statement, without a lock
    _require_bound(work, Binding(body.role, body.organization_id, body.lots))
    login = normal_login(body.login)
    if work.session.scalar(select(User.id).where(User.login == login)) is not None:
        raise UserExists
    user = User(
        login=login,
        name=body.name,
        role=body.role.value,
        organization_id=body.organization_id,
        lots=sorted(set(body.lots)),
        password_hash=replacement,
        password_until=_until(work),
        created_by=work.principal.id,
    )
    work.session.add(user)
    work.session.flush()
    _tell_others(work, user, NoticeKind.ACCOUNT_CREATED)
    work.record(Event.ADMIN_USER_CREATE, subject=user.id, after=_shown(user))
    return GivenOut(user, password)


def create_admin(work: UnitOfWork, login: str, name: str) -> GivenOut:
    """Create the first admin; Conflict if one exists."""
    if _admins(work):
        raise Conflict("An admin exists already; admins create further accounts")
    return create(work, UserIn.model_validate({"login": login, "name": name, "role": Role.ADMIN}))


def change(work: UnitOfWork, user: User, body: UserChange) -> User:
    """Change name, role, binding or status. Sessions end if the rights change."""
    before = _shown(user)
    role = body.role or Role(user.role)
    given = body.model_fields_set
    organization_id = body.organization_id if "organization_id" in given else user.organization_id
    lots = user.lots if body.lots is None else sorted(set(body.lots))
    _require_bound(work, Binding(role, organization_id, lots))
    if user.role == Role.ADMIN and (role is not Role.ADMIN or body.disabled):
        _require_another_admin(work, user)
    user.name, user.role, user.organization_id, user.lots = body.name or user.name, role.value, organization_id, lots
    if body.disabled is not None and body.disabled != (user.disabled_at is not None):
        user.disabled_at = work.now if body.disabled else None
    after = _shown(user)
    if after == before:
        return user
    if {**after, "name": ""} != {**before, "name": ""}:
        sessions.end_all(work, user.id)
        _tell(work, user, NoticeKind.ACCOUNT_CHANGED)
        if before["organizationId"] not in (None, user.organization_id):
            leave(work, NoticeKind.ACCOUNT_CHANGED, (user.id, user.name), organization=before["organizationId"])
    work.session.flush()
    work.record(Event.ADMIN_USER_CHANGE, subject=user.id, before=before, after=after)
    return user


def reset(work: UnitOfWork, user_id: str) -> GivenOut:
    """Reset a lost password or device: generate a new password, remove the second factor, end all sessions."""
    password = passwords.generated()
    replacement = passwords.hashed(password)
    user = find(work, user_id)
    user.password_hash, user.password_until = replacement, _until(work)
    forget_second_factor(work, user)
    sessions.end_all(work, user.id)
    _tell(work, user, NoticeKind.LOGIN_RESET)
    work.session.flush()
    work.record(Event.ADMIN_USER_RESET, subject=user.id)
    return GivenOut(user, password)


def set_password(work: UnitOfWork, user: User, password: str) -> None:
    """Set a chosen password, for an operator at the machine: all sessions end, the second factor stays.

    Raises Invalid at `/password` if it is too short or easily guessed.
    """
    passwords.require_good(password, [user.login, user.name], "/password")
    user.password_hash, user.password_until = passwords.hashed(password), None
    sessions.end_all(work, user.id)
    _tell(work, user, NoticeKind.LOGIN_RESET)
    work.session.flush()
    work.record(Event.ADMIN_USER_RESET, subject=user.id, after={"password": "set by the operator"})


def find(work: UnitOfWork, user_id: str) -> User:
    """Return the account, or NotFound."""
    return work.get(User, user_id)


def by_name(work: UnitOfWork, name: str) -> User:
    """Return the account of that id or login, or NotFound."""
    user = work.session.scalar(select(User).where((User.id == name) | (User.login == normal_login(name))))
    if user is None:
        raise NotFound
    return user


def listing() -> Select[User]:
    """Return all accounts, including disabled ones."""
    return select(User)


def _tell(work: UnitOfWork, user: User, kind: NoticeKind) -> None:
    """Leave a notice to the account, with an organization also to the others who act for it."""
    if user.organization_id is None:
        leave(work, kind, (user.id, user.name), user=user.id)
    _tell_others(work, user, kind)


def _tell_others(work: UnitOfWork, user: User, kind: NoticeKind) -> None:
    if user.organization_id is not None:
        leave(work, kind, (user.id, user.name), organization=user.organization_id)


def _until(work: UnitOfWork) -> Any:
    return work.now + timedelta(hours=work.settings.first_password_hours)


def _require_bound(work: UnitOfWork, binding: Binding) -> None:
    require_bound(work, binding)
    try:
        if binding.organization_id is not None:
            organization_of(work, binding.organization_id)
    except NotFound:
        fault = Fault("unknown_organization", "Unknown organization", "/organizationId")
        raise Invalid(pointer="/organizationId", faults=[fault]) from None


def _admins(work: UnitOfWork) -> list[str]:
    """Return ids of enabled admins, locked, so that two admins cannot disable each other concurrently."""
    query = select(User.id).where(User.role == Role.ADMIN.value, User.disabled_at.is_(None)).order_by(User.id)
    return list(work.session.scalars(query.with_for_update()))


def _require_another_admin(work: UnitOfWork, user: User) -> None:
    if set(_admins(work)) <= {user.id}:
        raise LastAdmin


def _shown(user: User) -> dict[str, Any]:
    bound = {"organizationId": user.organization_id, "lots": user.lots}
    return {
        "login": user.login,
        "name": user.name,
        "role": user.role,
        **bound,
        "disabled": user.disabled_at is not None,
    }
