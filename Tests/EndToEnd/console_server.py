"""A server that may be killed and started again at the same address, as the page that follows it expects."""

import signal

import somme
from cli import CRASHES
from server import Server


class ConsoleServer(Server):
    port = 0

    def start(self, speed: float = 0) -> "ConsoleServer":
        """Starts and waits until it listens. `speed`: the pace of exercises, 1 as in life, 0 at once."""
        self.tocsin = self.tocsin.with_environment(TOCSIN_EXERCISE_SPEED=str(speed))
        # The last --port counts: 0 the first time, then always the same.
        self.options = ("--port", str(self.port))
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
