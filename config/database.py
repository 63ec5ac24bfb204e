"""The database. SQLite is the embedded default: WAL so that readers never wait, IMMEDIATE because
a transaction that reads first and writes later would fail under load, FULL because it is money."""

import os
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url

SQLITE = "django.db.backends.sqlite3"


def at(url: str, *, tested: bool) -> dict[str, Any]:
    database: dict[str, Any] = {
        **dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    }
    return _embedded(database, tested=tested) if database["ENGINE"] == SQLITE else database


def _embedded(database: dict[str, Any], *, tested: bool) -> dict[str, Any]:
    Path(str(database["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    synchronous = "OFF" if tested else "FULL"
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
    }
    # A file does not hang up: the connection is kept, and not asked whether it is still there.
    database |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    if tested:  # a file, so that threads have connections of their own
        database["TEST"] = {"NAME": f"{tempfile.gettempdir()}/mainstay-test-{os.getpid()}.sqlite3"}
    return database
