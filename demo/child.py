"""`python -m demo.child MODULE ARGUMENTS …`: runs a module as `python -m` would, and ends it when
the demo that started it is gone, however that came about.

The demo holds the other end of our standard input and never writes to it: the end of it is the
demo's end. That works wherever Python does."""

import os
import runpy
import signal
import sys
import threading
import time

PATIENCE = 8.0  # seconds to end in order


def _follow(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    line = os.dup(0)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    threading.Thread(target=_follow, args=(line,), name="lifeline", daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
