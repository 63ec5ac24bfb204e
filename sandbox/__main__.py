"""`python -m sandbox --port 12111 --state sandbox.db`: the sandbox as a server."""

from __future__ import annotations

import argparse
from contextlib import closing, suppress
from datetime import UTC, datetime

from sandbox.engine import Engine
from sandbox.server import Server


def moment(text: str) -> int:
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="An offline Stripe.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--state", help="file in which everything is kept; without it, nothing is")
    parser.add_argument("--seed", default="mainstay", help="what all identifiers come from")
    parser.add_argument("--now", type=moment, help="where the clock starts, such as 2026-01-31")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    engine = Engine(seed=given.seed, now=given.now, state=given.state, flowing=True)
    server = Server(engine, given.host, given.port, announce=True)
    with closing(engine), suppress(KeyboardInterrupt):  # the ordinary way to end it by hand
        server.run()


if __name__ == "__main__":
    main()
