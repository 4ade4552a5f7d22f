"""Synthetic registers: recipients of a given place, numbers of the ranges kept for fiction, and their CSV."""

import csv
import io
import random
from dataclasses import dataclass, field
from pathlib import Path

import shapely

import geodata


@dataclass
class Person:
    id: str
    lon: float | None = None
    lat: float | None = None
    code: str | None = None
    commune: str | None = None
    phones: list[str] = field(default_factory=list)
    email: str | None = None
    fax: str | None = None
    lists: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"Nomsecret {self.id}"

    @property
    def has_point(self) -> bool:
        return self.lon is not None

    @property
    def channels(self) -> set[str]:
        """A mobile gets SMS and voice, a fixed line voice."""
        found = {"voice"} if self.phones else set()
        found |= {"sms"} if any("63998" in phone.replace(" ", "").replace(".", "") for phone in self.phones) else set()
        found |= {"email"} if self.email else set()
        return found | ({"fax"} if self.fax else set())


HEADER = ["identifiant", "nom", "longitude", "latitude", "code_insee", "telephone_1", "telephone_2", "courriel", "fax",
          "listes"]


def row(person: Person) -> list[str]:
    phones = person.phones + ["", ""]
    return [
        person.id, person.name, "" if person.lon is None else repr(person.lon),
        "" if person.lat is None else repr(person.lat), person.code or "", phones[0], phones[1], person.email or "",
        person.fax or "", "|".join(person.lists),
    ]


def text(rows: list[list[str]], delimiter: str = ";", newline: str = "\n") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return stream.getvalue()


def write(path: Path, people: list[Person], **options) -> Path:
    path.write_text(text([HEADER] + [row(person) for person in people], **options), encoding="utf-8", newline="")
    return path


def reachable(dice: random.Random, person: Person, number: int) -> Person:
    """Gives contact points: most people have a mobile, some a fixed line, an e-mail or a fax, some nothing."""
    tail = f"{number % 10_000:04d}"
    if dice.random() < 0.7:
        person.phones.append(dice.choice((f"+33639 98{tail}", f"+33 6 39 98 {tail[:2]} {tail[2:]}", f"0033 6.39.98.{tail}")))
    if dice.random() < 0.3:
        person.phones.append(f"+33 1 99 00 {tail[:2]} {tail[2:]}")
    if dice.random() < 0.5:
        person.email = f"courriel-{person.id.lower()}@example.org"
    if dice.random() < 0.05:
        person.fax = f"+33 1 99 00 {tail[:2]} {tail[2:]}"
    if dice.random() < 0.1:
        person.lists.append(dice.choice(["référents", "École", "astreinte"]))
    return person


def people_of(department: str, count: int, seed: int) -> list[Person]:
    """People of a department: most with coordinates, some known by their commune only, some not located at all."""
    dice = random.Random(f"{department} {seed}")
    boundaries = geodata.boundaries(department)
    codes = sorted(boundaries)
    people = []
    for number in range(count):
        person = Person(f"{department}-{number:05d}")
        code = dice.choice(codes)
        kind = dice.random()
        if kind < 0.78:
            west, south, east, north = boundaries[code].bounds
            # Round coordinates fall on nobody's boundary; seven decimals are a centimetre.
            person.lon, person.lat = round(dice.uniform(west, east), 7), round(dice.uniform(south, north), 7)
            person.code = code if kind < 0.6 else None
        elif kind < 0.97:
            person.code = code
        elif kind < 0.99:
            # A commune that no imported file has, with a place of one's own or without.
            person.code = f"{department}{'9' * (5 - len(department))}"
            if kind > 0.98:
                middle = boundaries[code].representative_point()
                person.lon, person.lat = round(middle.x, 7), round(middle.y, 7)
        people.append(reachable(dice, person, dice.randrange(10_000)))
    return people


def people_at(prefix: str, points: list[tuple[float, float]]) -> list[Person]:
    """People of given coordinates and no commune code."""
    dice = random.Random(prefix)
    return [
        reachable(dice, Person(f"{prefix}-{number:05d}", lon, lat), dice.randrange(10_000))
        for number, (lon, lat) in enumerate(points)
    ]


def around(geometry: shapely.Geometry, count: int, seed: int, margin: float = 0.1) -> list[tuple[float, float]]:
    """Points in and about a geometry: spread over its box, on its vertices, on its edges, a hair beside them."""
    dice = random.Random(seed)
    west, south, east, north = geometry.bounds
    wide, high = (east - west) * margin, (north - south) * margin
    points = [
        (round(dice.uniform(west - wide, east + wide), 7), round(dice.uniform(south - high, north + high), 7))
        for _ in range(count)
    ]
    rings = [ring for polygon in geodata.polygons(geometry) for ring in (polygon.exterior, *polygon.interiors)]
    vertices = [point for ring in rings for point in zip(ring.coords[:-1], ring.coords[1:])]
    for (x, y, *_), (x2, y2, *_) in dice.sample(vertices, min(count // 5, len(vertices))):
        points += [(x, y), ((x + x2) / 2, (y + y2) / 2)]
        points.append((x + dice.choice((-1e-7, 1e-7)), y + dice.choice((-1e-7, 1e-7))))
    return points
