"""Logs through structlog: for people on a terminal, or JSON lines for machines."""

import logging
import sys

import structlog


def set_up(level: str, form: str) -> None:
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # While the database is away, its pool prints a traceback with each attempt; we say so ourselves, in one line.
    logging.getLogger("asyncpg.pool").setLevel(logging.CRITICAL)
