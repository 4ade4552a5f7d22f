"""Perimeters from files: read by the server, added when good, refused with the place of the fault when not."""

import json

import pytest
from shapely.geometry import shape

import geodata
from oracle import Combined, Perimeter
from somme import FOLDER

BOW_TIE = {"type": "Polygon", "coordinates": [[[2.0, 50.0], [2.4, 50.2], [2.4, 50.0], [2.0, 50.2], [2.0, 50.0]]]}
TWO_PARTS = {
    "type": "FeatureCollection", "name": "Vallée de la Somme",
    "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [
        [[[1.6, 50.05], [2.1, 49.98], [2.15, 50.05], [1.65, 50.15], [1.6, 50.05]],
         [[1.75, 50.07], [1.75, 50.1], [1.8, 50.1], [1.8, 50.07], [1.75, 50.07]]],
        [[[2.5, 49.8], [2.7, 49.8], [2.7, 49.9], [2.5, 49.9], [2.5, 49.8]]]]}}],
}
BAD = {
    "open": ({"type": "Polygon", "coordinates": [[[2.0, 50.0], [2.4, 50.2], [2.4, 50.0]]]}, "contour"),
    "point": ({"type": "Point", "coordinates": [2, 50]}, "surface"),
    "swapped": ({"type": "Polygon", "coordinates": [[[50, 2], [50.2, 2], [50.2, 2.4], [50, 2]]]}, "inversées"),
    "projected": ({"type": "Polygon", "coordinates": [
        [[256000, 6250000], [266000, 6250000], [266000, 6260000], [256000, 6250000]]]}, "proje"),
    "empty": ({"type": "FeatureCollection", "features": []}, ""),
}


def test_good_files_are_added_and_counted(console, world, tmp_path):
    two, corridor = geodata.write(tmp_path / "somme.geojson", TWO_PARTS), FOLDER / "perimeters/somme-corridor.geojson"
    console.upload(two, corridor)
    figures = console.counted(2)
    expected = world.check(Combined([
        Perimeter(two, shape(TWO_PARTS["features"][0]["geometry"])),
        Perimeter(corridor, shape(json.loads(corridor.read_text())["geometry"]))])).counts
    del expected["not_located"]
    assert figures == expected and figures["recipients"] > 50
    assert "Vallée de la Somme" in console.text(".items")
    assert "2 parties" in console.text(".item:first-child") and "1 trou" in console.text(".item:first-child")


def test_a_bow_tie_is_mended_and_said_with_its_ring_and_vertex(console, tmp_path):
    console.upload(geodata.write(tmp_path / "noeud.geojson", BOW_TIE))
    assert console.counted(1)["recipients"] > 0
    notice = console.page.wait_for_selector("#file-notices .notice").inner_text()
    assert "mal formé" in notice and "contour extérieur" in notice and "sommet" in notice and "m²" in notice


def test_every_bad_file_is_refused_with_a_reason_and_the_good_one_kept(console, tmp_path):
    console.expect_refusal(400, 422)
    paths = [geodata.write(tmp_path / f"{name}.geojson", value) for name, (value, _) in BAD.items()]
    text = tmp_path / "texte.geojson"
    text.write_text("coucou", encoding="utf-8")
    good = geodata.write(tmp_path / "bon.geojson", TWO_PARTS)
    console.upload(*paths, text, good)
    console.counted(1)
    console.wait("count => document.querySelectorAll('#file-notices [role=alert]').length === count", len(BAD) + 1)
    notices = [notice.inner_text() for notice in console.page.query_selector_all("#file-notices [role=alert]")]
    for notice, (name, (_, words)) in zip(notices, BAD.items()):
        assert f"{name}.geojson n’est pas ajouté à la zone" in notice and words in notice, notice
    assert "texte.geojson" in notices[-1] and "GeoJSON" in notices[-1]
    assert [item["name"] for item in console.items] == ["Vallée de la Somme"]


def test_a_perimeter_is_kept_and_taken_up_again(console):
    console.draw([(2.1, 50.0), (2.5, 50.0), (2.5, 49.8), (2.1, 49.8)])
    figures, geometry = console.counted(1), console.items[0]["geometry"]
    console.page.click("[data-key$='-details']")
    console.page.click("text=Enregistrer ce périmètre")
    console.page.wait_for_selector(".field-good")
    console.page.click(".button-remove")
    console.wait("() => window.tocsin.zone === null")
    console.page.click("text=Périmètres, listes, département")
    console.page.click("[aria-label='Ajouter Polygone 1']")
    assert console.counted(1) == figures
    assert shape(console.items[0]["geometry"]).equals(shape(geometry))
