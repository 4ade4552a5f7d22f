"""Perimeters kept under a name: saved, listed, shown, renamed, removed, and used by zones and the console."""

import json

import pytest
import shapely
from shapely.geometry import mapping, shape

import geodata
from cli import MACHINE
from oracle import Combined, Perimeter

PORT, BEACH = shapely.box(0.36, 49.75, 0.39, 49.77), shapely.box(0.35, 49.74, 0.37, 49.76)


@pytest.fixture
def files(seine_maritime, tmp_path):
    world = seine_maritime
    return world, *(geodata.write(tmp_path / f"{name}.geojson", mapping(box)) for name, box in (("port", PORT), ("plage", BEACH)))


def test_a_perimeter_is_saved_listed_shown_and_used(files, tmp_path):
    world, port, beach = files
    tocsin = world.tocsin
    tocsin.ok("perimeter", "save", "Port", "--perimeter", port)
    tocsin.ok("perimeter", "save", "Rivage", "--perimeter", port, "--perimeter", beach)
    rows = [line.split("\t") for line in tocsin.ok("perimeter").lines]
    assert [(row[0], row[1], row[4]) for row in rows] == [("Port", "5", MACHINE), ("Rivage", "10", MACHINE)]
    shown = json.loads(tocsin.ok("perimeter", "show", "Rivage").out)
    assert shown["properties"] == {"name": "Rivage"}
    assert shapely.equals(shapely.union_all(geodata.polygons(shape(shown["geometry"]))), PORT.union(BEACH))
    again = geodata.write(tmp_path / "again.geojson", shown)
    expected = world.answer(Combined([Perimeter(port, PORT), Perimeter(beach, BEACH)])).ids
    assert tocsin.ids("--saved", "Rivage") == tocsin.ids("--perimeter", again) == expected


def test_renaming_and_removing_are_journalled(files):
    world, port, _ = files
    tocsin = world.tocsin
    tocsin.ok("perimeter", "save", "Port", "--perimeter", port)
    tocsin.ok("perimeter", "rename", "Port", "Port de Fécamp")
    assert "Port de Fécamp" in tocsin.refused("target", "--saved", "Port").err
    tocsin.ok("perimeter", "save", "Port", "--saved", "Port de Fécamp")
    assert "already named" in tocsin.refused("perimeter", "rename", "Port", "Port de Fécamp").err
    tocsin.ok("perimeter", "delete", "Port de Fécamp")
    assert [line.split("\t")[0] for line in tocsin.ok("perimeter", "list").lines] == ["Port"]
    journal = tocsin.ok("journal", "show").out
    for action in ("perimeter.save\tPort", "perimeter.rename\tPort\tto=Port de Fécamp", "perimeter.delete\tPort de Fécamp"):
        assert action in journal, journal
    tocsin.ok("journal", "verify")


@pytest.mark.parametrize("words", [
    ("delete", "Port"), ("show", "Port"), ("rename", "Port", "Quai"), ("save", "Port"), ("save", " Port", "--communes", "76259")])
def test_what_is_not_there_or_no_name_is_refused(seine_maritime, words):
    seine_maritime.tocsin.refused("perimeter", *words)


def test_the_ground_of_communes_is_saved_and_what_is_no_ground_is_not(seine_maritime):
    world = seine_maritime
    done = world.tocsin.ok("perimeter", "save", "Fécamp", "--communes", "76259")
    assert "judged by where they are" in done.err
    geometry = shape(json.loads(world.tocsin.ok("perimeter", "show", "Fécamp").out)["geometry"])
    assert shapely.symmetric_difference(geometry, world.communes["76259"]).area < 1e-12
    for zone in (["--circle", "0.37,49.75,500"], ["--communes", "76259", "--margin", "100"],
                 ["--communes", "76259", "--except", "--circle", "0.37,49.75,500"], ["--communes", "76259", "--certain"]):
        assert "zone document" in world.tocsin.refused("perimeter", "save", "Autre", *zone).err
