"""A mail server for the tests, spoken to over a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class Mailhost(ThreadingTCPServer):
    """It keeps what it accepts in `delivered`. `answers` says what a command is answered with in
    place of its usual reply; None: the line is cut."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.delivered: list[str] = []
        self.tries = 0
        self.answers: dict[str, str | None] = {}

    @property
    def port(self) -> int:
        return self.server_address[1]


class Conversation(StreamRequestHandler):
    USUAL = {"DATA": "354 Go on", "QUIT": "221 Bye", "END": "250 Kept", "HELLO": "220 Hello"}

    def handle(self) -> None:
        self.server.tries += 1
        going_on = self.say("HELLO")
        while going_on and (line := self.rfile.readline()):
            verb = line.split()[0].decode().upper()
            going_on = self.say(verb) and verb != "QUIT"
            if verb == "DATA" and going_on and verb not in self.server.answers:
                going_on = self.keep()

    def say(self, verb: str) -> bool:
        answer = self.server.answers.get(verb, self.USUAL.get(verb, "250 Fine"))
        if answer is not None:
            self.wfile.write(f"{answer}\r\n".encode())
        return answer is not None

    def keep(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.decode())
        self.server.delivered.append("".join(lines))
        return self.say("END")


@contextmanager
def open_for_mail() -> Iterator[Mailhost]:
    with Mailhost() as host:
        Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield host
        finally:
            host.shutdown()
