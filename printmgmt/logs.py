"""Configures the logs of Django, Celery and gunicorn: JSON lines on stderr, with the request id."""

import logging.config
from typing import Any

import structlog
from structlog.typing import Processor

from printmgmt.log_masking import mask_secrets

# Applied to every line, from structlog and from the standard library.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,  # plain text without local variables, which may be secrets
]

# Loggers with a line for each tick and nudge at INFO.
CHATTY = ("celery.beat", "celery.app.trace", "celery.worker.strategy")


def configure(options: dict[str, Any]) -> None:
    """Set up logging; Django calls it with the ``LOGGING`` setting, of which ``level`` is read."""
    logging.config.dictConfig(dict_config(options["level"]))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def dict_config(level: str) -> dict[str, Any]:
    """Return a ``logging.config.dictConfig`` that sends everything from ``level`` on to stderr as JSON."""
    chatty = level if level == "DEBUG" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    mask_secrets,
                    structlog.processors.JSONRenderer(
                        ensure_ascii=True
                    ),  # stays on one line if a name has line breaks
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": chatty} for name in CHATTY},
            # Remove the handlers that these add.
            **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},  # see gunicorn.py
        },
    }
