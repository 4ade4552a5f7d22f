"""A PostgreSQL to compare with."""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

POSTGRES = Path("/usr/lib/postgresql/15/bin")


class PostgreSQL:
    """A private cluster on a Unix socket; nothing of the machine's own is touched."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        self.folder.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.data = self.folder / "data"
        self.run(POSTGRES / "initdb", "-D", self.data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-sync")
        options = (f"-k {self.folder} -c listen_addresses= -c shared_buffers=1GB -c work_mem=256MB -c jit=off "
                   "-c fsync=off -c max_wal_size=4GB")
        self.run(POSTGRES / "pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", options, "start")

    def run(self, *words, text=None):
        return subprocess.run([*self.user, *map(str, words)], input=text, check=True, capture_output=True, text=True,
                              cwd="/").stdout

    def psql(self, sql, rows=None):
        script = sql if rows is None else f"{sql};\n{rows}\\.\n"
        return self.run("psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1",
                        "-f", "-", text=script)

    def timed(self, query, repeats):
        """Median milliseconds after the first time, by psql's own clock, and the lines that are numbers."""
        answer = self.psql("\\timing on\n" + f"{query}\n" * (repeats + 1)).splitlines()
        times = [float(line.split()[1].replace(",", ".")) for line in answer if line.startswith("Time")]
        return statistics.median(times[1:]), [line for line in answer if line.isdigit()]

    def stop(self):
        self.run(POSTGRES / "pg_ctl", "-D", self.data, "-m", "immediate", "stop")
