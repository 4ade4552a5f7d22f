"""Whoever is erased leaves no word in the index that people are found by, and no number to somebody else."""

import contextlib
import sqlite3

import pytest

import register
from cli import until
from server import Server

# Letters that begin no other word, so that the index does not shorten it by a neighbour's.
NAME, FOLDED = "Qzyxvkwj Personne", b"zyxvkwj"


def number(tocsin, external: str) -> int:
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database:
        return database.execute("SELECT id FROM recipients WHERE external_id = ?", (external,)).fetchone()[0]


def traces(tocsin) -> bool:
    """Whether the name's folded letters stand anywhere in the files."""
    return any(FOLDED in path.read_bytes() for path in tocsin.database.parent.glob(tocsin.database.name + "*"))


def marked(tocsin) -> int:
    """How many erasures the index is still to be rid of."""
    with contextlib.closing(sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM recipient_words_erased").fetchone()[0]


def unmerged(tocsin) -> None:
    """FTS5 merges now and then of its own accord, which proves nothing."""
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        database.execute("INSERT INTO recipient_words (recipient_words, rank) VALUES ('automerge', 0), ('crisismerge', 1000)")


@pytest.mark.parametrize("is_marked", [True, False])
def test_an_erased_name_is_gone_from_the_bytes(seine_maritime_original, tmp_path, is_marked):
    tocsin = seine_maritime_original.tocsin.copy(tmp_path)
    people = register.people_at("K", [(1.1 + index / 1000, 49.45) for index in range(20)])
    file = register.write(tmp_path / "people.csv", people)
    tocsin.ok("import", "recipients", file)
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database:
        last = database.execute("SELECT external_id FROM recipients ORDER BY id DESC LIMIT 1").fetchone()[0]
    unmerged(tocsin)
    tocsin.ok("recipient", "set", last, f"name={NAME}")
    assert traces(tocsin)
    if not is_marked:  # The control: without the mark that the erasure leaves, the index keeps the name.
        with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
            database.execute("DROP TRIGGER recipient_words_erase")
            database.execute("DELETE FROM recipient_words_erased")
    before = number(tocsin, last)
    tocsin.ok("recipient", "delete", last)
    assert traces(tocsin) != is_marked
    # The same row again is somebody new.
    tocsin.ok("import", "recipients", file)
    assert number(tocsin, last) > before


def test_a_name_erased_in_the_console_is_gone_from_the_bytes(seine_maritime_original, tmp_path):
    tocsin = seine_maritime_original.tocsin.copy(tmp_path)
    people = register.people_at("K", [(1.1 + index / 1000, 49.45) for index in range(20)])
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", people))
    unmerged(tocsin)
    tocsin.ok("recipient", "set", people[7].id, f"name={NAME}")
    assert traces(tocsin)
    with Server(tocsin) as server:
        client = server.signed_in()
        [found] = client.post("/api/register/search", {"text": NAME.split()[0]}).json["people"]
        version = client.get(f"/api/register/people/{found['id']}").json["version"]
        assert client.post(f"/api/register/people/{found['id']}/erase", {"version": version}).status < 300
        assert client.post("/api/register/search", {"text": NAME.split()[0]}).json["people"] == []
        # The server takes it out of the index in steps, behind whoever else writes.
        until(lambda: not marked(tocsin), what="the index without the erased words")
    assert not traces(tocsin)


def test_an_erased_organisations_names_are_gone_from_the_bytes_of_the_index(seine_maritime_original, tmp_path):
    tocsin = seine_maritime_original.tocsin.copy(tmp_path)
    tocsin.ok("organisation", "create", "Partie", "--kind", "service")
    tocsin.ok("organisation", "create", "Reste", "--kind", "service")
    for name, letters in (("Partie", "P"), ("Reste", "R")):
        people = register.people_at(letters, [(1.1 + index / 1000, 49.45) for index in range(20)])
        tocsin.ok("import", "recipients", register.write(tmp_path / f"{name}.csv", people), "--organisation", name)
    unmerged(tocsin)
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database:
        mine = database.execute(
            "SELECT external_id FROM recipients JOIN organisations ON organisations.id = organisation_id"
            " WHERE organisations.name = 'Partie' ORDER BY recipients.id DESC LIMIT 1").fetchone()[0]
    tocsin.ok("recipient", "set", mine, f"name={NAME}", "--organisation", "Partie")
    assert traces(tocsin)
    tocsin.ok("organisation", "erase", "Partie", "--confirm", "Partie")
    assert not traces(tocsin)
    # Who stays is found as before.
    assert len(tocsin.ok("register", "search", "R", "--organisation", "Reste").lines) > 0
