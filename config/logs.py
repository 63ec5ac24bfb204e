"""What is logged: a line for each thing, to wherever the process writes."""

from typing import Any

from config.environment import env

LINES: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    # A site that is not ready says so to whoever asks; it is no error of the answer.
    "filters": {
        "not_readyz": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not record.getMessage().endswith("/readyz"),
        }
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "stripe": {"level": "WARNING"},
        "django.request": {"level": "ERROR", "filters": ["not_readyz"]},
    },
}
