"""A large invented register: towns of many sizes over France, whose people are scattered about them."""

import contextlib
import os
import sqlite3
import struct
import subprocess
import time

import numpy as np

TOCSIN = os.environ["TOCSIN_BINARY"]
SEED = 2025


def invented_people(rows):
    """Longitudes and latitudes, and the middle of the largest town."""
    random = np.random.default_rng(SEED)
    towns = 30_000
    east, north = random.uniform(-4, 8, towns), random.uniform(42.5, 51, towns)
    weight = 1 / (np.arange(towns) + 10.0)
    town = random.choice(towns, rows, p=weight / weight.sum())
    x = np.round(east[town] + random.normal(0, 0.02, rows), 7)
    y = np.round(north[town] + random.normal(0, 0.015, rows), 7)
    # One in 33 has no code.
    town[random.random(rows) < 0.03] = -1
    return x, y, town, (float(east[0]), float(north[0])), list(zip(east[:3000].tolist(), north[:3000].tolist()))


def code(town):
    """A commune code for a town; empty for none."""
    return "" if town < 0 else f"{1 + town // 400:02d}{1 + town % 400:03d}"


def point_blob(lon, lat):
    """SpatiaLite's own form of a WGS 84 point."""
    return struct.pack("<BBi4dBi2dB", 0, 1, 4326, lon, lat, lon, lat, 0x7C, 1, lon, lat, 0xFE)


def build_register(path, x, y, town):
    """Writes the people straight into the tables, since this library has no SpatiaLite for the triggers."""
    start = time.perf_counter()
    subprocess.run([TOCSIN, "init", "--database", path], check=True, capture_output=True)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        organisation = database.execute("SELECT MIN(id) FROM organisations").fetchone()[0]
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'recipients'").fetchall()
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.executemany(
            "INSERT INTO recipients (id, organisation_id, external_id, kind, name, commune_code, is_commune_found, language, precision, "
            "score, uncertainty_metres, channels, content_hash, updated_at, location) "
            f"VALUES (?, {organisation}, ?, 'person', 'Personne', ?, 0, 'fr', 'given', 1, 0, ?, x'', 0, ?)",
            ((row + 1, f"B{row:07d}", code(place) or None, row % 8, point_blob(lon, lat))
             for row, (lon, lat, place) in enumerate(zip(x.tolist(), y.tolist(), town.tolist()))))
        database.executemany(
            "INSERT INTO idx_recipients_location VALUES (?, ?, ?, ?, ?)",
            ((row + 1, lon, lon, lat, lat) for row, (lon, lat) in enumerate(zip(x.tolist(), y.tolist()))))
        for _, sql in triggers:
            database.execute(sql)
        # As those triggers would have.
        database.execute("INSERT INTO register_changes (recipient_id) SELECT id FROM recipients")
    subprocess.run([TOCSIN, "index", "rebuild", "--database", path], check=True, capture_output=True)
    subprocess.run([TOCSIN, "index", "verify", "--database", path], check=True, capture_output=True)
    return time.perf_counter() - start
