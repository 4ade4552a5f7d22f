"""Geocoding against the Base Adresse Nationale itself: addresses are found where it puts them, or honestly less well."""

import csv
import gzip
import io
import json

import pytest

import geodata
from oracle import EARTH

BAN = "addresses/ban-93010-extract.csv"


@pytest.fixture(scope="module")
def addresses() -> list[dict]:
    with open(geodata.file(BAN), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def bondy(template, tmp_path_factory):
    """Bondy and its neighbours, with 1,900 addresses: only read."""
    tocsin = template.copy(tmp_path_factory.mktemp("bondy"))
    communes = tocsin.folder / "93.ndjson"
    with gzip.open(geodata.file("communes/cog2024/france.ndjson.gz"), "rt") as lines, open(communes, "w") as kept:
        kept.writelines(line for line in lines if '"departement":"93"' in line.replace('": "', '":"'))
    tocsin.ok("import", "communes", communes, "--vintage", "2024")
    tocsin.ok("import", "addresses", geodata.file(BAN))
    return tocsin


def text_of(address: dict) -> str:
    return " ".join(part for part in (address["numero"] + address["rep"], address["nom_voie"]) if part)


def geocoded(tocsin, query: str) -> list[dict]:
    return [json.loads(line) for line in tocsin.ok("geocode", query).lines]


def metres(address: dict, place: dict) -> float:
    return EARTH.inv(float(address["lon"]), float(address["lat"]), float(place["lon"]), float(place["lat"]))[2]


def test_exact_addresses_are_found_at_their_number_within_30_metres(bondy, addresses, tmp_path):
    path = tmp_path / "addresses.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["reference", "adresse", "code postal", "ville"])
        writer.writerows([a["id"], text_of(a), a["code_postal"], a["nom_commune"]] for a in addresses)
    places = list(csv.DictReader(io.StringIO(bondy.ok("geocode", "--csv", path).out)))
    assert [place["reference"] for place in places] == [address["id"] for address in addresses]
    good = [place for address, place in zip(addresses, places)
            if place["precision"] == "house_number" and metres(address, place) <= 30 and place["commune_code"] == "93010"]
    # The base has a few numbers twice in one street, at two places: those may not be told apart.
    assert len(good) >= 0.998 * len(addresses), f"{len(good)} of {len(addresses)}"
    # What is not found at its number says how far it may be, or that there are two.
    for address, place in zip(addresses, places):
        if place not in good:
            best = geocoded(bondy, f"{text_of(address)} {address['code_postal']} {address['nom_commune']}")[0]
            assert best["ambiguous"] or metres(address, best) <= best["uncertainty_metres"], best


@pytest.mark.parametrize("spell", [
    str.upper, str.lower, lambda text: text.replace("Rue", "R.").replace("Avenue", "Av"),
    lambda text: text.replace("é", "e").replace("è", "e"), lambda text: text.replace(" ", "   ").replace("-", " "),
    lambda text: text.replace(" ", ", ", 1)], ids=["upper", "lower", "abbreviated", "without accents", "blanks", "comma"])
def test_an_address_is_found_however_it_is_spelt(bondy, addresses, dice, spell):
    chosen = dice.sample([address for address in addresses if not address["rep"]], 12)
    found = 0
    for address in chosen:
        places = geocoded(bondy, f"{spell(text_of(address))} {address['code_postal']} {address['nom_commune']}")
        found += bool(places) and places[0]["precision"] == "house_number" and metres(address, places[0]) <= 30
    assert found >= 11


def test_an_answer_says_what_it_is_and_the_best_comes_first(bondy, addresses):
    places = geocoded(bondy, "avenue Gallieni Bondy")
    assert places and {"label", "lon", "lat", "score", "precision", "commune_code"} <= set(places[0])
    assert [place["score"] for place in places] == sorted((place["score"] for place in places), reverse=True)
    assert all(0 <= place["score"] <= 1 for place in places)
    assert {place["precision"] for place in places} <= {"house_number", "street", "locality", "commune"}


def test_a_number_that_is_not_there_is_not_made_up(bondy, addresses):
    street = addresses[0]["nom_voie"]
    best = geocoded(bondy, f"9998 {street} 93140 Bondy")[0]
    assert best["precision"] != "house_number"


def test_a_commune_is_found_by_name_and_nowhere_is_nowhere(bondy):
    best = geocoded(bondy, "Bondy")[0]
    assert (best["precision"], best["commune_code"]) == ("commune", "93010")
    nowhere = bondy.ok("geocode", "xyzzyx qwrtzp")
    assert nowhere.out == "" and nowhere.err.strip()


@pytest.mark.parametrize("words", [[], ["a", "--csv", "b"], ["a", "--limit", "0"], ["--csv", "/nowhere.csv"], ["a", "b"]],
                         ids=lambda words: " ".join(words) or "nothing")
def test_a_question_that_is_none_is_refused(bondy, words):
    bondy.refused("geocode", *words)


@pytest.mark.parametrize("query", ["'", '"', "*", "a* OR b", "NEAR(a b)", "; DROP TABLE streets", "%", "\\", "rue" * 500, "🏠", "(", "-"])
def test_no_query_breaks_the_search(bondy, query):
    bondy.ok("geocode", "--", query)


def test_recipients_known_by_address_are_never_lost(bondy, addresses, dice, tmp_path):
    tocsin = bondy.copy(tmp_path)
    chosen = dice.sample(addresses, 60)
    with open(tmp_path / "people.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "nom", "adresse", "code postal", "commune"])
        for number, address in enumerate(chosen):
            writer.writerow([f"A{number:02d}", "Nomsecret", text_of(address), address["code_postal"], "Bondy"])
    assert "house_number" in tocsin.ok("import", "recipients", tmp_path / "people.csv").err
    for number in (0, 7, 23, 41):
        lon, lat = float(chosen[number]["lon"]), float(chosen[number]["lat"])
        near = [index for index, a in enumerate(chosen) if EARTH.inv(lon, lat, float(a["lon"]), float(a["lat"]))[2] <= 400]
        ids = tocsin.ids("--circle", f"{lon},{lat},400")
        assert {f"A{index:02d}" for index in near} <= set(ids), "someone inside was left out"
        # And nobody from across the town: no uncertainty here is wider than its street.
        far = [index for index, a in enumerate(chosen) if EARTH.inv(lon, lat, float(a["lon"]), float(a["lat"]))[2] > 2_500]
        certain = tocsin.ids("--circle", f"{lon},{lat},400", "--certain")
        assert not {f"A{index:02d}" for index in far} & set(certain)


def test_addresses_that_come_later_locate_who_was_known_by_the_commune(bondy, addresses, template, tmp_path):
    tocsin = template.copy(tmp_path)
    tocsin.ok("import", "communes", bondy.folder / "93.ndjson", "--vintage", "2024")
    (tmp_path / "people.csv").write_text(
        "id;adresse;code_postal;commune\n"
        + "".join(f"L{n};{text_of(a)};{a['code_postal']};{a['nom_commune']}\n" for n, a in enumerate(addresses[:8])),
        encoding="utf-8")
    tocsin.ok("import", "recipients", tmp_path / "people.csv")
    zone = ("--circle", f"{addresses[0]['lon']},{addresses[0]['lat']},20000")
    assert tocsin.ok("target", *zone).counts["recipients"] == 8
    assert tocsin.ok("target", *zone, "--format", "csv").out.count(",commune,") == 8
    tocsin.ok("import", "addresses", geodata.file(BAN))
    assert tocsin.ok("target", *zone, "--format", "csv").out.count(",house_number,") >= 7


def test_addresses_import_twice_changes_nothing_and_bad_files_are_refused(bondy, tmp_path):
    tocsin = bondy.copy(tmp_path)
    assert "0 added, 0 updated, 1900 unchanged" in tocsin.ok("import", "addresses", geodata.file(BAN)).err
    whole = geodata.file(BAN).read_bytes()
    with gzip.open(tmp_path / "again.csv.gz", "wb") as file:
        file.write(whole)
    assert "1900 unchanged" in tocsin.ok("import", "addresses", tmp_path / "again.csv.gz").err
    bad = {"empty.csv": b"", "header.csv": b"a;b;c\n1;2;3\n", "junk.csv": geodata.file("addresses/bal/validateur_junk.ascii.csv").read_bytes(),
           "cut.csv.gz": (tmp_path / "again.csv.gz").read_bytes()[:-200],
           "coordinates.csv": whole.replace(b"48.905722", b"x8.905722"), "swapped.csv": whole.replace(b"2.483334;48.905722", b"48.905722;2.483334")}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        assert name in tocsin.refused("import", "addresses", tmp_path / name).err
    assert "1900 unchanged" in tocsin.ok("import", "addresses", geodata.file(BAN)).err


BAL = [f"addresses/bal/aitf_bal_simple_v{version}.csv" for version in ("1.3", "1.4", "1.5")]
LA_POSTE = "addresses/laposte-hexasmal-2025-06.csv.gz"


def test_local_bases_of_every_version_are_one_town(template, tmp_path):
    tocsin = template.copy(tmp_path)
    assert "24 added" in tocsin.ok("import", "addresses", geodata.file(BAL[0])).err
    again = tocsin.ok("import", "addresses", geodata.file(BAL[1]), geodata.file(BAL[2])).err
    assert again.count("0 added, 0 updated, 25 unchanged") == 2
    best = geocoded(tocsin, "10 rue de Chanteloup, Corps-Nuds")[0]
    # Its building, not its parcel: the file has both.
    assert (best["precision"], best["lat"] > 47.977) == ("house_number", True)
    assert geocoded(tocsin, "le Chêne Hervé, Corps-Nuds")[0]["precision"] == "locality"


def test_the_posts_table_adds_postcodes_and_names_but_no_place(template, tmp_path):
    tocsin = template.copy(tmp_path)
    first = tocsin.ok("import", "addresses", geodata.file(LA_POSTE)).err
    assert "39201 rows" in first and " 0 postcodes" not in first
    assert " 0 postcodes and names added" in tocsin.ok("import", "addresses", geodata.file(LA_POSTE)).err
    best = geocoded(tocsin, "01300 Arbignieu")[0]
    assert (best["commune_code"], best["precision"], best["uncertainty_metres"]) == ("01015", "commune", None)
    assert not [place for place in geocoded(tocsin, "Arbignieu") if place["score"] >= 0.5]


def test_addresses_are_read_line_by_line_from_standard_input(bondy):
    lines = ["12 avenue Gallieni 93140 Bondy", "", "xyzzyx", "\x00\u202e 🏠" * 2000, "Bondy"]
    answered = bondy.ok("geocode", "--stdin", "--limit", "1", stdin="\n".join(lines) + "\n")
    places = [json.loads(line) for line in answered.out.splitlines()]
    assert len(places) == len(lines)
    assert [len(found) for found in places] == [1, 0, 0, 0, 1]
    assert places[4][0]["commune_code"] == "93010"


def test_a_file_that_is_no_addresses_says_what_could_be_read(bondy, tmp_path):
    tocsin = bondy.copy(tmp_path)
    error = tocsin.refused("import", "addresses", geodata.file("addresses/bal/validateur_junk.ascii.csv")).err
    assert "Base Adresse Nationale" in error and "Base Adresse Locale" in error and "La Poste" in error
    text = geodata.file(BAL[2]).read_text(encoding="utf-8-sig").splitlines()
    text[6] = text[6].replace(";6;", ";six;")
    (tmp_path / "bad.csv").write_text("\n".join(text), encoding="utf-8")
    assert "bad.csv, line 7, column numero" in tocsin.refused("import", "addresses", tmp_path / "bad.csv").err
    assert geocoded(tocsin, "1 rue de Chanteloup, Corps-Nuds") == []
