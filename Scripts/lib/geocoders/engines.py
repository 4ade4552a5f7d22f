"""The two geocoders: load a world, answer its queries, keep the times."""

import csv
import io
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from worlds import COLUMNS

# Rows of one throughput measurement: the start of a process is a small part of it.
THROUGHPUT_ROWS = 40_000


@dataclass
class Answer:
    label: str
    lon: float
    lat: float
    commune: str
    is_door: bool

    def metres_from(self, query):
        east = (self.lon - query.lon) * math.cos(math.radians(query.lat))
        return math.hypot(east, self.lat - query.lat) * 111_320


class Tocsin:
    """`register` places as a register's import does (nothing rather than a doubt); `search` gives the best answer."""

    def __init__(self, binary, folder, world):
        self.binary, self.folder, self.world = binary, folder, world
        communes, addresses = folder / "communes.ndjson", folder / "addresses.csv"
        with open(communes, "w", encoding="utf-8") as file:
            for feature in world.communes:
                print(json.dumps(feature, ensure_ascii=False), file=file)
        with open(addresses, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter=";")
            writer.writeheader()
            writer.writerows(world.addresses)
        self.run("init", "--organisation", "Comparaison")
        self.run("import", "communes", communes, "--vintage", "2024")
        start = time.perf_counter()
        self.run("import", "addresses", addresses)
        print(f"tocsin: {world.address_count} addresses imported in {time.perf_counter() - start:.1f} s")

    def command(self, *words):
        return [str(self.binary), *map(str, words), "--database", str(self.folder / "tocsin.sqlite")]

    def run(self, *words):
        done = subprocess.run(self.command(*words), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"compare-geocoders: tocsin {words[0]} failed: {done.stderr}")
        return done.stdout

    def ask(self, way):
        self.answers, self.latencies = (self.register() if way == "register" else self.search())

    def register(self):
        queries = [query.text for query in self.world.queries]
        rounds = max(1, THROUGHPUT_ROWS // len(queries))
        path = self.folder / "queries.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["query"])
            writer.writerows([text] for _ in range(rounds) for text in queries)
        start = time.perf_counter()
        printed = self.run("geocode", "--csv", path)
        self.throughput = rounds * len(queries) / (time.perf_counter() - start)
        rows = list(csv.DictReader(io.StringIO(printed)))[:len(queries)]
        return [self.answer(row["geocoded_label"], row["lon"], row["lat"], row["commune_code"], row["precision"])
                for row in rows], []

    def search(self):
        """One at a time over a pipe: the way there and back counts, the process's start does not, nor does addok's."""
        answers, latencies = [], []
        process = subprocess.Popen(self.command("geocode", "--stdin", "--limit", "1"), text=True, bufsize=1,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()
        for query in self.world.queries:
            start = time.perf_counter()
            process.stdin.write(query.text.replace("\n", " ") + "\n")
            process.stdin.flush()
            found = json.loads(process.stdout.readline())
            latencies.append(time.perf_counter() - start)
            best = found[0] if found else None
            answers.append(best and self.answer(
                best["label"], best["lon"], best["lat"], best["commune_code"], best["precision"]))
        process.stdin.close()
        process.wait()
        self.throughput = len(latencies) / sum(latencies)
        return answers, latencies

    @staticmethod
    def answer(label, lon, lat, commune, precision):
        return Answer(label, float(lon), float(lat), commune, precision == "house_number") if lon else None


class Redis:
    """A server of its own on a Unix socket, without persistence."""

    def __init__(self, folder):
        self.socket = folder / "redis.sock"

    def __enter__(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no",
             "--dir", self.socket.parent], stdout=subprocess.DEVNULL)
        for _ in range(200):
            if self.socket.exists():
                return self
            time.sleep(0.05)
        sys.exit("compare-geocoders: redis-server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


# The processors that addok-france's and addok-fr's own pages put in.
ADDOK_CONFIG = """
QUERY_PROCESSORS_PYPATHS = ["addok.helpers.text.check_query_length", "addok_france.extract_address",
    "addok_france.clean_query", "addok_france.remove_leading_zeros"]
SEARCH_RESULT_PROCESSORS_PYPATHS = ["addok.helpers.results.match_housenumber", "addok_france.make_labels",
    "addok.helpers.results.score_by_importance", "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance", "addok.helpers.results.score_by_geo_distance"]
PROCESSORS_PYPATHS = ["addok.helpers.text.tokenize", "addok.helpers.text.normalize", "addok_france.glue_ordinal",
    "addok_france.fold_ordinal", "addok_france.flag_housenumber", "addok.helpers.text.synonymize",
    "addok_fr.phonemicize"]
"""


class Addok:
    def __init__(self, redis, folder, world):
        self.world = world
        config, documents = folder / "addok.conf", folder / "documents.ndjson"
        config.write_text(ADDOK_CONFIG)
        with open(documents, "w", encoding="utf-8") as file:
            for document in self.documents():
                print(json.dumps(document, ensure_ascii=False), file=file)
        self.environment = {**os.environ, "ADDOK_CONFIG_MODULE": str(config), "REDIS_SOCKET": str(redis.socket)}
        program = Path(sys.executable).parent / "addok"
        start = time.perf_counter()
        for words in (["batch", documents], ["ngrams"]):
            done = subprocess.run([program, *words], env=self.environment, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"compare-geocoders: addok {words[0]} failed: {done.stdout}{done.stderr}")
        print(f"addok: {world.address_count} addresses imported in {time.perf_counter() - start:.1f} s")

    def documents(self):
        """A document a commune, a document a street with its house numbers, as BAN's own files for addok."""
        for feature in self.world.communes:
            properties = feature["properties"]
            lon, lat = properties.get("mairie") or feature["geometry"]["coordinates"][0][0][:2]
            yield {"_id": properties["code"], "id": properties["code"], "type": "municipality", "name": properties["nom"],
                   "postcode": properties["codes_postaux"] or [], "citycode": properties["code"],
                   "city": properties["nom"], "lon": lon, "lat": lat,
                   "importance": min(0.6, math.log10((properties["population"] or 0) + 10) / 10)}
        streets = {}
        for row in self.world.addresses:
            streets.setdefault(row["id"].rsplit("_", 2 if row["rep"] or row["id"].endswith("_") else 1)[0], []).append(row)
        for key, rows in streets.items():
            first = rows[0]
            points = {f"{row['numero']} {row['rep']}".strip(): {
                "lat": float(row["lat"]), "lon": float(row["lon"]), "id": row["id"]} for row in rows}
            yield {"_id": key, "id": key, "type": "street", "name": first["nom_voie"], "postcode": first["code_postal"],
                   "citycode": first["code_insee"], "city": first["nom_commune"],
                   "lon": sum(float(row["lon"]) for row in rows) / len(rows),
                   "lat": sum(float(row["lat"]) for row in rows) / len(rows), "importance": 0.3, "housenumbers": points}

    def ask(self):
        """In a process of its own, so that each world has its own configuration; one query at a time."""
        done = subprocess.run([sys.executable, Path(__file__).parent / "ask_addok.py"], env=self.environment, text=True,
                              input=json.dumps([query.text for query in self.world.queries]), capture_output=True)
        if done.returncode:
            sys.exit(f"compare-geocoders: addok failed: {done.stderr}")
        answers = json.loads(done.stdout[done.stdout.index("\x1e") + 1:])
        self.latencies = [answer["seconds"] for answer in answers]
        self.throughput = len(answers) / sum(self.latencies)
        self.answers = [Answer(answer["label"], answer["lon"], answer["lat"], answer["citycode"], answer["is_door"])
                        if answer.get("label") else None for answer in answers]


__all__ = ["Addok", "Redis", "Tocsin"]
