"""Many at once: the same deed in many threads, each with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """What each deed answered, or the exception that it raised, all begun at the same moment."""
    gate = Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait(30)
            return deed()
        except Exception as error:  # noqa: BLE001 - it is the answer
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))
