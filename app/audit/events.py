"""Every event the service can record, `subject:object:action`, in one enum."""

from enum import StrEnum


class Event(StrEnum):
    """Who did what to which kind of thing; the audit row says to which one."""

    ADMIN_API_KEY_CREATE = "admin:api_key:create"
    ADMIN_API_KEY_REVOKE = "admin:api_key:revoke"
    CLIENT_JOB_ENQUEUE = "client:job:enqueue"
    WORKER_JOB_FINISH = "worker:job:finish"
    WORKER_JOB_FAIL = "worker:job:fail"
