"""The addresses both geocoders are given, and the questions both are asked."""

import csv
import gzip
import json
import math
import random
import unicodedata
from dataclasses import dataclass, field

# The columns of the Base Adresse Nationale that are read.
COLUMNS = ["id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat"]


@dataclass
class Query:
    text: str
    lon: float
    lat: float
    communes: set
    kind: str
    is_door: bool = True


@dataclass
class World:
    title: str
    # Features of the communes, as GeoJSON objects.
    communes: list
    # Rows of COLUMNS.
    addresses: list
    queries: list = field(default_factory=list)

    @property
    def address_count(self):
        return len(self.addresses)


def communes(geodata, wanted):
    """The communes of the whole country that a condition on their properties takes."""
    with gzip.open(geodata / "communes/cog2024/france.ndjson.gz", "rt") as lines:
        return [feature for feature in map(json.loads, lines)
                if feature["properties"]["type"] == "COM" and wanted(feature["properties"])]


def extract(geodata):
    with open(geodata / "addresses/ban-93010-extract.csv", encoding="utf-8") as file:
        return [{name: row[name] for name in COLUMNS} for row in csv.DictReader(file, delimiter=";")]


def bondy(geodata, count, seed):
    """The real extract of one town, among the communes of two départements."""
    dice = random.Random(seed)
    rows = extract(geodata)
    world = World("1,900 real addresses of Bondy, communes of the Seine-Saint-Denis and the Somme",
                  communes(geodata, lambda properties: properties["departement"] in ("80", "93")), rows)
    world.queries = [noisy(dice.choice(rows), number, dice) for number in range(count)]
    return world


def somme(geodata, count, seed, total=300_000):
    """A département's worth: the real communes of the Somme with the real streets' shapes, the names recombined.

    The addresses are synthetic: no such street stands there. Only the commune's names, codes and postcodes are real.
    """
    dice = random.Random(seed)
    towns = communes(geodata, lambda properties: properties["departement"] == "80" and properties["codes_postaux"])
    streets = {}
    for row in extract(geodata):
        streets.setdefault(row["nom_voie"], []).append(row)
    shapes = sorted(streets)
    types, names = set(), set()
    for name in shapes:
        first, _, rest = name.partition(" ")
        if rest:
            types.add("Allée" if first == "Allee" else first)
            names.add(rest)
    names |= suite_names(geodata)
    types, names = sorted(types), sorted(names)
    weights = [math.sqrt(town["properties"]["population"] or 1) for town in towns]
    rows = []
    for town, weight in zip(towns, weights):
        properties = town["properties"]
        lon, lat = properties["mairie"]
        share = total * weight / sum(weights)
        mine, used, street = 0, set(), 0
        while mine < share:
            name = f"{dice.choice(types)} {dice.choice(names)}"
            if fold(name) in used and len(used) < len(types) * len(names) / 2:
                continue
            used.add(fold(name))
            street += 1
            shape = streets[dice.choice(shapes)]
            # Put down somewhere within two kilometres of the town hall, as it lies.
            east, north = dice.uniform(-0.025, 0.025), dice.uniform(-0.018, 0.018)
            for row in shape:
                rows.append({
                    "id": f"{properties['code']}_{street:04d}_{int(row['numero']):05d}" + (f"_{row['rep']}" if row["rep"] else ""),
                    "numero": row["numero"], "rep": row["rep"], "nom_voie": name,
                    "code_postal": properties["codes_postaux"][0], "code_insee": properties["code"],
                    "nom_commune": properties["nom"],
                    "lon": f"{lon + east + float(row['lon']) - float(shape[0]['lon']):.6f}",
                    "lat": f"{lat + north + float(row['lat']) - float(shape[0]['lat']):.6f}"})
            mine += len(shape)
    world = World(f"{len(rows):,} synthetic addresses in the {len(towns)} communes of the Somme", towns, rows)
    world.queries = [noisy(dice.choice(rows), number, dice) for number in range(count)]
    return world


def suite_names(geodata):
    """The names of real streets that the query suites expect, without their types."""
    names = set()
    for path in sorted((geodata / "addresses/geocoder-tester").rglob("test_addresses.csv")):
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rest = row["expected_street"].partition(" ")[2]
                if rest:
                    names.add(rest)
    return names


# MARK: Noise

ABBREVIATIONS = {"Avenue": "av.", "Boulevard": "bd", "Allée": "all.", "Allee": "all", "Rue": "r.", "Place": "pl", "Impasse": "imp",
                 "Chemin": "ch.", "Route": "rte", "Sainte": "Ste", "Saint": "St", "Général": "Gal", "Maréchal": "Mal",
                 "Docteur": "Dr", "Président": "Pdt", "Square": "sq"}
KINDS = ["clean", "typo", "abbreviated", "typeless", "capitals", "town first", "postcode only", "misspelt town", "cedex",
         "no postcode", "complement", "neighbour's postcode"]


def noisy(row, number, dice):
    kind = KINDS[number % len(KINDS)]
    door = row["numero"] + (f" {row['rep']}" if row["rep"] else "")
    name, postcode, town = row["nom_voie"], row["code_postal"], row["nom_commune"]
    text = f"{door} {name} {postcode} {town}"
    if kind == "typo":
        text = f"{door} {misspelt(name, dice)} {postcode} {town}"
    elif kind == "abbreviated":
        text = f"{door} {' '.join(ABBREVIATIONS.get(word, word) for word in name.split())} {postcode} {town}"
    elif kind == "typeless":
        text = f"{door} {name.partition(' ')[2] or name} {postcode} {town}"
    elif kind == "capitals":
        text = fold(text).upper()
    elif kind == "town first":
        text = f"{postcode} {town} {door} {name}"
    elif kind == "postcode only":
        text = f"{door} {name} {postcode}"
    elif kind == "misspelt town":
        text = f"{door} {name} {postcode} {misspelt(town, dice)}"
    elif kind == "cedex":
        text = f"{door} {name} BP {dice.randrange(10, 999)} {postcode[:3]}{dice.randrange(10, 99)} {town.upper()} CEDEX"
    elif kind == "no postcode":
        text = f"{door}, {name.lower()}, {town}"
    elif kind == "complement":
        text = f"Bât. {dice.choice('ABC')} appt {dice.randrange(1, 40)}, {text}"
    elif kind == "neighbour's postcode":
        text = f"{door} {name} {postcode[:3]}{'90' if postcode[3:] != '90' else '80'} {town}"
    return Query(text, float(row["lon"]), float(row["lat"]), {row["code_insee"]}, kind)


def misspelt(text, dice):
    """One letter left out, doubled, changed or swapped, in a word of five letters or more, not its first."""
    words = text.split()
    chosen = [index for index, word in enumerate(words) if len(word) >= 5 and (index > 0 or len(words) == 1)]
    if not chosen:
        return text
    index = dice.choice(chosen)
    word = list(words[index])
    letter = dice.randrange(1, len(word) - 1)
    error = dice.randrange(4)
    if error == 0:
        del word[letter]
    elif error == 1:
        word.insert(letter, word[letter])
    elif error == 2:
        word[letter] = "e" if word[letter] != "e" else "a"
    else:
        word[letter], word[letter + 1] = word[letter + 1], word[letter]
    words[index] = "".join(word)
    return " ".join(words)


def fold(text):
    letters = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
