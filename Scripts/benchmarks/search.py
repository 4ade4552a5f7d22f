"""Times the register's search, as the console asks for it, beside PostgreSQL's full-text index of the same words where that is
installed. Who is found is compared with a reading of all rows: a fast wrong answer is no answer.

The people are invented: first and last names of very unequal frequency, at real streets; half of them live in one commune of a
long name, as in a large town's own register.
"""

import contextlib
import csv
import gzip
import os
import re
import sqlite3
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

from cli import Tocsin
from server import Server

from postgres import POSTGRES, PostgreSQL

SEED = 2026
QUESTIONS = 60
PAGE = 50
CAPITAL = "Abbeville"
# Found by another index, and by no words.
BY_ADDRESS = {"telephone number", "beginning of an e-mail"}
FIRST_NAMES = """Marie Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul Claude Henri
    Nicolas François Patrick Gérard Christophe Joseph Julien Laurent Frédéric Éric David Stéphane Sébastien Alexandre Thierry Jeanne
    Monique Catherine Nathalie Françoise Isabelle Jacqueline Anne Sylvie Martine Hélène Christine Sophie Céline Élise Zoé""".split()
SYLLABLES = "ma ri an lo ne be du va le ro mi cha pe gui la sa bou ca de fo ga hu jo ke li mo no pi ra so ti vi zo cra dre fra gre".split()


def folded(text: str) -> list[str]:
    plain = "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(mark))
    return re.findall(r"[a-z0-9]+", plain)


def unequal(random, things: int, rows: int):
    weight = 1 / (np.arange(things) + 15.0)
    return random.choice(things, rows, p=weight / weight.sum())


def invented_people(rows: int) -> list[list[str]]:
    with gzip.open(ROOT / "GeoData/demo/adresses-80.csv.gz", "rt", encoding="utf-8") as file:
        places = list(csv.DictReader(file, delimiter=";"))
    random = np.random.default_rng(SEED)
    surnames = sorted({"".join(random.choice(SYLLABLES, random.integers(2, 5))).capitalize() for _ in range(60_000)})
    random.shuffle(surnames)
    first, last = unequal(random, len(FIRST_NAMES), rows), unequal(random, len(surnames), rows)
    place, number = random.integers(0, len(places), rows), random.integers(1, 150, rows)
    people = []
    for row in range(rows):
        at = places[place[row]]
        postcode, commune = ("80100", CAPITAL) if row % 2 else (at["code_postal"], at["nom_commune"])
        people.append([f"B{row:07d}", f"{surnames[last[row]]} {FIRST_NAMES[first[row]]}", f"{number[row]} {at['nom_voie']}", postcode,
                       commune, at["lon"], at["lat"], f"+336{row:08d}", f"p{row}@example.org"])
    return people


def questions(people: list[list[str]]) -> dict[str, list[str]]:
    """Kind → what is typed."""
    random = np.random.default_rng(SEED + 1)
    some = [people[row] for row in random.integers(0, len(people), QUESTIONS)]
    surname = [person[1].split()[0] for person in some]
    street = [folded(person[2])[-1] for person in some]
    return {
        "surname and first name": [person[1] for person in some],
        "beginnings of surname and street": [f"{name[:5]} {word[:4]}" for name, word in zip(surname, street)],
        "surname and commune": [f"{name} {person[4]}" for name, person in zip(surname, some)],
        "number, street and commune": [f"{person[2]} {person[4]}" for person in some],
        "two letters": [name[:2] for name in surname],
        "the commune of half of them": [CAPITAL[:count] for count in range(3, len(CAPITAL) + 1)] * (QUESTIONS // 7),
        "first name and that commune": [f"{person[1].split()[1]} {CAPITAL}" for person in some],
        "telephone number": ["0" + person[7][3:] for person in some],
        "beginning of an e-mail": [person[8][:6] for person in some],
    }


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def milliseconds(ask, asked: list[str]) -> tuple[list[float], list]:
    times, answers = [], []
    for text in asked:
        start = time.perf_counter()
        answers.append(ask(text))
        times.append((time.perf_counter() - start) * 1000)
    return times, answers


def truth(people: list[list[str]], asked: list[str]) -> dict[str, set[str]]:
    """Who has every word of a question as the beginning of one, by reading everybody once."""
    wanted = {text: folded(text) for text in asked}
    found: dict[str, set[str]] = {text: set() for text in asked}
    for person in people:
        line = " " + " ".join(folded(" ".join(person[:5])))
        for text, words in wanted.items():
            if all(f" {word}" in line for word in words):
                found[text].add(person[0])
    return found


class FullText(PostgreSQL):
    """The same words behind a GIN index, as an expert of PostgreSQL would look for beginnings."""

    def __init__(self, folder: Path, people: list[list[str]]):
        super().__init__(folder)
        self.psql("CREATE TABLE people (id int, words tsvector)")
        self.psql("COPY people FROM STDIN", "".join(
            f"{row}\t{' '.join(sorted(set(folded(' '.join(person[:5])))))}\n" for row, person in enumerate(people)))
        self.psql("CREATE INDEX ON people USING gin (words); VACUUM ANALYZE people")

    def milliseconds(self, asked: list[str]) -> list[float]:
        queries = [" & ".join(f"{word}:*" for word in folded(text)) for text in asked]
        script = "\\timing on\n" + "".join(
            f"SELECT id FROM people WHERE words @@ '{query}'::tsquery ORDER BY id LIMIT 501;\n" for query in queries)
        return [float(line.split()[1]) for line in self.psql(script).splitlines() if line.startswith("Time")]


def registered(folder: Path, people: list[list[str]]) -> Tocsin:
    table = folder / "people.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("id name address postcode commune longitude latitude sms email".split())
        writer.writerows(people)
    tocsin = Tocsin(Path(os.environ["TOCSIN_BINARY"]), folder)
    tocsin.ok("init")
    tocsin.ok("import", "recipients", table, timeout=600)
    table.unlink()
    return tocsin


def wait_for_words(tocsin: Tocsin) -> float:
    start = time.monotonic()
    with contextlib.closing(sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True)) as database:
        while database.execute("SELECT 1 FROM recipient_words_due LIMIT 1").fetchone():
            time.sleep(0.2)
    return time.monotonic() - start


def main(rows: int) -> None:
    people = invented_people(rows)
    agree = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        tocsin = registered(folder, people)
        rival = FullText(folder / "postgres", people) if (POSTGRES / "initdb").exists() else None
        if not rival:
            print("without PostgreSQL: apt-get install postgresql-15 to compare with it")
        try:
            with Server(tocsin) as server:
                visitor = server.signed_in()
                print(f"words of {rows} people written by the server in {wait_for_words(tocsin):.0f} s", flush=True)

                def ask(text: str) -> dict:
                    answer = visitor.post("/api/register/search", {"text": text, "limit": PAGE})
                    assert answer.status == 200, answer.text
                    return answer.json

                print(f"{'question':<36}{'p50':>8}{'p95':>8}{'greatest':>10}{'pg p50':>9}{'pg p95':>9}{'pg/p95':>8}")
                every: list[float] = []
                for kind, asked in questions(people).items():
                    ask(asked[0])
                    times, answers = milliseconds(ask, asked)
                    every += times
                    line = f"{kind:<36}{percentile(times, .5):>8.1f}{percentile(times, .95):>8.1f}{max(times):>10.1f}"
                    if kind in BY_ADDRESS:
                        print(line, flush=True)
                        continue
                    if rival:
                        theirs = rival.milliseconds(asked)
                        line += f"{percentile(theirs, .5):>9.1f}{percentile(theirs, .95):>9.1f}"
                        line += f"{percentile(theirs, .95) / percentile(times, .95):>8.1f}"
                    few = {text: {one["identifier"] for one in answer["people"]}
                           for text, answer in zip(asked, answers) if answer.get("next") is None}
                    different = [text for text, ids in truth(people, list(few)).items() if ids != few[text]]
                    agree &= not different
                    print(line + (f"  DIFFERS: {len(different)} of {len(few)}" if different else f"  {len(few)} compared"), flush=True)
                print(f"{'all of them':<36}{percentile(every, .5):>8.1f}{percentile(every, .95):>8.1f}{max(every):>10.1f}")
        finally:
            if rival:
                rival.stop()
    sys.exit(0 if agree else 1)


main(int(sys.argv[1]))
