"""Real data that the suite reads: communes by department, perimeters, addresses."""

import functools
import gzip
import json
import os
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

FOLDER = Path(os.environ.get("TOCSIN_GEODATA") or Path(__file__).parents[3] / "shared" / "geodata")
MISSING = f"the real geodata are not in {FOLDER}: set TOCSIN_GEODATA to their folder"
DEPARTMENTS = ("76", "17", "33", "31", "974")


def is_there() -> bool:
    return FOLDER.is_dir()


def file(path: str) -> Path:
    """A file of the folder. Skips the test without the folder, unless on CI, where its absence is a failure."""
    if not is_there():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return FOLDER / path


def communes_file(department: str, vintage: int = 2024) -> Path:
    return file(f"communes/cog{vintage}/{department}.geojson.gz")


@functools.cache
def features(path: Path) -> tuple[dict, ...]:
    opened = gzip.open(path) if path.suffix == ".gz" else open(path, "rb")
    with opened as stream:
        return tuple(json.load(stream)["features"])


@functools.cache
def boundaries(department: str) -> dict[str, shapely.Geometry]:
    """Whole communes by code; delegated ones are left out."""
    result = {}
    for feature in features(communes_file(department)):
        if feature["properties"]["type"] == "COM":
            geometry = shape(feature["geometry"])
            result[feature["properties"]["code"]] = geometry if geometry.is_valid else shapely.make_valid(geometry)
    return result


@functools.cache
def populations(department: str) -> dict[str, int]:
    return {
        feature["properties"]["code"]: feature["properties"]["population"]
        for feature in features(communes_file(department)) if feature["properties"]["type"] == "COM"
    }


def polygons(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons of any geometry, each as it was given."""
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [polygon for part in geometry.geoms for polygon in polygons(part)]


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
