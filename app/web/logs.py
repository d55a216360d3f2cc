"""Logs: one JSON object a line on stderr, the standard library's loggers included, ID numbers masked everywhere."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from app.audit.chain import masked
from app.settings import Settings


def mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """No resident ID reaches a log, wherever in the event it hides (a trace, an address, a nested value)."""
    return {
        key: masked(value) if isinstance(value, str | list | tuple | dict) else value for key, value in event.items()
    }


def configure(settings: Settings) -> None:
    """Sets up structlog and the root logger; called once by the process that serves or works."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last = structlog.dev.ConsoleRenderer() if settings.log_format == "text" else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[remove, _positional, mask_event, last]
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers, root.level = [handler], getattr(logging, settings.log_level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"


def _positional(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("positional_args", None)
    return event
