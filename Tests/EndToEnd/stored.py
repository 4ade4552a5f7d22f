"""Reads boundaries as the database keeps them, without SpatiaLite."""

import sqlite3
import struct
from pathlib import Path

import shapely


def multipolygon(blob: bytes) -> shapely.MultiPolygon:
    """SpatiaLite's own form: a header of 39 bytes, then polygons each led by the byte 0x69; little-endian, XY."""
    assert blob[0] == 0 and blob[1] == 1 and blob[38] == 0x7C and blob[-1] == 0xFE, "not a geometry of SpatiaLite"
    kind, count = struct.unpack_from("<II", blob, 39)
    assert kind == 6, "not a MultiPolygon"
    at, polygons = 47, []
    for _ in range(count):
        assert blob[at] == 0x69
        _, rings = struct.unpack_from("<II", blob, at + 1)
        at += 9
        parts = []
        for _ in range(rings):
            points, = struct.unpack_from("<I", blob, at)
            numbers = struct.unpack_from(f"<{2 * points}d", blob, at + 4)
            parts.append(list(zip(numbers[::2], numbers[1::2])))
            at += 4 + 16 * points
        polygons.append(shapely.Polygon(parts[0], parts[1:]))
    assert at == len(blob) - 1
    return shapely.MultiPolygon(polygons)


def communes(database: Path) -> dict[str, dict]:
    """Every row of `communes` by code, the boundary as a geometry."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        rows = connection.execute("SELECT * FROM communes ORDER BY code, kind, vintage").fetchall()
    finally:
        connection.close()
    return {row["code"]: dict(row) | {"boundary": row["boundary"] and multipolygon(row["boundary"])} for row in rows}
