"""How Celery's messages travel. Without a broker that is named, a folder serves: enough for one
machine."""

from pathlib import Path

FOLDER = "filesystem://"


def options(url: str, folder: Path) -> dict[str, object]:
    if url != FOLDER:
        return {"visibility_timeout": 3600}
    control = folder / "control"
    control.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(control),
        "polling_interval": 0.1,
    }
