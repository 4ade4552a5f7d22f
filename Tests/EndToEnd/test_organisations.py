"""An organisation leaves: all it has is written to a folder, and nothing of it is left in the database's bytes."""

import csv
import hashlib
import json
import sqlite3

import pytest

import campaigns
import register
from cli import Tocsin
from register import Person

ZONE = ("--circle", "1.1,49.44,20000")
# As people are written in `register.py`'s files: names, numbers and mailboxes that nobody else has.
MARKS = ["Nomsecret-parti", "courriel-parti", "+336399855", "Rue-partie", "PARTI-"]


def named(*zone, channels: str) -> list[str]:
    """A campaign that calls everybody by name, at their address."""
    words = campaigns.words(*zone, channels=channels)
    words[words.index("--message") + 1] = "Bonjour {nom}, quittez {adresse}."
    return words


def people(mark: str, first: int) -> list[Person]:
    return [Person(f"{mark.upper()}-{n}", 1.1, 49.44, phones=[f"+3363998{first + n}"]) for n in range(8)]


def file(tocsin: Tocsin, mark: str, first: int, note: str = "") -> None:
    path = tocsin.folder / f"{mark}{note}.csv"
    rows = "".join(
        f"{mark.upper()}-{n};Nomsecret-{mark}{note};Rue-{mark}e;1.1;49.44;+3363998{first + n};courriel-{mark}{n}@example.org;Liste-{mark}\n"
        for n in range(8))
    path.write_text("identifiant;nom;adresse;longitude;latitude;telephone_mobile;email;listes\n" + rows)
    tocsin.ok("import", "recipients", path, "--organisation", mark, "--source", mark, "--yes")


@pytest.fixture
def two(tocsin) -> Tocsin:
    """Who leaves and who stays; each alerted, and the one that stays was seen by the other and alerted its people once."""
    for mark, first in (("parti", 5500), ("reste", 6600)):
        tocsin.ok("organisation", "create", mark, "--kind", "commune")
        file(tocsin, mark, first)
        # A changed file leaves images to be undone.
        file(tocsin, mark, first, "-encore")
        tocsin.ok(*named(*ZONE, channels="sms,email"), "--organisation", mark)
        text = ("--message", f"Montez, {mark.upper()}", "--channels", "sms", "--organisation", mark)
        tocsin.ok("scenario", "save", f"Scénario-{mark}", *ZONE, "--subject", "Crue", *text)
        tocsin.ok("schedule", "add", f"Rendez-vous-{mark}", *ZONE, *text, "--exercise", "--at", "2099-05-01 10:00")
        tocsin.ok("target", *ZONE, "--freeze", f"Gelée {mark}", "--organisation", mark)
        tocsin.ok("message", "add-address", "Astreinte", f"courriel-{mark}-essai@example.org", "--organisation", mark)
    tocsin.ok("user", "reset-password", "agent-parti", "--organisation", "parti")
    tocsin.ok("user", "reset-password", "agent-reste", "--organisation", "reste")
    tocsin.ok("organisation", "delegate", "parti", "--to", "reste")
    tocsin.with_environment(TOCSIN_USER="agent-reste").ok(*named(*ZONE, channels="sms"))
    return tocsin


def test_all_it_has_is_in_the_folder_and_the_manifest_proves_it(two):
    folder = two.folder / "archive"
    two.ok("organisation", "export", "parti", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["organisation"] == "parti"
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    found = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
    assert listed == found
    rows = list(csv.DictReader((folder / "recipients.csv").open()))
    assert len(rows) == 8
    assert [one["name"] for one in json.loads((folder / "lists.json").read_text())] == ["Liste-parti"]
    assert len(json.loads((folder / "lists.json").read_text())[0]["members"]) == 8
    assert json.loads((folder / "lists.json").read_text())[0]["description"] == ""
    assert json.loads((folder / "perimeters.geojson").read_text())["features"] == []
    scenario, = json.loads((folder / "scenarios.json").read_text())
    assert scenario["name"] == "Scénario-parti" and scenario["message"]["text"] == "Montez, PARTI" and scenario["zone"]
    schedule, = json.loads((folder / "schedules.json").read_text())
    assert schedule["name"] == "Rendez-vous-parti" and schedule["next_at"].startswith("2099-05-01T")
    assert json.loads((folder / "requests.json").read_text()) == []
    assert [one["name"] for one in csv.DictReader((folder / "people.csv").open())] == ["agent-parti"]
    assert len(list(csv.DictReader((folder / "campaigns.csv").open()))) == 1
    assert {path.name for path in (folder / "campaigns").iterdir()} == {"1.csv", "1.json"}
    assert "import.recipients" in (folder / "journal.csv").read_text()
    # Nothing of the other's.
    for path in folder.rglob("*"):
        assert not path.is_file() or b"RESTE" not in path.read_bytes(), path
    assert (folder.stat().st_mode & 0o077) == 0
    two.refused("organisation", "export", "parti", folder)
    assert "organisation.export" in two.ok("journal", "show").out


def test_nothing_is_left_in_the_files_bytes(two):
    two.refused("organisation", "erase", "parti")
    two.refused("organisation", "erase", "parti", "--confirm", "reste")
    kept = b"".join(path.read_bytes() for path in two.database.parent.glob(two.database.name + "*"))
    assert all(mark.encode() in kept for mark in MARKS), "it was never there"
    before = two.ids(*ZONE, "--organisation", "reste")
    report = two.ok("campaign", "report", 2, "--format", "csv").out
    two.ok("organisation", "erase", "parti", "--confirm", "parti")
    for path in two.database.parent.glob(two.database.name + "*"):
        bytes = path.read_bytes()
        for mark in MARKS:
            assert mark.encode() not in bytes, (mark, path.name)
    # It happened, and its figures remain; nobody else lost anything.
    assert "organisation.erase" in two.ok("journal", "show").out and two.ok("journal", "verify").out
    assert campaigns.shown(two, 1)["recipients"] == "8"
    assert two.ids(*ZONE, "--organisation", "reste") == before == [f"RESTE-{n}" for n in range(8)]
    assert two.ok("campaign", "report", 2, "--format", "csv").out == report
    assert campaigns.shown(two, 3)["recipients"] == "16"
    assert two.ok("index", "verify").status == 0
    names = [line.split("\t")[0] for line in two.ok("organisation", "list").lines]
    assert "parti" not in names and "reste" in names
    # The name is free again.
    two.ok("organisation", "create", "parti", "--kind", "commune")
    with sqlite3.connect(f"file:{two.database}?mode=ro", uri=True) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_tree_is_kept_in_order(tocsin):
    tocsin.ok("organisation", "create", "P", "--kind", "prefecture", "--code", "76")
    tocsin.ok("organisation", "create", "E", "--kind", "epci", "--under", "P")
    tocsin.ok("organisation", "create", "V", "--kind", "commune", "--code", "76540", "--under", "E")
    assert [line for line in tocsin.ok("organisation", "list").lines if line[0] in "PEV" and line[1] == "\t"] == [
        "P\t0\tprefecture\t76\t-", "E\t1\tepci\t-\tP", "V\t2\tcommune\t76540\tE"]
    tocsin.refused("organisation", "move", "P", "--under", "V")
    tocsin.refused("organisation", "create", "X", "--kind", "commune", "--code", "999")
    tocsin.ok("organisation", "move", "V", "--under", "P")
    tocsin.ok("organisation", "rename", "V", "Ville")
    assert tocsin.ok("organisation", "show", "Ville").table["above"] == "P"
    tocsin.refused("organisation", "erase", "P", "--confirm", "P")
