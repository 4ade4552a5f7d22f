"""What zones are judged by is never behind the recipients' rows: after edits, undoing, kills, and bulk writing."""

import contextlib
import random
import signal
import sqlite3
import struct

import shapely

import register


def inside(tocsin, box: shapely.Geometry) -> list[str]:
    """External identifiers by the rows themselves: those with a point in a box, boundary included."""
    with contextlib.closing(sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT external_id, location FROM recipients WHERE precision = 'given'").fetchall()
    return sorted(external for external, blob in rows
                  if shapely.intersects_xy(box, *struct.unpack_from("<2d", blob, 43)))


def check(tocsin, path) -> int:
    box = shapely.box(1.05, 49.4, 1.2, 49.5)
    path.write_text(shapely.to_geojson(box))
    expected = inside(tocsin, box)
    given = [line for line in tocsin.ids("--perimeter", path, "--certain") if line.startswith("K")]
    assert given == [external for external in expected if external.startswith("K")]
    counts = tocsin.ok("target", "--perimeter", path, "--certain").counts
    assert counts["recipients"] == len(tocsin.ids("--perimeter", path, "--certain"))
    tocsin.ok("index", "verify")
    return len(given)


def scattered(seed: int, count: int) -> list[register.Person]:
    dice = random.Random(seed)
    return register.people_at("K", [(round(dice.uniform(1, 1.25), 6), round(dice.uniform(49.35, 49.55), 6))
                                    for _ in range(count)])


def test_after_any_kill_zones_are_those_of_the_rows(seine_maritime_original, tmp_path):
    tocsin = seine_maritime_original.tocsin.copy(tmp_path)
    area = tmp_path / "box.geojson"
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", scattered(1, 3000)))
    assert check(tocsin, area) > 100
    for number in range(6):
        # Everyone moves, or the last import is taken back, as far as a kill lets it.
        moved = register.write(tmp_path / "people.csv", scattered(number + 2, 3000))
        words = ("import", "undo") if number % 3 == 2 else ("import", "recipients", moved)
        process = tocsin.start(*words)
        with contextlib.suppress(Exception):
            process.wait(timeout=0.2 + 0.25 * number)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        check(tocsin, area)


def test_edits_by_hand_and_deletions_count_at_once(seine_maritime_original, tmp_path):
    tocsin = seine_maritime_original.tocsin.copy(tmp_path)
    area = tmp_path / "box.geojson"
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", scattered(1, 800)))
    before = check(tocsin, area)
    gone = [line for line in tocsin.ids("--perimeter", area, "--certain") if line.startswith("K")][:3]
    for external in gone:
        tocsin.ok("recipient", "delete", external)
    assert check(tocsin, area) == before - 3
    # Another program, which knows nothing of seats: the triggers tell.
    with contextlib.closing(sqlite3.connect(tocsin.database)) as database, database:
        database.execute("UPDATE recipients SET channels = 0")
    counts = tocsin.ok("target", "--perimeter", area).counts
    assert (counts["sms"], counts["voice"], counts["email"], counts["fax"]) == (0, 0, 0, 0)
    assert check(tocsin, area) == before - 3
    tocsin.ok("index", "rebuild")
    assert check(tocsin, area) == before - 3
