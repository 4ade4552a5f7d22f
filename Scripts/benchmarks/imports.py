"""Times `tocsin import recipients`, with coordinates and by address, beside ogr2ogr on the same rows.

The people are invented: telephones from 0700, which the plan gives to machines only (the range kept for fiction has
but 10,000), addresses of GeoData's demonstration.
ogr2ogr does less (no validation, no telephone plan, no history to undo); the ratio says what that care costs.
"""

import csv
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
TOCSIN = os.environ["TOCSIN_BINARY"]
COLUMNS = ["identifiant", "nom", "adresse", "code_postal", "commune", "code_insee", "longitude", "latitude",
           "telephone_mobile", "email"]


def write_register(path: Path, rows: int, is_located: bool) -> None:
    """The same people every time; with `is_located` each has coordinates near a real commune's address."""
    with gzip.open(ROOT / "GeoData/demo/adresses-80.csv.gz", "rt", encoding="utf-8") as file:
        places = list(csv.DictReader(file, delimiter=";"))
    random = Random(2024)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(COLUMNS)
        for number in range(rows):
            place = places[int(random.random() * len(places))]
            # A hundred metres or so around, so that no two are quite at one point.
            point = [f"{float(place[axis]) + (random.random() - 0.5) * 0.002:.7f}" for axis in ("lon", "lat")]
            out.writerow([
                f"B{number:07d}", f"Personne {number}", f"{place['numero']} {place['nom_voie']}", place["code_postal"],
                place["nom_commune"], place["code_insee"], *(point if is_located else ["", ""]),
                f"0700{number % 1_000_000:06d}", f"p{number}@example.org"])


def timed(*command) -> tuple[float, float]:
    """Seconds, and the peak memory in MiB of the largest child so far."""
    start = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = folder / "base.sqlite"
        timed(TOCSIN, "init", "--database", base)
        timed(TOCSIN, "import", "communes", "--database", base, ROOT / "GeoData/communes-80.geojson.gz")
        timed(TOCSIN, "import", "addresses", "--database", base, ROOT / "GeoData/demo/adresses-80.csv.gz")
        print(f"{'what':<44}{'seconds':>9}{'rows/s':>10}{'MiB':>7}")

        def line(what, result):
            print(f"{what:<44}{result[0]:>9.1f}{rows / result[0]:>10.0f}{result[1]:>7.0f}", flush=True)

        for is_located, what in ((True, "with coordinates"), (False, "by address")):
            people = folder / f"people-{is_located}.csv"
            write_register(people, rows, is_located)
            if is_located:
                peer = timed("ogr2ogr", "-f", "SQLite", "-dsco", "SPATIALITE=YES", folder / "peer.sqlite", people,
                             "-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude",
                             "-a_srs", "EPSG:4326", "-gt", "100000")
                line("ogr2ogr into SpatiaLite", peer)
            database = folder / f"{is_located}.sqlite"
            subprocess.run(["cp", base, database], check=True)
            command = (TOCSIN, "import", "recipients", "--database", database, people)
            own = timed(*command)
            line(f"tocsin, {what}", own)
            line(f"tocsin, {what}, the same file again", timed(*command))
            if is_located:
                print(f"{'  first import: times ogr2ogr':<44}{own[0] / peer[0]:>9.2f}")


main(int(sys.argv[1]))
