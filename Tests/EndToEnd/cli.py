"""Runs the built executable, and holds it to what every command owes: no personal data on standard error."""

import getpass
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# Everything the suite's registers say of a person looks like one of these: see `register.py`.
PERSONAL = re.compile(r"(?:\+33|\b0)[ .]?6[ .]?39[ .]?98[ .]?\d|(?:\+33|\b0)[ .]?1[ .]?99[ .]?00[ .]?\d|courriel-|Nomsecret",
                      re.IGNORECASE)
# Who the journal says ran a command under no account.
MACHINE = f"cli:{getpass.getuser()}"
CRASHES = {-4: "SIGILL", -5: "SIGTRAP", -6: "SIGABRT", -7: "SIGBUS", -8: "SIGFPE", -11: "SIGSEGV"}


@dataclass
class Result:
    """How a command ended."""

    arguments: list[str]
    status: int
    out: str
    err: str
    seconds: float

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def table(self) -> dict[str, str]:
        """`key<TAB>value` lines."""
        return dict(line.split("\t", 1) for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        return {key: int(value) for key, value in self.table.items()}

    def __str__(self) -> str:
        return f"tocsin {' '.join(self.arguments)}\nstatus {self.status}\n{self.out[-2000:]}\n{self.err[-4000:]}"


class Tocsin:
    """The executable with one database and one environment."""

    def __init__(self, binary: Path, folder: Path, database: Path | None = None, **environment: str):
        self.binary = binary
        self.folder = folder
        self.database = database or folder / "tocsin.sqlite"
        self.extra = environment

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL") if name in os.environ}
        return kept | {
            "HOME": str(self.folder), "TOCSIN_DATABASE": str(self.database),
            "TOCSIN_EXERCISE_SPEED": "0",
        } | self.extra

    def with_environment(self, **environment: str) -> "Tocsin":
        return Tocsin(self.binary, self.folder, self.database, **(self.extra | environment))

    def run(self, *arguments: object, timeout: float = 120, stdin: str | None = None) -> Result:
        """Runs to the end, whatever the status."""
        texts = [str(argument) for argument in arguments]
        start = time.monotonic()
        done = subprocess.run(
            [self.binary, *texts], env=self.environment, cwd=self.folder, timeout=timeout, capture_output=True,
            input=(stdin or "").encode())
        result = Result(
            texts, done.returncode, done.stdout.decode(), done.stderr.decode(), time.monotonic() - start)
        assert done.returncode not in CRASHES, f"{CRASHES[done.returncode]}: {result}"
        found = PERSONAL.search(result.err)
        assert not found, f"personal data on standard error: {result}"
        return result

    def ok(self, *arguments: object, **options) -> Result:
        """Runs a command that must succeed."""
        result = self.run(*arguments, **options)
        assert result.status == 0, str(result)
        return result

    def refused(self, *arguments: object, **options) -> Result:
        """Runs a command that must fail: a reason on standard error, nothing on standard output."""
        result = self.run(*arguments, **options)
        assert result.status != 0, f"was accepted: {result}"
        assert result.err.strip(), f"gives no reason: {result}"
        assert result.out == "", f"writes data although it failed: {result}"
        return result

    def start(self, *arguments: object) -> subprocess.Popen:
        """Starts a command and leaves it running; the caller ends it."""
        return subprocess.Popen(
            [self.binary, *[str(argument) for argument in arguments]], env=self.environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ids(self, *zone: object) -> list[str]:
        return self.ok("target", *zone, "--format", "ids").lines

    def copy(self, folder: Path) -> "Tocsin":
        """The same database in a folder of its own, to be written to."""
        for path in self.database.parent.glob(self.database.name + "*"):
            shutil.copy(path, folder / path.name)
        return Tocsin(self.binary, folder, folder / self.database.name, **self.extra)


def until(condition, seconds: float = 20, what: str = "the condition"):
    """Polls until the condition gives something true, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.03)
