"""Many threads at once, each with a connection of its own. The test must let threads see what it
wrote: `@pytest.mark.django_db(transaction=True)`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def together(action: Callable, *, threads: int = 20, times: int = 1) -> list:
    """What `action()` answered, or the exception that it raised, `threads` times `times` times;
    all threads begin at the same moment."""
    begin = Barrier(threads)

    def run(_) -> list:
        try:
            begin.wait()
            return [_outcome(action) for _ in range(times)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [outcome for outcomes in pool.map(run, range(threads)) for outcome in outcomes]


def _outcome(action: Callable):
    try:
        return action()
    except Exception as error:  # noqa: BLE001  the test looks at it
        return error
