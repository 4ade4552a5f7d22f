"""SMTP relays on the loopback: aiosmtpd with scripted misbehaviour, and Postfix's smtp-sink."""

import asyncio
import contextlib
import email
import email.policy
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from cli import until


class Relay:
    """Takes messages on a port of its own, as `script` says. Used as a context manager.

    `script(relay, address, number)` is asked at each end of data; it gives a reply, "drop" to close the connection
    without one, or a number of seconds to wait before accepting. `number` counts the tries for that address, from 1.
    `port` is for one that comes back where it was.
    """

    def __init__(self, script=None, refuse=None, port=0, **options):
        self.port = port
        self.script = script or (lambda relay, address, number: "250 2.0.0 taken")
        self.refuse = refuse or {}
        self.options = options
        self.taken: list[tuple[str, EmailMessage]] = []
        self.tries = Counter()
        self.connections = 0
        self.drop_connections = 0
        self.logins: list[bytes] = []
        # Each address's envelope sender, as the last message to it had it.
        self.senders: dict[str, str] = {}

    def __enter__(self) -> "Relay":
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(
            self.loop.create_server(self.session, "127.0.0.1", self.port), self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_) -> None:
        async def stop():
            self.server.close()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> Counter:
        return Counter(address for address, _ in self.taken)

    def session(self):
        self.connections += 1
        return Session(self, hostname="relay.example.org", enable_SMTPUTF8=True, **self.options)

    # Called by aiosmtpd.

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        [address] = envelope.rcpt_tos
        self.tries[address] += 1
        self.senders[address] = envelope.mail_from
        answer = self.script(self, address, self.tries[address])
        if isinstance(answer, (int, float)):
            await asyncio.sleep(answer)
            answer = "250 2.0.0 taken"
        taken = answer.startswith("2") or answer == "drop after taking"
        if taken:
            self.taken.append((address, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        if answer.startswith("drop"):
            server.transport.abort()
            return "421 dropped"
        return answer

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append(data.login)
        is_right = data.login == b"tocsin" and data.password == b"motdepasse"
        # Not handled: aiosmtpd answers 535 itself.
        return AuthResult(success=is_right, handled=is_right)


class Session(SMTP):
    def __init__(self, relay: Relay, **options):
        super().__init__(relay, **options)
        self.relay = relay

    def connection_made(self, transport):
        if self.relay.drop_connections > 0:
            self.relay.drop_connections -= 1
            transport.abort()
            return
        super().connection_made(transport)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server context for 127.0.0.1, and the certificate that signs it."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: no certificate can be made")
    key, crt = folder / "key.pem", folder / "crt.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", crt],
        check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(crt, key)
    return context, crt


def _ports():
    """Ports below those the system gives by itself, each worker's its own: nobody else takes one before it is used."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    first = 20_000 + worker % 10 * 1_000
    while True:
        for port in range(first, first + 1_000):
            with socket.socket() as probe:
                is_free = probe.connect_ex(("127.0.0.1", port)) != 0
            if is_free:
                yield port


_PORTS = _ports()


def free_port() -> int:
    """A port nothing listens on, for what must be told its port before it starts, or must find nobody there."""
    return next(_PORTS)


@contextlib.contextmanager
def smtp_sink(folder: Path, *options: str):
    """Postfix's own sink, keeping each message in a file. Yields its URL and the folder of messages."""
    program = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    if not Path(program).exists():
        pytest.skip("smtp-sink (Debian's postfix) is not installed: run Scripts/bootstrap --tests")
    messages = folder / "messages"
    messages.mkdir()
    port = free_port()
    privileges = ["-u", "root"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [program, *privileges, "-d", "messages/%s.", *options, f"127.0.0.1:{port}", "100"], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        def answers():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
                return connection.recv(3) == b"220"
        until(answers, what="smtp-sink")
        yield f"smtp://127.0.0.1:{port}", messages
    finally:
        process.terminate()
        process.communicate()
