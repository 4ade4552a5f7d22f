"""SMSCs on the loopback, from Scripts/peers: the project's own and two it did not write; and what they noted."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PEERS = Path(__file__).resolve().parent.parent.parent / "Scripts" / "peers"
KINDS = ["smsc-scripted.py", "smsc-smpp34.py", "smsc-netsmpp.pl"]


class Centre:
    """One peer, started and ended with the `with`."""

    def __init__(self, kind: str, folder: Path, *options: str):
        self.kind = kind
        self.log = folder / f"{kind}-{len(list(folder.glob('*.log')))}.log"
        self.options = options

    def __enter__(self) -> "Centre":
        program = shutil.which("perl") if self.kind.endswith(".pl") else sys.executable
        self.process = subprocess.Popen([program, PEERS / self.kind, "--log", self.log, *self.options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self.process.stdout.readline()
        if not line:
            assert self.process.wait(10) == 3, f"{self.kind} did not start"
            pytest.skip(f"{self.kind} lacks its library: run Scripts/bootstrap --tests")
        self.port = int(line)
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def lines(self) -> list[dict]:
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    @property
    def taken(self) -> Counter:
        """Numbers it took a message for, and how many."""
        return Counter("+" + line["to"] for line in self.lines if "to" in line and line["status"] == 0)


def entry(port: int, name: str = "operateur", settings: dict | None = None, **members) -> dict:
    """The centre's line of the gateways' file."""
    return {"name": name, "channel": "sms", "kind": "smpp", **members,
            "settings": {"host": "127.0.0.1", "port": port, "systemID": "tocsin", "sender": "MAIRIE"} | (settings or {})}
