"""A whole private Postfix on loopback, by Scripts/peers/postfix."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from relay import free_port

SCRIPT = Path(__file__).parents[2] / "Scripts" / "peers" / "postfix"


@contextlib.contextmanager
def postfix(next_port: int):
    """Relays to a port of this machine. Yields its URL and the Maildir that retours@alerte.example comes to."""
    if os.geteuid() != 0 or not Path("/usr/sbin/postfix").exists():
        pytest.skip("a whole Postfix needs root, and Debian's postfix")
    # Postfix's own users must reach it: not below a folder that is closed to them.
    folder = Path(tempfile.mkdtemp(prefix="tocsin-postfix-", dir="/tmp"))
    folder.chmod(0o755)
    port = free_port()
    process = subprocess.Popen(
        [SCRIPT, folder, str(port), str(next_port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n", "Postfix did not start"
        yield f"smtp://127.0.0.1:{port}", folder / "mail" / "retours"
    finally:
        process.stdin.close()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
