"""Runs `tocsin serve` on a port of its own, and speaks to it as a browser would."""

import contextlib
import http.client
import json
import os
import queue
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from cli import PERSONAL, Tocsin

PASSWORD = "la-cloche-du-village-sonne"
EXERCISE_PASSWORD = "la-cloche-sonne-pour-rire"
PUBLIC = Path(__file__).parents[2] / "Sources" / "Console" / "Public"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return self.json["error"]["code"]


class Client:
    """One visitor, with a cookie and a token."""

    def __init__(self, port: int):
        self.port = port
        self.cookie = ""
        self.csrf = ""

    def call(self, method: str, path: str, value=None, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Cookie": self.cookie, "X-Tocsin-CSRF": self.csrf} if self.cookie else {}
        if value is not None:
            body, sent["Content-Type"] = json.dumps(value).encode(), "application/json"
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            connection.request(method, path, body, {name: text for name, text in sent.items() if text is not None})
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): text for name, text in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, value=None, **headers: str) -> Answer:
        return self.call("POST", path, value if value is not None else {}, **headers)

    def sign_in(self, password: str, user: str = "admin") -> Answer:
        answer = self.post("/api/session", {"user": user, "password": password})
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
            self.csrf = answer.json["csrf"]
        return answer

    def events(self, campaign: int, until, seconds: float = 40) -> list[dict]:
        """Server-sent events of a campaign, as long as `until` says no to the last of them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        connection.request("GET", f"/api/campaigns/{campaign}/events", headers={"Cookie": self.cookie})
        response = connection.getresponse()
        assert response.status == 200 and response.headers["content-type"].startswith("text/event-stream")
        found = []
        try:
            while line := response.readline():
                if line.startswith(b"data:"):
                    found.append(json.loads(line[5:]))
                    if until(found[-1]):
                        break
        finally:
            connection.close()
        return found


class Server:
    """`tocsin serve`, its log watched for personal data."""

    def __init__(self, tocsin: Tocsin, *options: str):
        self.tocsin = tocsin.with_environment(TOCSIN_PUBLIC=os.environ.get("TOCSIN_PUBLIC") or str(PUBLIC))
        self.options = options
        self.log: list[str] = []

    def __enter__(self) -> "Server":
        exercises = () if "--no-exercise-address" in self.options else ("--exercise-port", "0")
        self.process = self.tocsin.start("serve", "--port", "0", *exercises, *self.options)
        ports: queue.Queue = queue.Queue()

        def read():
            for line in self.process.stderr:
                self.log.append(line)
                if found := re.search(r"(listens on|reach nobody, are at) https?://[^:]+:(\d+)", line):
                    ports.put((found[1], int(found[2])))
                elif "no address for exercises" in line:
                    ports.put(None)
            ports.put(None)

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        # The real address, and that of exercises; each is told once it listens.
        expected = 1 if "--no-exercise-address" in self.options else 2
        told = dict(found for _ in range(expected) if (found := ports.get(timeout=30)))
        assert len(told) == expected, "the server did not start: " + "".join(self.log)
        self.port, self.exercise_port = told["listens on"], told.get("reach nobody, are at")
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        with contextlib.suppress(Exception):
            self.process.wait(timeout=20)
        self.process.kill()
        self.process.wait()
        self.reader.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        log = "".join(self.log)
        found = PERSONAL.search(log) or re.search(PASSWORD, log)
        assert not found, f"personal data in the log: {log[max(0, found.start() - 200):found.end() + 100]}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Client:
        return Client(self.port)

    def trainee(self, user: str = "admin") -> Client:
        """Signed in where exercises are held, by a password made for that."""
        password = self.tocsin.ok("user", "exercise-password", user).out.split(": ")[1].strip()
        client = Client(self.exercise_port)
        answer = client.sign_in(password, user)
        assert answer.status == 200, answer.body
        return client

    def one_time_password(self) -> str:
        return self.tocsin.ok("user", "reset-password", "admin").out.split(": ")[1].strip()

    def signed_in(self) -> Client:
        """The administrator, with a password of their own."""
        client, once = self.client(), self.one_time_password()
        assert client.sign_in(once).json["mustChangePassword"]
        assert client.post("/api/password", {"current": once, "new": PASSWORD}).status in (200, 204)
        client = self.client()
        assert client.sign_in(PASSWORD).status == 200
        return client
