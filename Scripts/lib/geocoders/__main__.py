"""Runs the comparison: builds each world, loads it into both geocoders, asks both the same questions."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from engines import Addok, Redis, Tocsin
from france import france
from suites import suites
from worlds import bondy, somme

ROOT = Path(__file__).resolve().parents[3]
WORLDS = {"bondy": bondy, "somme": somme, "suites": suites, "france": france}
# An answer this far from the door is not the door: entrances and buildings of the base differ by less.
DOOR_METRES = 30
STREET_METRES = 250


def verdict(query, answer):
    """right, wrong town, or other (another street, less exact than asked, or nothing)."""
    if answer is None:
        return "nothing"
    if answer.commune not in query.communes:
        return "wrong town"
    limit = DOOR_METRES if query.is_door else STREET_METRES
    if answer.metres_from(query) > limit or (query.is_door and not answer.is_door):
        return "other"
    return "right"


def table(rows):
    header = ("geocoder", "addresses", "queries", "right", "right %", "wrong town", "queries/s", "p50 ms", "p99 ms")
    rows = [header, *rows]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(header))]
    for row in rows:
        print("  ".join(str(cell).rjust(width) if column else str(cell).ljust(width)
                        for column, (cell, width) in enumerate(zip(row, widths))))


def measure(name, engine, world, failures):
    counts = {}
    for query, answer in zip(world.queries, engine.answers):
        found = verdict(query, answer)
        counts[found] = counts.get(found, 0) + 1
        if found != "right" and failures:
            print(name, found, query.kind, query.text, answer.label if answer else "-", sep="\t", file=failures)
    right = counts.get("right", 0)
    latencies = sorted(engine.latencies) or [float("nan")]
    return (name, world.address_count, len(world.queries), right, f"{100 * right / len(world.queries):.1f}",
            counts.get("wrong town", 0), f"{engine.throughput:.0f}", f"{1000 * latencies[len(latencies) // 2]:.2f}",
            f"{1000 * latencies[len(latencies) * 99 // 100]:.2f}")


def main():
    parser = argparse.ArgumentParser(prog="compare-geocoders")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/tocsin")
    parser.add_argument("--geodata", type=Path, default=Path(os.environ["TOCSIN_GEODATA"]))
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--only", default="bondy,somme,suites,france")
    parser.add_argument("--failures", type=Path, help="write every answer that is not right to this file")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(WORLDS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if not options.binary.exists():
        sys.exit(f"compare-geocoders: no {options.binary}: swift build -c release --product tocsin")
    if not (options.geodata / "addresses").is_dir():
        sys.exit(f"compare-geocoders: no addresses in {options.geodata}: name the folder with --geodata")
    failures = options.failures.open("w") if options.failures else None
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            world = WORLDS[name](options.geodata, options.queries, options.seed)
            print(f"\n{name}: {world.title}, seed {options.seed}")
            rows = []
            tocsin = Tocsin(options.binary, Path(folder), world)
            for way in ("register", "search"):
                tocsin.ask(way)
                rows.append(measure(f"tocsin, {way}", tocsin, world, failures))
            with Redis(Path(folder)) as redis:
                addok = Addok(redis, Path(folder), world)
                addok.ask()
                rows.append(measure("addok", addok, world, failures))
            table(rows)
            print(f"right by kind: {by_kind(world, tocsin, addok)}", flush=True)


def by_kind(world, *engines):
    kinds = {}
    for position, query in enumerate(world.queries):
        counts = kinds.setdefault(query.kind, [0] * (len(engines) + 1))
        counts[-1] += 1
        for column, engine in enumerate(engines):
            counts[column] += verdict(query, engine.answers[position]) == "right"
    return ", ".join(f"{kind} {'/'.join(map(str, counts))}" for kind, counts in kinds.items())


main()
