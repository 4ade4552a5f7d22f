"""Runs `tocsin serve`, and asks it things without a browser."""

import http.client
import json
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import somme
from cli import CRASHES, Tocsin, until

PAGES = somme.ROOT / "Sources" / "Console" / "Public"
PASSWORD = "une phrase assez longue"


class ConsoleServer:
    """A server over one database; it may be killed and started again at the same address."""

    def __init__(self, tocsin: Tocsin):
        self.tocsin = tocsin
        self.port = 0
        self.process: subprocess.Popen | None = None
        self.log: Path | None = None
        self.starts = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, speed: float = 0) -> "ConsoleServer":
        """Starts and waits until it listens. `speed`: the pace of exercises, 1 as in life, 0 at once."""
        assert (PAGES / "vendor").is_dir(), "the console's third-party files are missing: run Scripts/fetch-assets"
        self.starts += 1
        self.log = self.tocsin.folder / f"serve-{self.starts}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [self.tocsin.binary, "serve", "--port", str(self.port), "--public-folder", PAGES],
                env=self.tocsin.environment | {"TOCSIN_EXERCISE_SPEED": str(speed)}, cwd=self.tocsin.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.port = int(until(self._said_port, 20, "the server's address")[1])
        return self

    def _said_port(self):
        assert self.process.poll() is None, f"the server ended: {self.log.read_text()}"
        return re.search(r"Tocsin listens on http://127\.0\.0\.1:(\d+)", self.log.read_text())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self.check_log()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        assert status == 0, f"{CRASHES.get(status, status)}: {self.log.read_text()[-4000:]}"
        self.check_log()

    def check_log(self) -> None:
        assert somme.personal(self.log.read_text()) == [], "personal data in the server's log"

    def visitor(self) -> "Visitor":
        return Visitor(self.port)


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return self.json["error"]["code"]


class Visitor:
    """Speaks HTTP by itself, so that it can say what a browser never would."""

    def __init__(self, port: int):
        self.port = port
        self.cookie = ""
        self.csrf = ""

    def ask(self, method: str, path: str, body=None, **headers: str | None) -> Answer:
        """Header names are given with underscores; None leaves one out, the session's own included."""
        sent = {"Cookie": self.cookie or None, "X-Tocsin-CSRF": self.csrf or None}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host="Host" in sent)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode(errors="replace"))
        finally:
            connection.close()

    def sign_in(self, user: str = "admin", password: str = PASSWORD) -> Answer:
        answer = self.ask("POST", "/api/session", {"user": user, "password": password})
        if answer.status == 200:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            self.csrf = answer.json["csrf"]
        return answer
