"""The French suites of geocoder-tester: what people typed, and the street and town they meant."""

import csv
import random

from worlds import Query, World, communes, fold


def suites(geodata, _count, seed):
    """All cases that name a town, over the whole country's communes.

    The streets that the cases expect are put on the map as synthetic addresses, in the town they are expected in:
    what is measured is how queries are read among 35,000 communes, not whether a file of addresses is complete.
    Cases that only a map's centre could place are left out: they name no town at all.
    """
    dice = random.Random(seed)
    towns = communes(geodata, lambda properties: properties["codes_postaux"])
    by_name, by_postcode = {}, {}
    for town in towns:
        properties = town["properties"]
        by_name.setdefault(key(properties["nom"]), []).append(properties)
        for postcode in properties["codes_postaux"]:
            by_postcode.setdefault(postcode, []).append(properties)
    cases, left_out = [], 0
    for path in sorted((geodata / "addresses/geocoder-tester").rglob("*.csv")):
        with open(path, encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row.get("expected_street") and not row.get("lat")]
        known = {}
        for row in rows:
            if row["expected_city"]:
                known.setdefault(fold(row["expected_street"]), row["expected_city"])
        for row in rows:
            postcode = (row["expected_postcode"] or "").zfill(5) if row["expected_postcode"] else ""
            name = row["expected_city"] or known.get(fold(row["expected_street"]), "")
            town = place(name, postcode, row["query"], by_name, by_postcode)
            if town is None:
                left_out += 1
                continue
            cases.append((path.parent.name + "/" + path.stem, row, town))
    addresses, streets = [], {}
    for _, row, town in cases:
        street = (town["code"], row["expected_street"])
        if street not in streets:
            lon, lat = town["mairie"]
            streets[street] = (len(streets), lon + dice.uniform(-0.02, 0.02), lat + dice.uniform(-0.015, 0.015), set())
        number, lon, lat, doors = streets[street]
        door = row["expected_housenumber"]
        if door in doors:
            continue
        doors.add(door)
        figures = "".join(letter for letter in door if letter.isdigit())
        addresses.append({
            "id": f"{town['code']}_{number:04d}_{int(figures or 0):05d}_{door[len(figures):].strip()}",
            "numero": figures or "1", "rep": door[len(figures):].strip().lower(),
            "nom_voie": row["expected_street"], "code_postal": town["codes_postaux"][0], "code_insee": town["code"],
            "nom_commune": town["nom"], "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"})
    world = World(f"{len(cases)} cases of geocoder-tester ({left_out} left out: no such town), {len(towns):,} communes",
                  towns, addresses)
    for kind, row, town in cases:
        _, lon, lat, _ = streets[town["code"], row["expected_street"]]
        world.queries.append(Query(row["query"].strip(), lon, lat, {town["code"]}, kind,
                                   is_door=bool(row["expected_housenumber"])))
    return world


def place(name, postcode, query, by_name, by_postcode):
    """The town a case means: by name and postcode where it has both, else by what is the only one."""
    named = by_name.get(key(name), []) if name else []
    served = by_postcode.get(postcode, []) if postcode else []
    if named and served:
        named = [town for town in named if town in served]
    elif not named:
        named = served
    if len(named) > 1:
        # The suites are regional, and the town is written in the query.
        named = [town for town in named if key(town["nom"]) in key(query) or any(
            code in query for code in town["codes_postaux"])] or named
    return named[0] if len(named) == 1 else None


def key(name):
    """A town's name without its article, which some lists leave out."""
    words = fold(name).replace("saint ", "st ").replace("sainte ", "ste ").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("le", "la", "les", "l") else words)
