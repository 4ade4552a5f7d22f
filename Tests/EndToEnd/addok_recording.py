"""What addok answers over the real addresses of Bondy: `addok_bondy.json`, recorded once so that no test needs addok.

To record again, in an environment with addok 1.3.2, addok-fr 1.1.0, addok-france 1.2.0, addok-csv 1.1.0, gunicorn and
requests, beside a redis-server of its own:

    python addok_recording.py prepare BAN.csv FOLDER PORT    # writes FOLDER/bondy.json and FOLDER/addok.py (redis: PORT)
    ADDOK_CONFIG_MODULE=FOLDER/addok.py addok batch FOLDER/bondy.json
    ADDOK_CONFIG_MODULE=FOLDER/addok.py addok ngrams
    ADDOK_CONFIG_MODULE=FOLDER/addok.py gunicorn -b 127.0.0.1:7878 addok.http.wsgi
    python addok_recording.py record http://127.0.0.1:7878 addok_bondy.json
"""

import csv
import json
import sys
from pathlib import Path

CONTEXT = "93, Seine-Saint-Denis, Île-de-France"
# As the national service configures it.
CONFIG = """
REDIS = {"host": "127.0.0.1", "port": %s, "indexes": {"db": 0}, "documents": {"db": 1}}
EXTRA_FIELDS = [{"key": "citycode"}, {"key": "oldcitycode"}, {"key": "oldcity"}]
FILTERS = ["type", "postcode", "citycode", "city"]
ATTRIBUTION = "BAN"
LICENCE = "ETALAB-2.0"
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length", "addok_france.extract_address", "addok_france.clean_query",
    "addok_france.remove_leading_zeros"]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize", "addok.helpers.text.normalize", "addok_france.glue_ordinal",
    "addok_france.fold_ordinal", "addok_france.flag_housenumber", "addok.helpers.text.synonymize", "addok_fr.phonemicize"]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber", "addok_france.make_labels", "addok.helpers.results.score_by_importance",
    "addok.helpers.results.score_by_autocomplete_distance", "addok.helpers.results.score_by_ngram_distance",
    "addok.helpers.results.score_by_geo_distance"]
REVERSE_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.load_closer", "addok_france.make_labels", "addok.helpers.results.score_by_geo_distance"]
CSV_EXTRA_FIELDS = ["name", "street", "postcode", "city", "context", "citycode", "oldcitycode", "oldcity"]
"""

QUESTIONS = [
    ("/search/", {"q": "4b avenue du Mal de Lattre de Tassigny 93140 Bondy", "limit": "1"}),
    ("/search/", {"q": "12 rue fontaine bondy", "limit": "1"}),
    ("/search", {"q": "avenue gallieni bondy", "limit": "3"}),
    ("/search", {"q": "130 avenue gallieni", "citycode": "93010", "limit": "1"}),
    ("/search", {"q": "avenue gallieni", "postcode": "93140", "type": "street"}),
    ("/search", {"q": "avenue gallieni", "citycode": "80021"}),
    ("/search", {"q": "bondy", "type": "municipality"}),
    ("/search", {"q": "bond", "limit": "1"}),
    ("/search", {"q": "avenue galli", "limit": "1"}),
    ("/search", {"q": "avenue gallieni bondy", "lat": "48.9", "lon": "2.48", "limit": "1"}),
    ("/search", {"q": "xyzzy introuvable"}),
    ("/search", {"q": "bondy", "type": "nonsense"}),
    ("/reverse/", {"lon": "2.483334", "lat": "48.905722"}),
    ("/reverse", {"lon": "2.4829", "lat": "48.9060", "type": "housenumber", "limit": "1"}),
    ("/reverse", {"lon": "2.4829", "lat": "48.9060"}),
    ("/reverse", {"lon": "-20", "lat": "48.9060"}),
]
REFUSED = [
    ("/search", {}), ("/search", {"q": ""}), ("/search", {"q": "bondy", "limit": "101"}),
    ("/search", {"q": "bondy", "limit": "x"}), ("/search", {"q": "bondy", "lat": "x", "lon": "2"}),
    ("/search", {"q": "bondy", "lat": "91", "lon": "2"}), ("/search", {"q": "bondy", "autocomplete": "x"}),
    ("/search", {"q": "a" * 300}), ("/reverse", {"lon": "2.4829"}), ("/reverse", {}),
]
TABLES = [
    ("/search/csv/", "id;adresse;ville\n1;12 rue fontaine;Bondy\n2;nulle part;Ailleurs\n3;avenue Galliéni;Bondy\n",
     [["columns", "adresse"], ["columns", "ville"]]),
    ("/reverse/csv/", "id,lat,lon\n1,48.905722,2.483334\n2,,\n", []),
]


def documents(path: Path) -> list[dict]:
    """Bondy as addok reads it: its streets with their numbers, and itself."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    streets: dict[str, list[dict]] = {}
    for row in rows:
        streets.setdefault("_".join(row["id"].split("_")[:2]), []).append(row)
    common = {"postcode": "93140", "citycode": "93010", "city": "Bondy", "context": CONTEXT}
    result = []
    for key, numbers in streets.items():
        middle = numbers[len(numbers) // 2]
        result.append({
            "id": key, "type": "street", "name": middle["nom_voie"], **common, **place(middle), "importance": 0.4,
            "housenumbers": {row["numero"] + row["rep"]: {"id": row["id"], **place(row)} for row in numbers}})
    return [*result, {
        "id": "93010", "type": "municipality", "name": "Bondy", **common, "lat": 48.90216, "lon": 2.482633,
        "x": 662072.31, "y": 6867030.69, "importance": 0.49, "population": 53353}]


def place(row: dict) -> dict:
    return {name: float(row[name]) for name in ("lat", "lon", "x", "y")}


def record(url: str) -> dict:
    import requests  # only here: nobody else needs it

    def asked(path, parameters):
        answer = requests.get(url + path, params=parameters, timeout=30)
        return {"path": path, "parameters": parameters, "status": answer.status_code, "answer": answer.json()}

    tables = []
    for path, text, fields in TABLES:
        answer = requests.post(
            url + path, files=[("data", ("essai.csv", text.encode()))], data=[tuple(field) for field in fields], timeout=30)
        answer.raise_for_status()
        tables.append({"path": path, "text": text, "fields": fields, "answer": answer.content.decode("utf-8-sig")})
    return {
        "made_by": "addok 1.3.2, addok-fr 1.1.0, addok-france 1.2.0, addok-csv 1.1.0",
        "answers": [asked(*question) for question in QUESTIONS], "refusals": [asked(*question) for question in REFUSED],
        "tables": tables}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        folder = Path(sys.argv[3])
        (folder / "addok.py").write_text(CONFIG % sys.argv[4])
        lines = [json.dumps(document, ensure_ascii=False) for document in documents(Path(sys.argv[2]))]
        (folder / "bondy.json").write_text("\n".join(lines) + "\n")
    else:
        text = json.dumps(record(sys.argv[2]), ensure_ascii=False, indent=1)
        Path(sys.argv[3]).write_text(text + "\n")
