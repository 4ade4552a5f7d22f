"""Circles and margins in true metres, from 100 m to 100 km, wherever France is: pyproj's geodesics say who is inside.

Each point lies within a two-thousandth of the radius beside the edge, so an error of 0.05 % of it would be seen; the goal
is 0.1 %, and a naive Mercator circle at 44° N is 28 % short."""

import random

import pyproj
import pytest
import shapely

import geodata
import register
from worlds import made

EARTH = pyproj.Geod(ellps="WGS84")
PLACES = {
    "Dunkerque": (2.37, 51.03), "Rodez": (2.57, 44.35), "Ajaccio": (8.74, 41.93), "Basse-Terre": (-61.73, 16.0),
    "Fort-de-France": (-61.06, 14.6), "Maripasoula": (-54.03, 3.64), "Saint-Denis": (55.45, -20.88), "Mamoudzou": (45.23, -12.78),
    "Saint-Pierre": (-56.18, 46.78), "Mata-Utu": (-176.17, -13.28), "Papeete": (-149.57, -17.53), "Nouméa": (166.44, -22.27),
}
RADII = [100, 1_000, 10_000, 100_000]
SHARE = 0.0005


def beside(edge, radius: float, dice: random.Random, outward: tuple[float, float] = (0, 360)) -> list[tuple[tuple[float, float], bool]]:
    """Points about a distance from a place, and whether each is within it."""
    found = []
    for _ in range(40):
        share = dice.choice([-1, 1]) * dice.uniform(SHARE / 50, SHARE)
        lon, lat, _ = EARTH.fwd(*edge, dice.uniform(*outward), radius * (1 + share))
        found.append(((lon, lat), share < 0))
    return found


def corner(place: tuple[float, float]) -> tuple[shapely.Polygon, tuple[float, float]]:
    """A square of some 60 m, and its north-eastern corner, of which everything to the north-east is nearest."""
    lon, lat = place
    return shapely.box(lon - 0.0006, lat - 0.0006, lon, lat), place


@pytest.fixture(scope="module")
def earth(binary, tmp_path_factory):
    """One register of points beside the edge of every circle, and beside the edge of every margin of every corner."""
    from cli import Tocsin
    dice = random.Random(44)
    points, inside = [], {}
    for name, place in PLACES.items():
        for radius in RADII:
            for kind, outward in (("circle", (0, 360)), ("margin", (5, 85))):
                for point, is_in in beside(place, radius, dice, outward):
                    inside.setdefault((name, radius, kind), {})[len(points)] = is_in
                    points.append(point)
    tocsin = Tocsin(binary, tmp_path_factory.mktemp("earth"))
    tocsin.ok("init")
    world = made(tocsin, register.people_at("P", points))
    return world, inside


def check(world, inside: dict[int, bool], *zone) -> None:
    ids = set(world.tocsin.ids(*zone))
    wrong = [number for number, is_in in inside.items() if (world.people[number].id in ids) != is_in]
    assert not wrong, f"{len(wrong)} of {len(inside)} points lie on the wrong side of the edge"
    assert 5 < sum(inside.values()) < 35


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("name", PLACES)
def test_a_circle_is_true_to_a_two_thousandth(earth, name, radius):
    world, inside = earth
    lon, lat = PLACES[name]
    check(world, inside[name, radius, "circle"], "--circle", f"{lon},{lat},{radius}")


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("name", PLACES)
def test_a_margin_is_true_to_a_two_thousandth(earth, tmp_path, name, radius):
    world, inside = earth
    square, _ = corner(PLACES[name])
    path = geodata.write(tmp_path / "square.geojson", shapely.geometry.mapping(square))
    check(world, inside[name, radius, "margin"], "--perimeter", path, "--margin", radius)
