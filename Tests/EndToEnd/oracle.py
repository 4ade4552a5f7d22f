"""Who is inside a zone, computed by shapely and pyproj alone: the product's answers are held against this.

A verdict is one of OUTSIDE, NOT_LOCATED, POSSIBLE, CERTAIN, in that order: a union keeps the greatest, an
intersection the least, and a difference takes away only who is certainly in what is removed.
"""

from dataclasses import dataclass

import numpy
import pyproj
import shapely

import geodata
from register import Person

OUTSIDE, NOT_LOCATED, POSSIBLE, CERTAIN = range(4)
EARTH = pyproj.Geod(ellps="WGS84")
# A point in no commune is possibly in each whose simplified boundary comes this near.
SLIVER_METRES = 250
# Where a circle's edge comes this close to a commune's, two right computations may differ.
DOUBT_METRES = 0.5


class Zone:
    """A zone that knows how it is spelt on the command line."""

    def verdicts(self, people: list[Person], communes: dict[str, shapely.Geometry]) -> dict[str, int]:
        raise NotImplementedError

    def arguments(self) -> list[str]:
        raise NotImplementedError


def judged(people: list[Person], inside: set[str], communes: dict, extent) -> dict[str, int]:
    """Verdicts of a surface: points as told, communes by `extent`, nobody else can be judged."""
    extents = {code: extent(communes[code]) for code in {
        person.code for person in people if not person.has_point and person.code in communes}}
    return {
        person.id: (CERTAIN if person.id in inside else OUTSIDE) if person.has_point
        else extents.get(person.code, NOT_LOCATED)
        for person in people
    }


def within(people: list[Person], areas: list[shapely.Geometry]) -> set[str]:
    """Those whose point is in one of the areas, boundary included."""
    located = [person for person in people if person.has_point]
    xs, ys = numpy.array([person.lon for person in located]), numpy.array([person.lat for person in located])
    inside = numpy.zeros(len(located), dtype=bool)
    for area in areas:
        shapely.prepare(area)
        inside |= shapely.intersects_xy(area, xs, ys)
    return {person.id for person, is_in in zip(located, inside) if is_in}


@dataclass
class Perimeter(Zone):
    """A file, and the geometry it must be read as."""

    path: object
    geometry: shapely.Geometry

    def arguments(self):
        return ["--perimeter", str(self.path)]

    def verdicts(self, people, communes):
        parts = geodata.polygons(self.geometry)
        union = shapely.union_all(parts)
        shapely.prepare([*parts, union])

        def extent(commune):
            if union.covers(commune):
                return CERTAIN
            return POSSIBLE if any(part.intersects(commune) for part in parts) else OUTSIDE

        return judged(people, within(people, parts), communes, extent)


@dataclass
class Circle(Zone):
    lon: float
    lat: float
    metres: float

    def arguments(self):
        return ["--circle", f"{self.lon},{self.lat},{self.metres}"]

    def distances(self, lons, lats):
        count = len(lons)
        return EARTH.inv([self.lon] * count, [self.lat] * count, lons, lats)[2]

    def verdicts(self, people, communes):
        located = [person for person in people if person.has_point]
        distances = self.distances([person.lon for person in located], [person.lat for person in located])
        inside = {person.id for person, distance in zip(located, distances) if distance <= self.metres}
        return judged(people, inside, communes, self.extent)

    def extent(self, commune: shapely.Geometry) -> int:
        """By the distances of the commune's boundary, a point every 0.0005 degree (55 m) at least."""
        middle = shapely.point_on_surface(commune)
        if self.distances([middle.x], [middle.y])[0] > self.metres + 100_000:
            return OUTSIDE
        coordinates = shapely.get_coordinates(shapely.segmentize(commune.boundary, 0.0005))
        distances = self.distances(coordinates[:, 0], coordinates[:, 1])
        if max(distances) <= self.metres - DOUBT_METRES:
            return CERTAIN
        if min(distances) <= self.metres - DOUBT_METRES or commune.intersects(shapely.Point(self.lon, self.lat)):
            assert abs(max(distances) - self.metres) > DOUBT_METRES, "choose another circle: this one is in doubt"
            return POSSIBLE
        # The nearest point may lie between two of those measured: less than a metre nearer.
        assert min(distances) > self.metres + 10, "choose another circle: this one is in doubt"
        return OUTSIDE


def metres_between(person: Person, area: shapely.Geometry) -> float:
    """On the plane of the local scale, which is right to a millimetre over the few hundred metres that matter."""
    east = EARTH.inv(person.lon - 5e-4, person.lat, person.lon + 5e-4, person.lat)[2] * 1000
    north = EARTH.inv(person.lon, person.lat - 5e-4, person.lon, person.lat + 5e-4)[2] * 1000
    flat = shapely.transform(area, lambda xy: (xy - [person.lon, person.lat]) * [east, north])
    return flat.distance(shapely.Point(0, 0))


@dataclass
class Communes(Zone):
    """By the recipient's code; by boundary for who has a point and no code, or one that no territory knows.

    Who of those is in no commune is possibly in each that is near: boundaries are simplified.
    """

    codes: list[str]

    def arguments(self):
        return ["--communes", ",".join(self.codes)]

    def verdicts(self, people, communes):
        codes = set(self.codes)
        uncoded = [person for person in people if person.code not in codes and person.code not in communes]
        inside = within(uncoded, [communes[code] for code in codes if code in communes])
        result = {person.id: CERTAIN if person.code in codes else OUTSIDE for person in people}
        for person in uncoded:
            result[person.id] = NOT_LOCATED if not person.has_point else CERTAIN if person.id in inside else OUTSIDE
        anywhere = within(uncoded, list(communes.values()))
        near = [communes[code].buffer(0.01) for code in codes if code in communes]
        for person in uncoded:
            if person.has_point and person.id not in anywhere and person.id in within([person], near):
                metres = min(metres_between(person, communes[code]) for code in codes if code in communes)
                assert abs(metres - SLIVER_METRES) > DOUBT_METRES, "choose another point: this one is in doubt"
                result[person.id] = POSSIBLE if metres <= SLIVER_METRES else OUTSIDE
        return result


@dataclass
class Department(Zone):
    code: str

    def arguments(self):
        return ["--department", self.code]

    def verdicts(self, people, communes):
        codes = {code for code in communes if code.startswith(self.code)}
        codes |= {person.code for person in people if person.code and person.code.startswith(self.code)}
        return Communes(sorted(codes)).verdicts(people, communes)


@dataclass
class Listed(Zone):
    name: str

    def arguments(self):
        return ["--list", self.name]

    def verdicts(self, people, communes):
        return {person.id: CERTAIN if self.name in person.lists else OUTSIDE for person in people}


@dataclass
class Combined(Zone):
    """Terms united, narrowed to each group of `within`, less all of `without`."""

    terms: list[Zone]
    within: list[list[Zone]] = ()
    without: list[Zone] = ()

    def arguments(self):
        words = [word for term in self.terms for word in term.arguments()]
        for group in self.within:
            words += ["--within"] + [word for term in group for word in term.arguments()]
        if self.without:
            words += ["--except"] + [word for term in self.without for word in term.arguments()]
        return words

    def verdicts(self, people, communes):
        result = self.union(self.terms, people, communes)
        for group in self.within:
            narrow = self.union(group, people, communes)
            result = {id: min(verdict, narrow[id]) for id, verdict in result.items()}
        if self.without:
            removed = self.union(self.without, people, communes)
            result = {id: self.less(verdict, removed[id]) for id, verdict in result.items()}
        return result

    @staticmethod
    def union(terms, people, communes):
        each = [term.verdicts(people, communes) for term in terms]
        return {person.id: max(verdicts[person.id] for verdicts in each) for person in people}

    @staticmethod
    def less(verdict: int, removed: int) -> int:
        if removed == OUTSIDE:
            return verdict
        return OUTSIDE if removed == CERTAIN else min(verdict, POSSIBLE)


@dataclass
class Answer:
    """What the product must say of a zone."""

    certain: set[str]
    possible: set[str]
    not_located: set[str]
    people: dict[str, Person]

    @property
    def ids(self) -> list[str]:
        """In byte order."""
        return sorted(self.certain | self.possible, key=str.encode)

    def by_channel(self, channel: str) -> list[str]:
        return [id for id in self.ids if channel in self.people[id].channels]

    @property
    def counts(self) -> dict[str, int]:
        counts = {
            "recipients": len(self.ids), "certain": len(self.certain), "possible": len(self.possible),
            "not_located": len(self.not_located),
        }
        return counts | {channel: len(self.by_channel(channel)) for channel in ("sms", "voice", "email", "fax")}


def answer(zone: Zone, people: list[Person], communes: dict[str, shapely.Geometry]) -> Answer:
    verdicts = zone.verdicts(people, communes)
    sets = {verdict: {id for id, found in verdicts.items() if found == verdict} for verdict in range(4)}
    return Answer(sets[CERTAIN], sets[POSSIBLE], sets[NOT_LOCATED], {person.id: person for person in people})
