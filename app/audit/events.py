"""Every event the service can record, `subject:object:action`, in one enum."""

from enum import StrEnum


class Event(StrEnum):
    """Who did what to which kind of thing; the audit row says to which one."""

    ADMIN_API_KEY_CREATE = "admin:api_key:create"
    ADMIN_API_KEY_REVOKE = "admin:api_key:revoke"
    CLIENT_JOB_ENQUEUE = "client:job:enqueue"
    WORKER_JOB_FINISH = "worker:job:finish"
    WORKER_JOB_FAIL = "worker:job:fail"
    OFFICER_TENDER_CREATE = "officer:tender:create"
    OFFICER_TENDER_CHANGE = "officer:tender:change"
    OFFICER_TENDER_PUBLISH = "officer:tender:publish"
    OFFICER_TENDER_MOVE = "officer:tender:move"
    OFFICER_TENDER_CANCEL = "officer:tender:cancel"
    OFFICER_LOT_MOVE = "officer:lot:move"
    CLIENT_ORGANIZATION_CREATE = "client:organization:create"
    CLIENT_ORGANIZATION_CHANGE = "client:organization:change"
    CLIENT_REGISTRATION_ADD = "client:registration:add"
    CLIENT_DOSSIER_CHANGE = "client:dossier:change"
    CLIENT_ROSTER_ADD = "client:roster:add"
    OFFICER_DOSSIER_UNMASK = "officer:dossier:unmask"
    CLIENT_DOCUMENT_UPLOAD = "client:document:upload"
    CLIENT_DOCUMENT_DOWNLOAD = "client:document:download"
    CLIENT_DOCUMENT_CHANGE = "client:document:change"
    WORKER_DOCUMENT_EXTRACT = "worker:document:extract"
    OFFICER_EXTRACTION_CORRECT = "officer:extraction:correct"
