"""Account notices on the wire."""

from datetime import datetime
from enum import StrEnum

from app.platform.web.schema import Output


class NoticeKind(StrEnum):
    """What was done."""

    LOGIN_RESET = "login_reset"  # the password was replaced, by an admin or by the operator
    ACCOUNT_CHANGED = "account_changed"  # role, organization, lots or status
    ACCOUNT_CREATED = "account_created"  # another account acts for the same organization
    DATA_CHANGED = "data_changed"  # a program of the agency changed a part of the organization's data
    KEY_CREATED = "key_created"  # an API key acts for the organization or in the role


class AccountNoticeOut(Output):
    """What somebody else did to this account, or made for its organization or role; newest first."""

    id: str
    kind: NoticeKind
    subject_id: str
    subject_name: str
    made_by: str
    created_at: datetime
