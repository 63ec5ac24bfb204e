"""The folder in which a demo keeps everything, and the settings that point the site at it."""

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).resolve().parent.parent
# Of the surroundings only this: what else is set on a machine must not change the demo.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where things are under `path`; nothing else in it is ever touched."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "site.sqlite3"

    @property
    def stripe(self) -> Path:
        return self.path / "stripe.sqlite3"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    @property
    def broker(self) -> Path:
        return self.path / "broker"

    @property
    def beat(self) -> Path:
        return self.path / "beat"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def settings(self) -> Path:
        """Written last of all, so it is here when everything else is."""
        return self.path / "env"

    @property
    def is_complete(self) -> bool:
        return self.settings.exists()

    def read_settings(self) -> dict[str, str]:
        lines = self.settings.read_text(encoding="utf-8").splitlines() if self.is_complete else []
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def write_settings(self, settings: dict[str, str]) -> None:
        draft = self.settings.with_suffix(".new")
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(self.settings)

    def make(self) -> None:
        for folder in (self.path, self.mail, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    def clear_broker(self) -> None:
        """Messages of the last time are hints to what the sweeps find anyway."""
        rmtree(self.broker, ignore_errors=True)

    def forget(self) -> None:
        """Begin anew. The settings go first: without them, what is left counts for nothing."""
        self.settings.unlink(missing_ok=True)
        for folder in (self.mail, self.broker, self.logs):
            rmtree(folder, ignore_errors=True)
        for file in (self.database, self.stripe, self.beat):
            for one in self.path.glob(f"{file.name}*"):
                one.unlink()

    def environment(self, port: int) -> dict[str, str]:
        """What every process of the demo is started with."""
        here = {name: os.environ[name] for name in INHERITED if name in os.environ}
        stripe_at = stripe(port)
        return (
            here
            | self.read_settings()
            | {
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "PYTHONUTF8": "1",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "ROOT_URLCONF": "demo.urls",
                "SITE_URL": site(port),
                "DATABASE_URL": f"sqlite:///{self.database}",
                "BROKER_URL": "filesystem://",
                "BROKER_DIR": str(self.broker),
                "BEAT_SCHEDULE_FILE": str(self.beat),
                "EMAIL_BACKEND": "demo.mailbox.Backend",
                "EMAIL_FILE_PATH": str(self.mail),
                "STRIPE_SECRET_KEY": "sk_test_demo",
                "STRIPE_AUTOMATIC_TAX": "1",
                "STRIPE_API_BASE": stripe_at,
                "STRIPE_PAGES": f"{stripe_at} http://localhost:{port + 1}",
                "CLOCK_URL": f"{stripe_at}/_sandbox/clock",
            }
        )

    def write_shell(self, port: int) -> Path:
        """The same environment for commands by hand: `set -a; . run.env; ./manage.py …`."""
        file = self.path / "run.env"
        ours = {k: v for k, v in self.environment(port).items() if k not in INHERITED}
        text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in ours.items())
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        return file


def site(port: int) -> str:
    return f"http://localhost:{port}"


def stripe(port: int) -> str:
    """Where Stripe's part is played, beside a site on this port."""
    return f"http://127.0.0.1:{port + 1}"
