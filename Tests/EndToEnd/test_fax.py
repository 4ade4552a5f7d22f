"""Faxes over a SIP trunk, to machines that the project did not write: T.30 by libspandsp, see Scripts/peers/sip-fax.py."""

import collections
import json
import queue
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import register
from campaigns import rows
from register import Person
from smsc import PEERS

HERE = ("--circle", "1.1,49.44,100")
SUBJECT = "Crue de la Bresle"
TEXT = "La Bresle déborde à Blangy. Fermez l'école de la rue Basse et gardez les enfants à l'étage. Rappelez le poste de commandement."

pytestmark = pytest.mark.skipif(not all(map(shutil.which, ("gs", "tesseract", "tiffinfo"))), reason="no ghostscript, tesseract or libtiff-tools: run Scripts/bootstrap --tests")


class Machines:
    """Fax machines, for as long as the `with`. What each got is a file of pages."""

    def __init__(self, folder: Path, *options: str):
        self.folder, self.options = folder, options
        folder.mkdir(exist_ok=True)

    def __enter__(self) -> "Machines":
        self.process = subprocess.Popen([sys.executable, PEERS / "sip-fax.py", "--folder", self.folder, *self.options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            assert self.process.wait(10) == 3, "the machines did not start"
            pytest.skip("libspandsp is not installed: run Scripts/bootstrap")
        self.port = int(line)
        self.told: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: [self.told.put(line) for line in self.process.stdout], daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait(10)

    def fax(self) -> tuple[Path, int, int]:
        """The next that came to an end: its file, pages and T.30's code."""
        _, file, pages, code = self.told.get(timeout=60).split()
        return Path(file), int(pages), int(code)


def ready(tocsin, endings: list[str], port: int):
    everyone = [Person(f"F-{ending}", 1.1, 49.44, fax=f"01 99 00 10 {ending}") for ending in endings]
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", everyone))
    path = tocsin.folder / "gateways.json"
    path.write_text(json.dumps({"version": 1, "gateways": [{"name": "telecopie", "kind": "sip", "channel": "fax", "window": 4, "settings": {
        "host": "127.0.0.1", "port": port, "caller": "+33199001000", "station": "+33 199 00 10 00"}}]}))
    return tocsin.with_environment(TOCSIN_GATEWAYS=str(path))


def alert(tocsin, text=TEXT, *options):
    tocsin.ok("alert", *HERE, "--subject", SUBJECT, "--message", text, "--channels", "fax", "--yes", *(options or ("--retries", "0")), timeout=300)
    return {row["external_id"]: row for row in rows(tocsin)}


def read(file: Path, text: str) -> float:
    """How many of a text's words somebody would read on the pages, by optical character recognition: 1 for all of them."""
    seen = subprocess.run(["tesseract", file, "-", "-l", "fra", "--psm", "6"], capture_output=True, check=True, text=True).stdout
    seen, wanted = (collections.Counter(re.findall(r"\w{3,}", one.lower())) for one in (seen, text))
    return sum((seen & wanted).values()) / sum(wanted.values())


def test_a_page_comes_over_and_says_what_was_written(tocsin, tmp_path):
    with Machines(tmp_path / "machines") as machines:
        tocsin = ready(tocsin, ["10"], machines.port)
        row = alert(tocsin)["F-10"]
        assert (row["fax_state"], row["fax_attempts"]) == ("delivered", "1")
        file, pages, code = machines.fax()
    assert (pages, code) == (1, 0)
    told = subprocess.run(["tiffinfo", file], capture_output=True, text=True).stdout
    assert "Image Width: 1728" in told, told
    assert read(file, f"{SUBJECT} {TEXT}") > 0.9 and read(file, "Un tout autre message parlerait de vent violent, et de fermer les volets.") < 0.3


def test_a_long_text_takes_several_pages(tocsin, tmp_path):
    text = "\n".join(f"Consigne {number} : {TEXT}" for number in range(1, 31))
    with Machines(tmp_path / "machines") as machines:
        tocsin = ready(tocsin, ["10"], machines.port)
        assert alert(tocsin, text)["F-10"]["fax_state"] == "delivered"
        file, pages, code = machines.fax()
    assert (code, pages >= 2) == (0, True)
    assert read(file, f"{SUBJECT} {text}") > 0.9


def test_who_asks_for_t38_is_refused_and_has_the_fax_by_audio(tocsin, tmp_path):
    with Machines(tmp_path / "machines") as machines:
        tocsin = ready(tocsin, ["50"], machines.port)
        assert alert(tocsin)["F-50"]["fax_state"] == "delivered"
        assert machines.told.get(timeout=10).split()[:2] == ["asked", "488"]
        assert machines.fax()[1:] == (1, 0)


def test_each_call_ends_as_the_other_end_says(tocsin, tmp_path):
    expected = {"10": ("delivered", ""), "86": ("failed", "busy"), "20": ("failed", "no_answer"), "30": ("failed", "network")}
    with Machines(tmp_path / "machines") as machines:
        tocsin = ready(tocsin, list(expected), machines.port)
        found = alert(tocsin)
    assert {ending: (found[f"F-{ending}"]["fax_state"], found[f"F-{ending}"]["fax_cause"]) for ending in expected} == expected


@pytest.mark.skipif(not shutil.which("efax"), reason="no efax: run Scripts/bootstrap --tests")
def test_a_machine_of_another_make_gets_every_page(tocsin, tmp_path):
    """efax speaks T.30 by itself, without error correction."""
    text = "\n".join(f"Consigne {number} : {TEXT}" for number in range(1, 31))
    with Machines(tmp_path / "machines") as machines:
        tocsin = ready(tocsin, ["40"], machines.port)
        row = alert(tocsin, text)["F-40"]
        file, pages, code = machines.fax()
    assert (row["fax_state"], code, pages) == ("delivered", 0, 2), (tmp_path / "machines" / "1.log").read_text()
    whole = tmp_path / "whole.tif"
    subprocess.run(["tiffcp", *sorted(file.parent.glob("1.0*")), whole], check=True)
    assert read(whole, f"{SUBJECT} {text}") > 0.9
