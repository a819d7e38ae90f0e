"""Logs: one JSON object a line for machines, colour for a terminal, secrets for nobody."""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping, Sequence

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor

HIDDEN = "[hidden]"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SECRET_NAME = re.compile(
    r"secret|passw(or)?d|token|credential|authorization|cookie|signature|nonce|(api|consumer|private|secret)_?key",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(r"\b(?:(?:sk|rk)_(?:test|live)|whsec)_\w{6,}|\bgAAAAA[\w=-]{20,}")


def _masked(value: object) -> object:
    if isinstance(value, str):
        return _SECRET_VALUE.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if _SECRET_NAME.search(str(key)) else _masked(item) for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_masked(item) for item in value]
    return value


def mask_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide values under names that sound secret, and text anywhere that has the form of a Stripe key."""
    return {key: HIDDEN if _SECRET_NAME.search(key) else _masked(value) for key, value in event.items()}


def _processors(*, pretty: bool) -> list[Processor]:
    """What a record passes on its way out. A traceback becomes text first, so that it is masked too."""
    renderer: Processor = (
        # Not the default, which prints every local variable of every frame.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer(default=str)
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask_secrets,
        renderer,
    ]


def configure(*, level: str, pretty: bool) -> None:
    """Send the project's and every library's log records to standard error in one form.

    Raises ImproperlyConfigured for a level that does not exist.
    """
    if level not in _LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(_LEVELS)}, not {level!r}.")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": _processors(pretty=pretty),
                    "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django": {"level": level},
                "django-q": {"level": "WARNING"},  # it tells of every ring; our own log tells of every job
                "zeep": {"level": "WARNING"},  # at DEBUG it prints whole envelopes, signatures included
                "urllib3": {"level": "WARNING"},
                "stripe": {"level": "WARNING"},
            },
        }
    )
