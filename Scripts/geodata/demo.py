"""The demonstration register: town halls, synthetic residents and synthetic addresses, always the same.

Only `Random.random()` is used: unlike the other methods its sequence is the same in every version of Python.
Phone numbers come from the ranges that the French regulator reserves for fiction, e-mail from example.org.
"""

import csv
import io
import unicodedata
from dataclasses import dataclass
from random import Random

from area import Area
from words import FIRST_NAMES, HAMLETS, LAST_NAMES, STREET_PEOPLE, STREET_TYPES, VILLAGE_STREETS

SEED = 80_2024
RESIDENTS = 20_000
RECIPIENT_COLUMNS = ("identifiant", "nom", "type", "adresse", "code_postal", "commune", "code_insee", "longitude",
                     "latitude", "telephone_mobile", "telephone_fixe", "telephone_3", "email", "fax", "langue",
                     "listes")
ADDRESS_COLUMNS = ("id", "id_fantoir", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune",
                   "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "lon", "lat", "type_position",
                   "alias", "nom_ld", "libelle_acheminement", "nom_afnor", "source_position", "source_nom_voie",
                   "certification_commune", "cad_parcelles")
MOBILE = "63998"
FIXED = ("35301", "35301", "35301", "35301", "35301", "35301", "19900", "26191", "46571", "53649")
LANGUAGES = (("fr", 0.962), ("en", 0.974), ("pl", 0.981), ("pt", 0.988), ("ar", 0.995), ("es", 1))


@dataclass
class House:
    """One synthetic address."""

    commune: dict
    street: str
    street_rank: int
    number: int
    suffix: str
    position: tuple
    point: tuple

    @property
    def text(self):
        """The first line of the postal address, as the address file spells it."""
        return f"{self.number}{' ' + self.suffix if self.suffix else ''} {self.street}"


def pick(random, values):
    """One of the values, evenly."""
    return values[int(random() * len(values))]


def plain(text):
    """Upper case without accents, as old files write names."""
    text = text.replace("œ", "oe").replace("Œ", "OE")
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().upper()


def csv_text(columns, rows):
    """Rows as CSV with semicolons."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def phone(random, ranges=(MOBILE,)):
    """A number reserved for fiction, mostly in international form, sometimes as people write it."""
    digits = pick(random, ranges) + f"{int(random() * 10_000):04d}"
    pairs = [digits[i:i + 2] for i in range(1, 9, 2)]
    style = random()
    if style < 0.55:
        return f"+33{digits}"
    if style < 0.80:
        return " ".join([f"0{digits[0]}", *pairs])
    if style < 0.90:
        return f"0{digits}"
    if style < 0.95:
        return ".".join([f"0{digits[0]}", *pairs])
    return " ".join(["+33", digits[0], *pairs])


def postcode(commune):
    """The commune's first postcode, or nothing."""
    return commune["codes_postaux"][0] if commune["codes_postaux"] else ""


def town_halls(communes):
    """Every town hall as a recipient with up to three emergency numbers."""
    random = Random(SEED + 1).random
    for feature in communes:
        commune = feature["properties"]
        row = {
            "identifiant": f"mairie-{commune['code']}", "nom": f"Mairie {commune['nom_liaison']}", "type": "mairie",
            "adresse": "Mairie", "code_postal": postcode(commune), "commune": commune["nom"],
            "code_insee": commune["code"], "email": f"mairie.{commune['code']}@example.org", "langue": "fr",
            "listes": "Mairies de la Somme", "telephone_mobile": phone(random),
        }
        if commune["mairie"]:
            row["longitude"], row["latitude"] = commune["mairie"]
        numbers = random()
        if numbers < 0.95:
            row["telephone_fixe"] = phone(random, FIXED[:1])
        if numbers < 0.70:
            row["telephone_3"] = phone(random, FIXED[:1] if random() < 0.4 else (MOBILE,))
        if random() < 1 / 3:
            row["fax"] = phone(random, FIXED[:1])
        yield row


def shares(communes, total):
    """How many of the residents live in each commune: largest remainders over the legal populations."""
    populations = [feature["properties"]["population"] for feature in communes]
    quotas = [total * population / sum(populations) for population in populations]
    counts = [int(quota) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda i: (counts[i] - quotas[i], communes[i]["properties"]["code"]))
    for i in order[:total - sum(counts)]:
        counts[i] += 1
    return counts


def street_names(random):
    """Names for a commune's streets, none twice: a village's own first, then people and places."""
    village = list(VILLAGE_STREETS)
    while village:
        yield village.pop(int(random() * random() * len(village)))
    town = [f"{kind} {name}" for kind in STREET_TYPES for name in STREET_PEOPLE]
    while town:
        yield town.pop(int(random() * len(town)))


def houses(random, commune, area, wanted):
    """At least the wanted number of houses (fewer only in the tiniest commune), along straight streets."""
    found = []
    per_street = min(60, 8 + int(wanted ** 0.5))
    spread = min(0.4 * area.radius, 150 + 4 * commune["population"] ** 0.5)
    for rank, street in enumerate(street_names(random), start=1):
        start = area.around_centre(random, spread)
        end = area.around_centre(random, spread)
        length = max(1.0, ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)
        east, north = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        for number in range(1, per_street + 1):
            if random() < 0.12:
                continue  # A gap: numbers are never complete in a real street.
            along, side = number * 9, (7 if number % 2 else -7)
            point = (start[0] + along * east - side * north, start[1] + along * north + side * east)
            suffixes = ("", "bis") if random() < 0.03 else ("",)
            for shift, suffix in enumerate(suffixes):
                place = (point[0] + 4 * shift * east, point[1] + 4 * shift * north)
                if area.holds(place):
                    found.append(House(commune, street, rank, number, suffix, area.to_degrees(place), place))
        if len(found) >= wanted:
            break
    return found


def address_row(house):
    """A house in the columns of the Base Adresse Nationale; the Lambert-93 x and y are left empty."""
    commune = house.commune
    street_id = f"{commune['code']}_{house.street_rank:04d}"
    return {
        "id": f"{street_id}_{house.number:05d}" + (f"_{house.suffix}" if house.suffix else ""),
        "id_fantoir": street_id, "numero": house.number, "rep": house.suffix, "nom_voie": house.street,
        "code_postal": postcode(commune), "code_insee": commune["code"], "nom_commune": commune["nom"],
        "lon": house.position[0], "lat": house.position[1], "type_position": "entrée",
        "libelle_acheminement": plain(commune["nom"]), "nom_afnor": plain(house.street).replace("'", " "),
        "source_position": "synthetique", "source_nom_voie": "synthetique", "certification_commune": 0,
    }


def contacts(random, identifier, first, last):
    """A resident's contact points: none for about 1.5 %, otherwise mobile, fixed, e-mail, rarely fax."""
    row = {}
    if random() < 0.015:
        return row
    while not row:
        if random() < 0.70:
            row["telephone_mobile"] = phone(random)
        if random() < 0.36:
            row["telephone_fixe"] = phone(random, FIXED)
        if random() < 0.55:
            local = plain(f"{first}.{last}").lower().replace("'", "").replace(" ", "-")
            row["email"] = f"{local}.{identifier[-6:]}@example.org"
    if random() < 0.06:
        row["telephone_3"] = phone(random, (MOBILE,) if random() < 0.6 else FIXED)
    if random() < 0.005:
        row["fax"] = phone(random, FIXED)
    return row


def as_written(random, text):
    """An address line as people type it: mostly as the reference has it, sometimes not."""
    style = random()
    if style < 0.06:
        return plain(text)
    if style < 0.12:
        return text.lower()
    if style < 0.17:
        number, rest = text.split(" ", 1)
        return f"{number}, {rest}"
    if style < 0.20:
        return text.replace("Avenue", "Av.").replace("Boulevard", "Bd").replace("Place", "Pl.")
    return text


def location(random, commune, area, homes):
    """The location columns of a resident: coordinates, an address to geocode, the commune alone, or nothing."""
    named = {"code_postal": postcode(commune), "commune": commune["nom"], "code_insee": commune["code"]}
    quality = random()
    if quality < 0.70:
        if random() < 0.15 or not homes:
            point = area.anywhere(random)
            home = {"adresse": f"Lieu-dit {pick(random, HAMLETS)}", "position": area.to_degrees(point)}
        else:
            house = pick(random, homes)
            point = (house.point[0] + 8 * random() - 4, house.point[1] + 8 * random() - 4)
            position = area.to_degrees(point) if area.holds(point) else house.position
            home = {"adresse": as_written(random, house.text), "position": position}
        longitude, latitude = home.pop("position")
        return named | home | {"longitude": longitude, "latitude": latitude}
    if quality < 0.90 and homes:
        named["adresse"] = as_written(random, pick(random, homes).text)
    if quality < 0.98:
        if random() < 0.4 and named["code_postal"]:
            named["code_insee"] = ""
            if random() < 0.1:
                named["commune"] = plain(named["commune"])
        return named
    return pick(random, ({}, {"adresse": "Poste restante"}, {"adresse": "Adresse à vérifier"},
                         {"adresse": "Chez la gardienne", "commune": "Commune à préciser"}))


def residents_and_addresses(communes):
    """20,000 synthetic residents and the synthetic addresses that they live at, as two lists of rows."""
    random = Random(SEED).random
    people, addresses = [], []
    for feature, count in zip(communes, shares(communes, RESIDENTS)):
        commune = feature["properties"]
        area = Area(feature["geometry"], commune["mairie"])
        homes = houses(random, commune, area, max(6, round(1.15 * count)))
        addresses += [address_row(house) for house in homes]
        for _ in range(count):
            first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
            identifier = f"hab-{len(people) + 1:06d}"
            household = random() < 0.2
            row = {"identifiant": identifier, "nom": f"Famille {last}" if household else f"{first} {last}",
                   "type": "foyer" if household else "personne"}
            row |= location(random, commune, area, homes) | contacts(random, identifier, first, last)
            draw = random()
            row["langue"] = next(language for language, limit in LANGUAGES if draw < limit)
            row["listes"] = "Habitants de la Somme" + ("|Personnes vulnérables" if random() < 0.04 else "")
            people.append(row)
    return people, addresses
