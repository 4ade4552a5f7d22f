"""Address files of the tests' own, the register of who is where in them, and what is nearest by looking at everything."""

import csv
import gzip
import random
from dataclasses import dataclass
from pathlib import Path

import numpy
from pyproj import Geod

import geodata

BAN = "addresses/ban-93010-extract.csv"
COLUMNS = ("id id_fantoir numero rep nom_voie code_postal code_insee nom_commune code_insee_ancienne_commune "
           "nom_ancienne_commune x y lon lat").split()
EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Door:
    id: str
    lon: float
    lat: float
    x: float | None = None
    y: float | None = None

    @property
    def street(self) -> str:
        return "_".join(self.id.split("_")[:2])


def bondy_doors() -> list[Door]:
    with open(geodata.file(BAN), encoding="utf-8-sig", newline="") as file:
        return [Door(row["id"], float(row["lon"]), float(row["lat"]), float(row["x"]), float(row["y"]))
                for row in csv.DictReader(file, delimiter=";")]


def import_bondy(tocsin) -> None:
    """Bondy's 1,900 real addresses among the communes of its department."""
    communes = tocsin.folder / "93.ndjson"
    with gzip.open(geodata.file("communes/cog2024/france.ndjson.gz"), "rt") as lines, open(communes, "w") as kept:
        kept.writelines(line for line in lines if '"departement":"93"' in line.replace('": "', '":"'))
    tocsin.ok("import", "communes", communes, "--vintage", "2024")
    tocsin.ok("import", "addresses", geodata.file(BAN))


def invent(path: Path, department: str, dice: random.Random, streets: int) -> list[Door]:
    """Writes invented addresses in every commune: villages of short streets, and roads that cross half a commune."""
    names = {feature["properties"]["code"]: feature["properties"]["nom"]
             for feature in geodata.features(geodata.communes_file(department))}
    doors = []
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";", restval="")
        writer.writeheader()
        for code, boundary in geodata.boundaries(department).items():
            middle = boundary.representative_point()
            lon, lat, name = middle.x, middle.y, names[code]
            for street in range(streets):
                is_road = street == 0
                west, south = lon + dice.gauss(0, 0.006), lat + dice.gauss(0, 0.004)
                for number in range(1, dice.randint(2, 25)):
                    step = 0.003 if is_road else 0.0004
                    door = Door(
                        f"{code}_{street:04}_{number:05}", round(west + number * step * dice.random(), 6),
                        round(south + number * step * dice.random() / 2, 6))
                    doors.append(door)
                    writer.writerow({
                        "id": door.id, "numero": number, "nom_voie": f"Rue Numéro {street}", "code_insee": code,
                        "nom_commune": name, "lon": door.lon, "lat": door.lat, "code_postal": f"{department}000"})
    return doors


class Nearest:
    """The definition itself: the geodesic distance to every door."""

    def __init__(self, doors: list[Door]):
        self.doors = doors
        self.lon = numpy.array([door.lon for door in doors])
        self.lat = numpy.array([door.lat for door in doors])

    def metres(self, lon: float, lat: float) -> numpy.ndarray:
        count = len(self.doors)
        return EARTH.inv(numpy.full(count, lon), numpy.full(count, lat), self.lon, self.lat)[2]

    def doors_of(self, lon: float, lat: float, limit: int) -> list[tuple[float, str]]:
        metres = self.metres(lon, lat)
        ranked = sorted((metres[index], self.doors[index].id) for index in numpy.flatnonzero(metres <= 10_000))
        return ranked[:limit]

    def streets_of(self, lon: float, lat: float, limit: int) -> list[tuple[float, str]]:
        best: dict[str, float] = {}
        metres = self.metres(lon, lat)
        for index in numpy.flatnonzero(metres <= 10_000):
            street = self.doors[index].street
            best[street] = min(best.get(street, 1e9), metres[index])
        return sorted((distance, street) for street, distance in best.items())[:limit]
