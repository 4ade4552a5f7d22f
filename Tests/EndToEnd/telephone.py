"""An operator's telephone that the project did not write: PJSIP, see Scripts/peers/sip-caller.py."""

import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from smsc import PEERS
from voices import samples


class Telephone:
    """It calls, presses keys and tells what it hears, for as long as the `with`."""

    def __init__(self, folder: Path, number: str = "+33199001010", says: Path | None = None):
        self.folder, self.number = folder, number
        self.options = ["--says", says] if says else []
        folder.mkdir(exist_ok=True)

    def __enter__(self) -> "Telephone":
        self.process = subprocess.Popen([sys.executable, PEERS / "sip-caller.py", "--record", self.folder, *self.options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            assert self.process.wait(10) == 3, "the telephone did not start"
            pytest.skip("PJSIP is not installed: run Scripts/test")
        self.port = int(line)
        self.happenings: queue.Queue = queue.Queue()
        self.told: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def _read(self) -> None:
        for line in self.process.stdout:
            self.happenings.put(line.strip())
        self.happenings.put(None)

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(10)
        self.process.stdout.close()

    def say(self, command: str) -> None:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def wait(self, word: str, seconds: float = 30) -> str:
        """The next happening that begins so."""
        while True:
            line = self.happenings.get(timeout=seconds)
            assert line is not None, f"the telephone ended; it told {self.told}"
            self.told.append(line)
            if line.startswith(word):
                return line

    def call(self, port: int) -> None:
        self.say(f"call sip:tocsin@127.0.0.1:{port} {self.number}")
        self.wait("answered")
        self.hear()

    def hear(self) -> None:
        """The next words, to their end."""
        self.wait("sound")
        self.wait("silence")

    def press(self, keys: str) -> None:
        """Keys, and the words that answer them."""
        self.say(f"press {keys}")
        self.hear()

    def hang_up(self) -> None:
        self.say("hang up")
        self.wait("ended")

    def heard(self, call: int) -> bytes:
        """What a call heard: samples of 16 bits, 8,000 a second. Whole once the telephone has ended."""
        return samples(str(self.folder / f"{call}.wav"))
