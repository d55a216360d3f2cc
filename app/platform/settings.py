"""Settings by environment (prefix `BIDSCREEN_`); docs/settings.md lists every one, held by a test."""

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

MEBIBYTE = 1024 * 1024
SINKS = ("file:///", "s3://", "gs://", "az://", "syslog+tls://", "syslog+tcp://", "syslog+udp://", "syslog+unix:///")
# Exact, as a browser sends it: no `*`, no `null`, no path.
Origin = Annotated[str, StringConstraints(pattern=r"^https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$")]


class Settings(BaseSettings):
    """What an operator may change without touching code."""

    model_config = SettingsConfigDict(
        env_prefix="BIDSCREEN_", extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(default=Path("data"), description="Directory of the database, the files and the secret key.")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data directory.")
    files_url: str = Field(
        default="", description="Where uploaded files go: empty (data directory), `file:///…` or `s3://…`."
    )
    secret_key: SecretStr | None = Field(
        default=None, min_length=32, description="Root of the encryption and hashing keys, 32 characters or more."
    )
    key_source: Literal["", "environment", "file", "service"] = Field(
        default="",
        description="Where the secret key comes from; empty: the environment where it is set, else the file (SQLite only).",
    )
    secret_key_file: Path | None = Field(
        default=None, description="File of the secret key, or of the wrapped one; default in the data directory."
    )
    key_service_url: str = Field(
        default="", description="Key service that unwraps the secret key: `http://…` or `unix:/path` (docs/privacy.md)."
    )
    key_service_token: SecretStr | None = Field(default=None, description="Bearer token for the key service.")
    previous_secret_keys: list[SecretStr] = Field(
        default_factory=list, description="Former secret keys (JSON list), still able to decrypt."
    )

    retention_years: int = Field(
        default=15,
        ge=15,
        le=100,
        description="Years that procurement files are kept from the end of the procurement on (政府采购法 art 42: 15 at least).",
    )
    data_key_seconds: float = Field(
        default=60,
        ge=0,
        le=3600,
        description="How long an opened data key is remembered without looking whether it was destroyed.",
    )

    host: str = Field(default="127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that `serve` listens on; 0 takes a free one.")
    trusted_hosts: list[str] = Field(default_factory=lambda: ["*"], description="Host names answered to (JSON list).")
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default_factory=list,
        description="Addresses or networks (JSON list) whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    )
    cors_origins: list[Origin] = Field(
        default_factory=list, description="Origins (JSON list, exact) whose pages may call the API from a browser."
    )
    hsts_seconds: int = Field(
        default=0,
        ge=0,
        description="`Strict-Transport-Security` on answers over HTTPS; 0: the proxy sends it, or nobody.",
    )
    threads: int = Field(
        default=24, ge=1, le=512, description="Requests worked on at once; also the database pool's size."
    )
    max_body_bytes: int = Field(default=8 * MEBIBYTE, ge=1024, description="Largest request body that isn't an upload.")
    max_upload_bytes: int = Field(default=100 * MEBIBYTE, ge=1024, description="Largest upload.")
    max_connections: int = Field(default=1000, ge=1, description="Connections open at once; one more is answered 503.")
    max_requests: int = Field(
        default=192, ge=2, description="Requests worked on or waiting at once, half of them for one caller; then 503."
    )
    max_uploads: int = Field(
        default=8, ge=1, description="Uploads received at once; four times as many wait for their turn, then 503."
    )
    head_seconds: int = Field(default=10, ge=1, description="In which the head of a request must be complete.")
    body_seconds: int = Field(
        default=20,
        ge=1,
        description="In which a body must be complete, and longer by the time its bytes take at least.",
    )
    body_bytes_per_second: int = Field(default=16_384, ge=1, description="How slowly a long body may come.")
    request_seconds: int = Field(
        default=120, ge=1, description="From a request's last byte to its answer; then 503, and nothing was changed."
    )
    send_seconds: int = Field(
        default=30, ge=1, description="A client that reads nothing of its answer for so long is cut off."
    )
    keep_alive_seconds: int = Field(default=15, ge=1, description="How long a connection may idle between requests.")
    idempotency_hours: int = Field(default=24, ge=1, description="How long an `Idempotency-Key` is remembered.")

    cookie_secure: bool = Field(
        default=True,
        description="Session cookies over HTTPS only; `false` for plain HTTP on the own machine, nowhere else.",
    )
    session_idle_minutes: int = Field(default=30, ge=1, le=720, description="An unused session ends after that.")
    session_hours: int = Field(default=12, ge=1, le=24, description="Any session ends after that.")
    totp_required: bool = Field(
        default=False,
        description="Officers, evaluators and auditors need a second factor; without one they only enrol.",
    )
    login_attempts: int = Field(
        default=10, ge=3, le=100, description="Failed log-ins under one name until it is locked for a while."
    )
    login_lock_minutes: int = Field(default=15, ge=1, le=1440, description="How long a name is locked.")
    login_rate: str = Field(
        default="30/minute", pattern=r"^[1-9][0-9]{0,4}/(second|minute|hour)$", description="Log-ins from one address."
    )
    first_password_hours: int = Field(
        default=72, ge=1, le=720, description="How long a password that was given out waits for its owner."
    )

    jobs: int = Field(
        default=1, ge=0, le=64, description="Embedded job workers of `serve`; 0 where `bidscreen worker` runs."
    )
    job_lease_seconds: int = Field(
        default=30, ge=2, description="A job whose worker is silent for longer is taken over."
    )
    job_attempts: int = Field(default=5, ge=1, description="How often a job is taken up before it counts as failed.")

    review_working_days: int = Field(
        default=7,
        ge=1,
        le=60,
        description="Working days for a review that a bidder asks for (个人信息保护法 第二十四条 sets no number).",
    )

    audit_checkpoint_events: int = Field(
        default=100, ge=1, description="A signed checkpoint of the audit trail after so many events …"
    )
    audit_checkpoint_seconds: int = Field(
        default=60, ge=0, description="… or so many seconds; 0 where `bidscreen audit checkpoint` runs by a timer."
    )
    audit_sinks: list[str] = Field(
        default_factory=list,
        description="Where checkpoints go (JSON list): `file:///…`, `s3://…`, `syslog+tls://…`, `syslog+tcp://…`, "
        "`syslog+udp://…`, `syslog+unix:///…`; none: a folder in the data directory, which proves little (docs/audit.md).",
    )
    audit_key_file: Path | None = Field(
        default=None, description="Ed25519 private key (PEM) that signs checkpoints; none: derived from the secret key."
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="`json`, one object a line, or `text` for people."
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force, with the driver that the service ships."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'bidscreen.db').absolute()}"
        scheme, separator, rest = self.database_url.partition("://")
        known = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
        return known.get(scheme, scheme) + separator + rest

    @property
    def files(self) -> str:
        """The URL of the file store in force."""
        return self.files_url or (self.data_dir / "files").absolute().as_uri()

    @property
    def checkpoint_sinks(self) -> list[str]:
        """The addresses of the sinks in force."""
        return self.audit_sinks or [(self.data_dir / "checkpoints").absolute().as_uri()]

    @property
    def embedded(self) -> bool:
        """Whether all data lies in the data directory (SQLite)."""
        return self.database.startswith("sqlite")

    @field_validator("audit_sinks")
    @classmethod
    def _known_sinks(cls, sinks: list[str]) -> list[str]:
        if not all(sink.startswith(SINKS) for sink in sinks):
            raise ValueError(f"BIDSCREEN_AUDIT_SINKS is a list of addresses that start with one of {', '.join(SINKS)}")
        return sinks

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


def wrong_settings(error: Exception) -> str | None:
    """Which settings are wrong and why, a line each, without their values; None where the error is not about settings."""
    if isinstance(error, SettingsError):
        return str(error)
    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "\n".join(_fault(one["loc"], one["msg"].removeprefix("Value error, ")) for one in faults)


def _fault(place: tuple[int | str, ...], message: str) -> str:
    return f"BIDSCREEN_{str(place[0]).upper()}: {message}" if place else message
