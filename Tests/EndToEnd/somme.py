"""The demonstration of the Somme that the product ships, as the oracle's people, and what must never leave the server."""

import csv
import functools
import gzip
import io
import re
from pathlib import Path

import shapely
from shapely.geometry import shape

import geodata
from cli import Tocsin
from register import Person
from worlds import World

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "GeoData"
COMMUNES = FOLDER / "communes-80.geojson.gz"
TOWN_HALLS = FOLDER / "demo" / "mairies-80.csv"
RESIDENTS = FOLDER / "demo" / "habitants-80.csv.gz"
# One resident in so many: enough for every kind of location and channel, few enough to import in a second.
SLICE = 10
PHONES = ("telephone_mobile", "telephone_fixe", "telephone_3")

# Every range kept for fiction, as people write numbers; never the decimals of a figure.
PHONE = re.compile(
    r"(?:\+33[ .]?|(?<![\d.])0)(?:6[ .]?39[ .]?98|1[ .]?99[ .]?00|2[ .]?61[ .]?91|3[ .]?53[ .]?01|4[ .]?65[ .]?71"
    r"|5[ .]?36[ .]?49)[ .]?\d\d[ .]?\d\d")
MAIL = re.compile(r"[\w.-]+@example\.org")
WORD = re.compile(r"[^\W\d_][\w'’-]*")
DECIMAL = re.compile(r"-?\d+\.\d{3,}")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@functools.cache
def residents() -> tuple[dict[str, str], ...]:
    """A slice of those whose commune is told by its code, or who cannot be located: the oracle looks up no name."""
    everyone = rows(gzip.decompress(RESIDENTS.read_bytes()).decode())
    return tuple(row for row in everyone[::SLICE] if row["code_insee"] or not row["commune"])


@functools.cache
def town_halls() -> tuple[dict[str, str], ...]:
    return tuple(rows(TOWN_HALLS.read_text(encoding="utf-8")))


def person(row: dict[str, str]) -> Person:
    return Person(
        row["identifiant"], float(row["longitude"]) if row["longitude"] else None,
        float(row["latitude"]) if row["latitude"] else None, row["code_insee"] or None, row["commune"] or None,
        [row[column] for column in PHONES if row[column]], row["email"] or None, row["fax"] or None,
        row["listes"].split("|"))


@functools.cache
def boundaries() -> dict[str, shapely.Geometry]:
    return {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in geodata.features(COMMUNES) if feature["properties"]["type"] == "COM"
    }


def made(tocsin: Tocsin) -> World:
    """Imports the demonstration into an empty database."""
    path = tocsin.folder / "habitants.csv"
    stream = io.StringIO()
    writer = csv.DictWriter(stream, residents()[0].keys(), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(residents())
    path.write_text(stream.getvalue(), encoding="utf-8")
    tocsin.ok("import", "communes", COMMUNES, "--vintage", "2024")
    for file in (TOWN_HALLS, path):
        tocsin.ok("import", "recipients", file)
    return World(tocsin, [person(row) for row in (*town_halls(), *residents())], boundaries())


@functools.cache
def _names() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(WORD.findall(row["nom"])[:2]) for row in residents())


@functools.cache
def _homes() -> frozenset[tuple[float, float]]:
    """Where residents live, to a metre. A town hall's place is public: the communes' own data tell it."""
    return frozenset(
        (round(float(row["longitude"]), 5), round(float(row["latitude"]), 5))
        for row in residents() if row["longitude"])


def personal(text: str) -> list[str]:
    """What a text says of the register's people: names, numbers, addresses, homes. Empty when all is well."""
    found = [match[0] for pattern in (PHONE, MAIL) for match in pattern.finditer(text)]
    words = WORD.findall(text)
    found += [" ".join(pair) for pair in _names() & set(zip(words, words[1:]))]
    numbers = [round(float(number), 5) for number in DECIMAL.findall(text)]
    pairs = set(zip(numbers, numbers[1:])) | set(zip(numbers[1:], numbers))
    return found + [str(pair) for pair in pairs & _homes()]
