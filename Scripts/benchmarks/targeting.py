"""Times `tocsin bench targeting` beside shapely 2 on numpy arrays, and PostGIS in a private cluster and DuckDB when these
are there.

The register is invented: towns of many sizes over France, whose people are scattered about them, coordinates of seven
decimals. Every identifier found is compared, too: a fast wrong answer is no answer.
"""

import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyproj
import shapely

from postgres import POSTGRES, PostgreSQL
from synthetic import SEED, TOCSIN, build_register, code, invented_people

REPEATS = 7


def outline(random, east, north, degrees, vertices):
    """Bays and capes around a place, never crossing itself."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radius = 0.8 + sum(random.normal(0, 0.06 / k) * np.sin(k * angle + random.uniform(0, 6)) for k in range(2, 9))
    radius = degrees * (radius + random.normal(0, 0.002, vertices))
    return shapely.Polygon(np.round(np.c_[east + radius * 1.4 * np.cos(angle), north + radius * np.sin(angle)], 7))


def zones(middle, towns):
    """Name → polygon, or (longitude, latitude, metres)."""
    random = np.random.default_rng(SEED + 1)
    east, north = middle
    along = np.linspace(0, 1, 2500)
    river = shapely.LineString(np.c_[east - 0.4 + 0.8 * along, north + 0.03 * np.sin(30 * along)])
    chosen = random.choice(len(towns), 300, replace=False)
    parts = shapely.union_all([outline(random, *towns[town], 0.02, 54) for town in chosen])
    return {
        "street": outline(random, east, north, 0.003, 18),
        "river": river.buffer(0.004, quad_segs=3),
        "1000 vertices": outline(random, east, north, 0.9, 1000),
        "20000 vertices": outline(random, east, north, 0.9, 20_000),
        "100000 vertices": outline(random, east, north, 0.9, 100_000),
        "rectangle": shapely.box(east - 0.7, north - 0.45, east + 0.6, north + 0.45),
        "300 parts": parts,
        "circle 500 m": (east, north, 500), "circle 5 km": (east, north, 5000), "circle 50 km": (east, north, 50_000),
        "1 commune": [0], "40 communes": list(range(1000, 1040)), "400 communes": list(range(2000, 2400)),
        "782 communes": list(range(100, 882)),
    }


def median_ms(body):
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = body()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), result


def rows_in(zone, x, y, town):
    """shapely's, pyproj's or numpy's answer: row numbers, boundary included."""
    if isinstance(zone, list):
        return np.flatnonzero(np.isin(town, zone))
    if isinstance(zone, tuple):
        box = 1.05 * zone[2] / 111_000
        near = np.flatnonzero((abs(y - zone[1]) < box) & (abs(x - zone[0]) < box / np.cos(np.radians(zone[1]) + 0.02)))
        _, _, metres = pyproj.Geod(ellps="WGS84").inv(
            np.full(len(near), zone[0]), np.full(len(near), zone[1]), x[near], y[near])
        return near[metres <= zone[2]]
    west, south, east, north = zone.bounds
    near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    return near[shapely.intersects_xy(zone, x[near], y[near])]


def own(path, zone, folder, name):
    """The product's milliseconds: first count, counts, ids."""
    words = []
    if isinstance(zone, tuple):
        words = ["--circle", ",".join(map(str, zone))]
    elif isinstance(zone, list):
        words = ["--communes", ",".join(map(code, zone))]
    else:
        file = folder / f"{name.replace(' ', '-')}.geojson"
        file.write_text(json.dumps(shapely.geometry.mapping(zone)))
        words = ["--perimeter", file]
    done = subprocess.run([TOCSIN, "bench", "targeting", "--database", path, "--repeat", str(REPEATS), *words],
                          check=True, capture_output=True, text=True)
    figures = [float(word) for word in done.stdout.splitlines()[1].split("\t")[2:]]
    listed = subprocess.run([TOCSIN, "target", "--database", path, "--format", "ids", *words], check=True,
                            capture_output=True, text=True).stdout.split()
    return figures, np.array(sorted(int(identifier[1:]) for identifier in listed))


class DuckDB:
    """In memory, laid along a Hilbert curve, with its spatial extension from PyPI."""

    def __init__(self, x, y, town):
        import duckdb
        import duckdb_extension_spatial
        extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
        self.database = duckdb.connect(config={"allow_unsigned_extensions": "true"})
        self.database.execute(f"LOAD '{extension}'")
        self.database.register("given", {"id": np.arange(len(x)), "x": x, "y": y, "town": town})
        self.database.execute(
            "CREATE TABLE people AS SELECT id, town, ST_Point(x, y) AS geom FROM given ORDER BY ST_Hilbert(geom, "
            "{'min_x': -10, 'min_y': 35, 'max_x': 15, 'max_y': 55}::BOX_2D); "
            "CREATE INDEX places ON people USING RTREE (geom); CREATE INDEX towns ON people (town)")

    def times(self, zone):
        """Milliseconds to count, and to list."""
        if isinstance(zone, list):
            source, given = "people WHERE list_contains($1, town)", [zone]
        elif isinstance(zone, tuple):
            lon, lat, metres = zone
            box = 1.05 * metres / 111_000
            wide = box / float(np.cos(np.radians(lat) + 0.02))
            source = (f"people WHERE ST_Intersects(geom, ST_MakeEnvelope({lon - wide}, {lat - box}, {lon + wide}, {lat + box})) "
                      f"AND ST_Distance_Spheroid(ST_FlipCoordinates(geom), ST_Point({lat}, {lon})) <= {metres}")
            given = []
        else:
            source, given = "people WHERE ST_Intersects(geom, ST_GeomFromWKB($1::BLOB))", [zone.wkb]
        counts, _ = median_ms(lambda: self.database.execute(f"SELECT count(*) FROM {source}", given).fetchall())
        lists, _ = median_ms(lambda: self.database.execute(f"SELECT id FROM {source}", given).fetchnumpy())
        return counts, lists


class PostGIS(PostgreSQL):
    def __init__(self, folder, x, y, town):
        super().__init__(folder)
        self.psql("CREATE EXTENSION postgis; CREATE TABLE people (id int, commune text, geom geometry(Point, 4326));")
        rows = "".join(f"{row}\t{code(place)}\tSRID=4326;POINT({lon:.7f} {lat:.7f})\n"
                       for row, (lon, lat, place) in enumerate(zip(x.tolist(), y.tolist(), town.tolist())))
        self.psql("COPY people FROM STDIN", rows)
        # Neighbours side by side, as an expert would lay them.
        self.psql("CREATE TABLE sorted AS SELECT * FROM people ORDER BY geom; DROP TABLE people; "
                  "CREATE INDEX ON sorted USING gist (geom); CREATE INDEX ON sorted (commune, id); VACUUM ANALYZE sorted; CREATE TABLE zone (geom geometry); "
                  "ALTER TABLE zone ALTER COLUMN geom SET STORAGE EXTERNAL;")

    def times(self, zone):
        """Milliseconds to count, and to list: psql's own clock, so that its start does not count."""
        if isinstance(zone, list):
            self.psql("DROP TABLE IF EXISTS named; CREATE TABLE named AS SELECT unnest('{" + ",".join(map(code, zone))
                      + "}'::text[]) AS commune; ANALYZE named;")
            source = "sorted WHERE commune = ANY ('{" + ",".join(map(code, zone)) + "}'::text[])"
        elif isinstance(zone, tuple):
            lon, lat, metres = zone
            box = 1.05 * metres / 111_000
            wide = box / float(np.cos(np.radians(lat) + 0.02))
            source = (f"sorted WHERE geom && ST_MakeEnvelope({lon - wide}, {lat - box}, {lon + wide}, {lat + box}, 4326) AND "
                      f"ST_DWithin(geom::geography, ST_MakePoint({lon}, {lat})::geography, {metres})")
        else:
            self.psql(f"TRUNCATE zone; INSERT INTO zone SELECT ST_SetSRID('{zone.wkb_hex}'::geometry, 4326);")
            source = "sorted, zone WHERE ST_Intersects(sorted.geom, zone.geom)"
        counts, answers = self.timed(f"SELECT count(*) FROM {source};", REPEATS)
        lists, _ = self.timed(f"SELECT id FROM {source};", REPEATS)
        return counts, lists, int(answers[0])


def limits(folder, x, y, named):
    """Name → milliseconds of a tight C program over arrays in memory: what nobody is faster than. Empty without gcc."""
    if not shutil.which("gcc"):
        return {}
    program, places = folder / "limit", folder / "places"
    subprocess.run(["gcc", "-O3", "-march=native", Path(__file__).parent / "limit.c", "-o", program, "-lm"], check=True)
    np.c_[x, y].astype("<f8").tofile(places)
    lines, names = [], []
    for name, zone in named.items():
        if isinstance(zone, list):
            continue
        names.append(name)
        if isinstance(zone, tuple):
            lines.append("circle " + " ".join(map(repr, zone)))
            continue
        rings = [np.asarray(ring.coords) for part in getattr(zone, "geoms", [zone]) for ring in [part.exterior, *part.interiors]]
        lines.append(f"area {len(rings)}")
        lines += [f"{len(ring)} " + " ".join(map(repr, ring.ravel().tolist())) for ring in rings]
    done = subprocess.run([program, places], input="\n".join(lines), check=True, capture_output=True, text=True)
    return {name: float(line.split()[1]) for name, line in zip(names, done.stdout.splitlines())}


def main(rows, keep=None):
    x, y, town, middle, towns = invented_people(rows)
    agree = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        path = Path(keep) if keep else folder / "bench.sqlite"
        if not path.exists():
            print(f"register of {rows} recipients, written and checked: {build_register(path, x, y, town):.1f} s", flush=True)
        rival = None
        if (POSTGRES / "initdb").exists() and list(Path("/usr/share/postgresql/15/extension").glob("postgis.control")):
            rival = PostGIS(folder / "postgis", x, y, town)
        else:
            print("without PostGIS: apt-get install postgresql-15-postgis-3 to compare with it")
        duck = None
        if importlib.util.find_spec("duckdb") and importlib.util.find_spec("duckdb_extension_spatial"):
            duck = DuckDB(x, y, town)
        else:
            print("without DuckDB: pip install duckdb duckdb-extension-spatial to compare with it")
        try:
            print(f"{'zone':<16}{'hits':>8}{'first':>9}{'counts':>9}{'ids':>9}{'shapely':>9}{'pg count':>9}{'pg ids':>9}"
                  f"{'dk count':>9}{'dk ids':>9}{'limit':>9}{'pg/ids':>8}{'best/ids':>9}{'pg/counts':>10}{'ids/limit':>10}")
            nothing = float("nan")
            bounds = limits(folder, x, y, zones(middle, towns))
            for label, zone in zones(middle, towns).items():
                (first, counts, ids), found = own(path, zone, folder, label)
                if not isinstance(zone, (tuple, list)):
                    shapely.prepare(zone)
                peer, truth = median_ms(lambda zone=zone: rows_in(zone, x, y, town))
                counted, listed, theirs = rival.times(zone) if rival else (nothing, nothing, len(truth))
                ducks, ducklings = duck.times(zone) if duck else (nothing, nothing)
                same = np.array_equal(found, np.sort(truth))
                agree &= same
                note = "" if same else f"  DIFFERS: {len(np.setxor1d(found, truth))} ids"
                note += "" if theirs == len(truth) else f"  PostGIS: {theirs}"
                best = np.nanmin([peer, listed, ducklings])
                print(f"{label:<16}{len(truth):>8}{first:>9.2f}{counts:>9.3f}{ids:>9.3f}{peer:>9.2f}{counted:>9.2f}{listed:>9.2f}"
                      f"{ducks:>9.2f}{ducklings:>9.2f}{bounds.get(label, nothing):>9.3f}{listed / ids:>8.1f}{best / ids:>9.1f}"
                      f"{counted / counts:>10.1f}{ids / bounds.get(label, nothing):>10.1f}{note}",
                      flush=True)
        finally:
            if rival:
                rival.stop()
    sys.exit(0 if agree else 1)


main(int(sys.argv[1]), *sys.argv[2:])
