"""`scripts/soak demo [--months 24]`: the demo's year in a fresh database, and then so many months more
through every job of the timetable. `check_books` and `reconcile` have to be clean after them.
Under `python -m tests.postgres` the database is PostgreSQL's."""

import argparse
import gc
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.utils.module_loading import import_string

from demo.folder import Folder

PORT = 8000  # where nothing listens: all of it is one process


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak demo", description=__doc__)
    parser.add_argument("--months", type=int, default=24, help="after the year (24)")
    months = parser.parse_args(given).months
    with TemporaryDirectory(prefix="mainstay-later-") as path:
        folder = Folder(Path(path))
        folder.make()
        os.environ.update(folder.environment(PORT))
        os.environ |= {"STRIPE_HTTP_CLIENT": "demo.bridge.client", "CLOCK_URL": ""}
        if server := os.environ.get("TEST_DATABASE_URL"):
            os.environ["DATABASE_URL"] = server
        gc.disable()
        django.setup()
        return int(import_string("demo.months.make_and_walk")(folder, PORT, months))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
