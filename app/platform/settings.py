"""Settings from environment variables (prefix `BIDSCREEN_`); a test keeps docs/settings.md complete."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    Field,
    IPvAnyNetwork,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from app.core.procedure.second_person import Act

MEBIBYTE = 1024 * 1024
SINKS = ("file:///", "s3://", "gs://", "az://", "syslog+tls://", "syslog+tcp://", "syslog+udp://", "syslog+unix:///")
# Exact, as a browser sends it: no `*`, no `null`, no path.
Origin = Annotated[str, StringConstraints(pattern=r"^https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$")]


class Settings(BaseSettings):
    """The settings of an instance."""

    model_config = SettingsConfigDict(
        env_prefix="BIDSCREEN_", extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default=Path("data"), description="Directory of the database, the files and the secret key.")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data directory.")
    statement_seconds: int = Field(
        default=300,
        ge=0,
        le=86_400,
        description="Seconds after which PostgreSQL cancels a statement, answered 503 and retried by jobs; 0: never. "
        "Migrations and backups are exempt; `options` in the URL replace it.",
    )
    files_url: str = Field(
        default="", description="Store of uploaded files: empty (data directory), `file:///…` or `s3://…`."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Root secret of the encryption and hashing keys, 32 characters or more.",
    )
    key_source: Literal["", "environment", "file", "service"] = Field(
        default="",
        description="Source of the secret key; empty: the environment if set, else the file (SQLite only).",
    )
    secret_key_file: Path | None = Field(
        default=None, description="File of the secret key or the wrapped secret key; default: in the data directory."
    )
    key_service_url: str = Field(
        default="", description="Key service that unwraps the secret key: `http://…` or `unix:/path` (docs/privacy.md)."
    )
    key_service_token: SecretStr | None = Field(default=None, description="Bearer token for the key service.")
    previous_secret_keys: list[SecretStr] = Field(
        default_factory=list, description="Previous secret keys (JSON list), used for decryption only."
    )

    retention_years: int = Field(
        default=15,
        ge=15,
        le=100,
        description="Retention of procurement files in years after the end of the procurement (政府采购法 art 42: at least 15).",
    )
    data_key_seconds: float = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds that an unwrapped data key is cached before checking whether it was destroyed.",
    )

    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that `serve` listens on; 0: any free port.")
    trusted_hosts: list[str] = Field(
        default_factory=list,
        description="Names (JSON list) under which the service may be called, besides this machine's loopback names and "
        "`BIDSCREEN_HOST`; `*` accepts every name.",
    )
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default_factory=list,
        description="Proxies (JSON list of addresses or networks) whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted.",
    )
    cors_origins: list[Origin] = Field(
        default_factory=list, description="Origins (JSON list, exact) whose pages may call the API from a browser."
    )
    hsts_seconds: int = Field(
        default=0,
        ge=0,
        description="`max-age` of `Strict-Transport-Security` on HTTPS responses; 0: not sent (the proxy sends it).",
    )
    two_persons: list[Act] = Field(
        default=[Act.PUBLICATION, Act.LOGIN_RESET, Act.RESTORE],
        description="Acts (JSON list) that need a second person whatever the policy of a tender says; those that belong to "
        "no tender, `login_reset` and `restore`, only by this setting.",
    )
    threads: int = Field(
        default=24, ge=1, le=512, description="Worker threads for requests; the database pool is sized accordingly."
    )
    max_body_bytes: int = Field(
        default=8 * MEBIBYTE, ge=1024, description="Maximum request body that is not an upload, in bytes."
    )
    max_upload_bytes: int = Field(default=100 * MEBIBYTE, ge=1024, description="Maximum upload, in bytes.")
    min_free_bytes: int = Field(
        default=64 * MEBIBYTE, ge=0, description="Free bytes below which `/health` reports the local storage as full."
    )
    max_connections: int = Field(default=1000, ge=1, description="Maximum open connections; further ones get 503.")
    max_requests: int = Field(
        default=192,
        ge=2,
        description="Maximum concurrent requests including queued ones, half of them per caller; beyond that 503.",
    )
    max_uploads: int = Field(
        default=8, ge=1, description="Maximum concurrent uploads; four times as many are queued, beyond that 503."
    )
    quota_files: int = Field(
        default=2_000,
        ge=1,
        description="Maximum number of files that a bidder may store; `Quota-Files` states its use.",
    )
    quota_bytes: int = Field(
        default=2048 * MEBIBYTE,
        ge=1024,
        description="Maximum bytes of files that a bidder may store; `Quota-Bytes` states their use.",
    )
    quota_envelopes: int = Field(
        default=30,
        ge=2,
        description="Maximum envelopes of a bidder for a lot, replaced and refused ones included; `Quota-Envelopes` states "
        "their use.",
    )
    head_seconds: int = Field(default=10, ge=1, description="Timeout for the head of a request, in seconds.")
    body_seconds: int = Field(
        default=20,
        ge=1,
        description="Timeout for a request body in seconds, extended by its size at the minimum upload rate.",
    )
    body_bytes_per_second: int = Field(
        default=16_384, ge=1, description="Minimum upload rate of a request body, in bytes per second."
    )
    request_seconds: int = Field(
        default=120,
        ge=1,
        description="Timeout from a request's last byte to its response, in seconds; then 503 and nothing is changed.",
    )
    send_seconds: int = Field(
        default=30, ge=1, description="Seconds after which a client that does not read its response is disconnected."
    )
    keep_alive_seconds: int = Field(
        default=15, ge=1, description="Idle timeout of a connection between requests, in seconds."
    )
    idempotency_hours: int = Field(default=24, ge=1, description="Hours that an `Idempotency-Key` is remembered.")

    cookie_secure: bool = Field(
        default=True,
        description="Send session cookies over HTTPS only; `false` only for plain HTTP on the same machine.",
    )
    session_idle_minutes: int = Field(default=30, ge=1, le=720, description="Idle timeout of a session, in minutes.")
    session_hours: int = Field(default=12, ge=1, le=24, description="Maximum lifetime of a session, in hours.")
    totp_required: bool = Field(
        default=False,
        description="Require a second factor for officers, evaluators and auditors; without one they can only enrol.",
    )
    login_attempts: int = Field(
        default=10,
        ge=3,
        le=100,
        description="Failed logins per user name and address before it is locked for that address; 20 times as many for all.",
    )
    login_lock_minutes: int = Field(
        default=15,
        ge=1,
        le=1440,
        description="Duration of the first lock, in minutes; each further one lasts twice as long.",
    )
    login_rate: str = Field(
        default="30/minute",
        pattern=r"^[1-9][0-9]{0,4}/(second|minute|hour)$",
        description="Maximum login attempts per address.",
    )
    first_password_hours: int = Field(
        default=72, ge=1, le=720, description="Validity of an initial password, in hours."
    )

    jobs: int = Field(
        default=2,
        ge=0,
        le=64,
        description="Job workers inside `serve`, all but one of which may run jobs of the same bidder; 0 if "
        "`bidscreen worker` runs.",
    )
    job_lease_seconds: int = Field(
        default=20, ge=2, description="Lease of a job in seconds; a job whose worker stops renewing it is taken over."
    )
    job_attempts: int = Field(
        default=8,
        ge=1,
        le=50,
        description="Attempts without progress before a job is dead. The pause after a passing failure doubles from 2 "
        "seconds to 5 minutes: 8 attempts bridge an outage of at least 2 minutes.",
    )

    duties_at: str = Field(
        default="02:30",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="Time of day in China from which the daily duties are queued (lateness, retention, backup, list age).",
    )
    backup_dir: Path | None = Field(
        default=None, description="Directory of the daily backup, on a volume of its own; empty: none is made."
    )
    backup_keep: int = Field(default=7, ge=1, le=3650, description="Number of daily backups that are kept.")
    credit_list_days: int = Field(
        default=7, ge=1, le=366, description="Age in days from which the daily duty reports a credit list as outdated."
    )

    review_working_days: int = Field(
        default=7,
        ge=1,
        le=60,
        description="Working days for a manual review requested by a bidder (个人信息保护法 第二十四条 sets no number).",
    )

    audit_checkpoint_events: int = Field(
        default=100, ge=1, description="Events after which a signed checkpoint of the audit trail is made."
    )
    audit_checkpoint_seconds: int = Field(
        default=60,
        ge=0,
        description="Seconds after which a checkpoint is made; 0 if a timer runs `bidscreen audit checkpoint`.",
    )
    audit_sinks: list[str] = Field(
        default_factory=list,
        description="Sinks of checkpoints (JSON list): `file:///…`, `s3://…`, `syslog+tls://…`, `syslog+tcp://…`, "
        "`syslog+udp://…`, `syslog+unix:///…`; empty: a folder in the data directory, which proves little (docs/audit.md).",
    )
    audit_key_file: Path | None = Field(
        default=None,
        description="Ed25519 private key (PEM) that signs checkpoints; empty: derived from the secret key.",
    )

    publisher: str = Field(
        default="采购代理机构", max_length=200, description="Name of the agency, as publisher of open data."
    )
    ocid_prefix: str = Field(
        default="ocds-000000",
        pattern=r"^ocds-[a-z0-9]{6}$",
        description="Prefix of open contracting ids, as the Open Contracting Partnership registered it; the default is a "
        "placeholder.",
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Minimum level of log messages."
    )
    log_format: Literal["json", "text"] = Field(default="json", description="`json` (one object per line) or `text`.")

    @property
    def database(self) -> str:
        """The effective SQLAlchemy URL, with the bundled driver."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'bidscreen.db').absolute()}"
        scheme, separator, rest = self.database_url.partition("://")
        known = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
        return known.get(scheme, scheme) + separator + rest

    @property
    def files(self) -> str:
        """The effective URL of the file store."""
        return self.files_url or (self.data_dir / "files").absolute().as_uri()

    @property
    def checkpoint_sinks(self) -> list[str]:
        """The effective addresses of the sinks."""
        return self.audit_sinks or [(self.data_dir / "checkpoints").absolute().as_uri()]

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite."""
        return self.database.startswith("sqlite")

    @field_validator("audit_sinks")
    @classmethod
    def _known_sinks(cls, sinks: list[str]) -> list[str]:
        if not all(sink.startswith(SINKS) for sink in sinks):
            raise ValueError(
                f"BIDSCREEN_AUDIT_SINKS must be a list of addresses that start with one of {', '.join(SINKS)}"
            )
        return sinks

    @model_validator(mode="after")
    def _known_variables(self) -> "Settings":
        known = {f"BIDSCREEN_{name.upper()}" for name in type(self).model_fields}
        strange = sorted(
            name for name in os.environ if name.upper().startswith("BIDSCREEN_") and name.upper() not in known
        )
        if strange:
            raise ValueError("; ".join(_unknown(name, known) for name in strange))
        return self

    @model_validator(mode="after")
    def _known_source(self) -> "Settings":
        if self.key_source == "service" and not self.key_service_url.startswith(("http://", "https://", "unix:")):
            raise ValueError("BIDSCREEN_KEY_SERVICE_URL must be given, as http://, https:// or unix:/path")
        if self.key_source == "environment" and self.secret_key is None:
            raise ValueError("BIDSCREEN_SECRET_KEY must be set when BIDSCREEN_KEY_SOURCE is environment")
        return self

    @model_validator(mode="after")
    def _known_database(self) -> "Settings":
        if not self.database.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("BIDSCREEN_DATABASE_URL must start with sqlite:/// or postgresql://")
        return self


def _unknown(name: str, known: set[str]) -> str:
    """Return the message for an unknown variable, with the nearest right name; a mistyped setting must not fall back silently."""
    near = get_close_matches(name.upper(), sorted(known), 1)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else " (docs/settings.md lists them)")


def wrong_settings(error: Exception) -> str | None:
    """Return the invalid settings and the reasons, one per line, without values; None if the error has another cause."""
    if isinstance(error, SettingsError):
        return str(error)
    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "\n".join(_fault(one["loc"], one["msg"].removeprefix("Value error, ")) for one in faults)


def _fault(place: tuple[int | str, ...], message: str) -> str:
    return f"BIDSCREEN_{str(place[0]).upper()}: {message}" if place else message
