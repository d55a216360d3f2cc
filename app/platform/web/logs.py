"""Logging: one JSON object per line on stderr, including the standard library's loggers, with ID numbers masked."""

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from app.core.values.legible import legible
from app.platform.audit.chain import masked
from app.platform.database.sensitive import mask_numbers
from app.platform.settings import Settings

ACCESS = "bidscreen.access"


def mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask resident IDs anywhere in an event (traceback, path, nested value)."""
    return {
        key: masked(value) if isinstance(value, str | list | tuple | dict) else value for key, value in event.items()
    }


def one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """For text logs: escape control characters so that input cannot forge lines or move the cursor; indent tracebacks."""
    shown = {key: _escaped(value) for key, value in event.items()}
    if isinstance(event.get("exception"), str):
        shown["exception"] = "\n".join("    " + _escaped(line) for line in event["exception"].splitlines())
    return shown


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, Mapping):
        return {_escaped(key): _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, list | tuple) else value


class AccessFormatter(logging.Formatter):
    """Formatter of access log lines; bypasses structlog for speed."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Format one line; the request id comes from the client, so it is masked as well."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        values = {**record.args} if isinstance(record.args, Mapping) else {}
        values["request_id"] = mask_numbers(str(values.get("request_id")))
        if self._as_json:
            line = {"event": record.msg, "level": "info", "timestamp": moment, **values}
            return orjson.dumps(line).decode()
        return f"{moment} {record.msg} " + " ".join(f"{name}={value}" for name, value in values.items())


def configure(settings: Settings) -> None:
    """Configure structlog and the root logger; called once by a serving or worker process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    as_text = settings.log_format == "text"
    last = [one_line, structlog.dev.ConsoleRenderer()] if as_text else [structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[remove, _positional, mask_event, *last]
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    access, lines = logging.getLogger(ACCESS), logging.StreamHandler(sys.stderr)
    lines.setFormatter(AccessFormatter(as_json=settings.log_format == "json"))
    access.handlers, access.propagate = [lines], False
    # Not shown in any line, and collecting them takes a third of a record's time.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"


def _positional(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("positional_args", None)
    return event
