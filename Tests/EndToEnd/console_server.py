"""A server that may be killed and started again at the same address, as the page that follows it expects."""

import signal

import somme
from cli import CRASHES
from relay import free_port
from server import EXERCISE_PASSWORD, PASSWORD, Client, Server


class ConsoleServer(Server):
    port = 0
    exercise_port = 0
    # Which of its two addresses the page is at: "real" or "exercise".
    mode = "real"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.shown_port}"

    @property
    def shown_port(self) -> int:
        return self.exercise_port if self.mode == "exercise" else self.port

    @property
    def password(self) -> str:
        return EXERCISE_PASSWORD if self.mode == "exercise" else PASSWORD

    def client(self) -> Client:
        return Client(self.shown_port)

    def start(self, speed: float = 0) -> "ConsoleServer":
        """Starts and waits until it listens. `speed`: the pace of exercises, 1 as in life, 0 at once."""
        self.tocsin = self.tocsin.with_environment(TOCSIN_EXERCISE_SPEED=str(speed))
        # The last --port counts. The same again after a restart, so none that the system may give away meanwhile.
        if not self.port:
            self.port, self.exercise_port = free_port(), free_port()
        self.options = ("--port", str(self.port), "--exercise-port", str(self.exercise_port))
        self.__enter__()
        return self

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Nothing when it was killed before."""
        if self.process.poll() is None:
            status = self._end(signal.SIGTERM)
            assert status == 0, f"{CRASHES.get(status, status)}: {''.join(self.log[-20:])}"

    def _end(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        status = self.process.wait(20)
        self.__exit__()
        assert somme.personal("".join(self.log)) == [], "personal data in the server's log"
        return status
