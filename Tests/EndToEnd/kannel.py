"""A Kannel of its own on a loopback of its own: it listens on every address of its machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli import Tocsin, until
from smsc import PEERS

ADMIN, BOX, HTTP = 13000, 13001, 13013
SERVER = 13080


def missing() -> str | None:
    for name in ("bearerbox", "smsbox"):
        if not (shutil.which(name) or Path(f"/usr/sbin/{name}").exists()):
            return "kannel is not installed"
    if os.geteuid() != 0 or not shutil.which("nsenter") or not shutil.which("ip"):
        return "a network of its own needs root, util-linux and iproute2"
    return None


class Kannel:
    """bearerbox and smsbox before one of our SMSCs, in a network namespace that tocsin is run in too."""

    def __init__(self, folder: Path, *smsc: str):
        self.folder, self.smsc, self.running = folder, smsc, []
        self.log = folder / "smsc.log"

    def __enter__(self) -> "Kannel":
        if reason := missing():
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
        holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.running.append(holder)
        assert holder.stdout.readline() == b"up\n"
        self.prefix = ["nsenter", "-t", str(holder.pid), "-n", "--"]
        peer = subprocess.Popen([*self.prefix, sys.executable, PEERS / "smsc-scripted.py", "--log", self.log, *self.smsc],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.running.append(peer)
        self.port = int(peer.stdout.readline())
        return self

    def start(self, callback: str) -> None:
        configuration = self.folder / "kannel.conf"
        configuration.write_text(f"""
group = core
admin-port = {ADMIN}
admin-password = essai
smsbox-port = {BOX}
log-level = 3
log-file = {self.folder}/bearerbox.log
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {self.port}
smsc-username = kannel
smsc-password = essai
system-type = ""
transceiver-mode = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {HTTP}
log-level = 1
log-file = {self.folder}/smsbox.log

group = sendsms-user
username = tocsin
password = motdepasse
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = yes
max-messages = 0
post-url = "{callback}?id=%I"
""")
        for name in ("bearerbox", "smsbox"):
            program = shutil.which(name) or f"/usr/sbin/{name}"
            self.running.append(subprocess.Popen([*self.prefix, program, "-v", "4", configuration],
                                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            until(lambda: self.answers(BOX if name == "bearerbox" else HTTP), 20, name)

    def answers(self, port: int) -> bool:
        done = subprocess.run([*self.prefix, sys.executable, "-c",
                               f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"], capture_output=True)
        return done.returncode == 0

    def tocsin(self, tocsin: Tocsin) -> Tocsin:
        """The executable within the same network."""
        inside = self.folder / "tocsin-inside"
        inside.write_text(f"#!/bin/sh\nexec {' '.join(self.prefix)} {tocsin.binary} \"$@\"\n")
        inside.chmod(0o755)
        return Tocsin(inside, tocsin.folder, tocsin.database, **tocsin.extra)

    def entry(self, name: str = "kannel", settings: dict | None = None, **members) -> dict:
        return {"name": name, "channel": "sms", "kind": "kannel", **members,
                "settings": {"url": f"http://127.0.0.1:{HTTP}/cgi-bin/sendsms", "user": "tocsin",
                             "passwordVariable": "KANNEL_PASSWORD", "sender": "MAIRIE",
                             "callbacks": f"http://127.0.0.1:{SERVER}"} | (settings or {})}

    def __exit__(self, *_) -> None:
        for process in reversed(self.running):
            if process.stdin:
                process.stdin.close()
            else:
                process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
