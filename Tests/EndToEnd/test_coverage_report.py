"""Coverage as files to keep and print, and the standing report: each form against the same figures, the PDF as it looks."""

import csv
import io
import json
import re
import subprocess
from xml.etree import ElementTree

import openpyxl
import pytest
import shapely
from shapely.geometry import shape

import geodata
from oracle import Circle, Perimeter
from server import PASSWORD, Server

SVG = "{http://www.w3.org/2000/svg}"
ZONE = Circle(-0.58, 44.84, 9_000)


def words_of(path) -> str:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    return plain(text)


def plain(text: str) -> str:
    """Figures without the narrow spaces between thousands."""
    return re.sub("[\u202f\u00a0]", " ", text)


def french(count: int) -> str:
    return f"{count:,}".replace(",", " ")


def pictures(path, folder) -> list:
    """Each page as rows of pixels (red, green, blue)."""
    subprocess.run(["pdftoppm", "-r", "60", path, folder / "page"], check=True, timeout=60)
    pages = []
    for name in sorted(folder.glob("page*.ppm")):
        content = name.read_bytes()
        _, size, _, pixels = content.split(b"\n", 3)
        width, height = map(int, size.split())
        pages.append([[tuple(pixels[3 * (y * width + x):3 * (y * width + x) + 3]) for x in range(width)] for y in range(height)])
    return pages


def check_page(html: str) -> ElementTree.Element:
    """Whole in itself: no script, nothing of another site; returns its map."""
    assert html.startswith("<!doctype html>") and '<html lang="fr">' in html
    assert not re.search(r"<script|\son\w+=|javascript:|<link|<img|url\(h|@import", html)
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) <= {"http://www.w3.org/2000/svg"}
    return ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.S)[0])


def test_a_zone_as_a_page_with_a_map(france):
    words = ["coverage", *ZONE.arguments()]
    document = json.loads(france.tocsin.ok(*words, "--format", "json").out)
    html = france.tocsin.ok(*words, "--format", "html").out
    drawing = check_page(html)
    shapes = drawing.findall(f".//{SVG}path/{SVG}title")
    # Every commune with a boundary, and the zone itself.
    drawn = [row for row in document["communes"] if row["code"] in france.communes]
    assert len(shapes) == len(drawn) + 1 and shapes[-1].text == "La zone"
    text = plain(html)
    for row in document["communes"]:
        assert f"({row['code']})" in text
    assert french(round(document["population"])) in text and french(document["registered"]) in text
    assert "réparti" in text and "Nord" in text


def test_a_zone_for_the_mayor_in_print(france, tmp_path):
    words = ["coverage", *ZONE.arguments()]
    document = json.loads(france.tocsin.ok(*words, "--format", "json").out)
    path = tmp_path / "mairie.pdf"
    assert france.tocsin.ok(*words, "--output", path).out == ""
    facts = subprocess.run(["pdfinfo", path], check=True, capture_output=True, timeout=30).stdout.decode()
    assert "A4" in facts and "Couverture" in facts
    pages = int(re.search(r"Pages:\s+(\d+)", facts)[1])
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, timeout=30).stdout.decode().splitlines()[2:]
    assert fonts and all("DejaVu" in line and re.search(r"yes\s+yes\s+yes", line) for line in fonts)
    text = words_of(path)
    assert f"Page 1 / {pages}" in text and f"Page {pages} / {pages}" in text
    assert "Situation au" in text and "réparti" in text and "Télécopie" in text
    assert french(round(document["population"])) in text and french(document["registered"]) in text
    squeezed = re.sub(r"\s+", "", text)
    for row in document["communes"]:
        assert row["code"] in squeezed
    first, *_ = pictures(path, tmp_path)
    colours = [pixel for line in first for pixel in line]
    dark = sum(max(pixel) < 110 for pixel in colours) / len(colours)
    assert 0.002 < dark < 0.2, "a page without text, or black"
    assert any(pixel[0] > 150 and pixel[1] < 80 and pixel[2] < 90 for pixel in colours), "the zone's outline is not there"
    blues = {pixel for pixel in colours if pixel[2] - pixel[0] > 30}
    assert blues, "no commune is coloured"
    # Nothing in the margins.
    edge = [line[x] for line in first for x in (0, 1, 2, -1, -2, -3)] + first[0] + first[-1]
    assert set(edge) == {(255, 255, 255)}


@pytest.mark.parametrize("by", ["commune", "epci", "cell"])
def test_a_workbook_holds_what_the_csv_does(france, tmp_path, by):
    words = ["coverage", *ZONE.arguments(), "--by", by]
    rows = list(csv.reader(io.StringIO(france.tocsin.ok(*words, "--format", "csv").out)))
    france.tocsin.ok(*words, "--output", tmp_path / "couverture.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "couverture.xlsx").active
    cells = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(cells) == len(rows) > 1
    # In French for people, where the CSV is for programs.
    assert len(cells[0]) == len(rows[0]) and cells[0][:2] == ["Code", "Nom"] and "Inscrits" in cells[0]
    words = {"whole": "commune entière", "addresses": "par adresses", "grid": "par carreaux de population", "area": "par surface"}
    method = rows[0].index("population_method")
    for row in rows[1:]:
        row[method] = ", ".join(words[word] for word in row[method].split("+") if word)
    for written, row in zip(cells[1:], rows[1:]):
        assert [cell if isinstance(cell, str) else float(cell) for cell in written] == [
            text if isinstance(cell, str) else float(text) for cell, text in zip(written, row)]
        # Figures that a spreadsheet adds up; codes that it does not.
        assert isinstance(written[0], str) and isinstance(written[rows[0].index("registered")], (int, float))


def test_a_name_that_is_markup_stays_a_name(seine_maritime, tmp_path):
    path = geodata.write(tmp_path / "zone.geojson", {
        "type": "Feature", "properties": {"name": "<script>alert(1)</script>&\"'"},
        "geometry": shapely.geometry.mapping(shapely.box(1.0, 49.4, 1.2, 49.5))})
    html = seine_maritime.tocsin.ok("coverage", "--perimeter", path, "--format", "html").out
    check_page(html)
    assert "<script" not in html
    seine_maritime.tocsin.ok("coverage", "--perimeter", path, "--output", tmp_path / "zone.pdf")
    assert words_of(tmp_path / "zone.pdf")


def test_a_zone_without_ground_or_people_has_a_report_too(tocsin, tmp_path):
    for name in ("empty.pdf", "empty.html", "empty.xlsx", "empty.csv", "empty.geojson"):
        tocsin.ok("coverage", "--circle", "-4,47,500", "--output", tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0
    assert "Population inconnue" in words_of(tmp_path / "empty.pdf")


def test_a_file_is_written_whole_or_not_at_all(seine_maritime, tmp_path):
    zone = ["--circle", "1.1,49.4,5000"]
    for name in ("a.pdf", "a.html", "a.xlsx"):
        seine_maritime.tocsin.refused("coverage", *zone, "--output", tmp_path / "nowhere" / name)
    seine_maritime.tocsin.refused("coverage", *zone, "--format", "pdf")
    kept = tmp_path / "kept.pdf"
    kept.write_text("old")
    seine_maritime.tocsin.ok("coverage", *zone, "--output", kept)
    assert kept.read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_long_report_repeats_the_columns_on_each_page(france, tmp_path):
    france.tocsin.ok("coverage", "--department", "76", "--output", tmp_path / "76.pdf", timeout=200)
    text = words_of(tmp_path / "76.pdf")
    assert "Couverture : département 76" in text
    pages = text.split("\f")[:-1]
    assert len(pages) > 10
    assert all("Injoignables" in page for page in pages[3:-1])
    assert all(f"Page {number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))


# MARK: The standing report

def perimeters() -> dict[str, shapely.Geometry]:
    """Twelve squares over Seine-Maritime, each larger than the last, and one over the sea."""
    found = {f"Secteur {number:02}": shapely.box(0.9 + 0.02 * number, 49.4, 0.93 + 0.025 * number, 49.43 + 0.004 * number)
             for number in range(12)}
    return found | {"Large": shapely.box(-0.6, 50.0, -0.5, 50.1)}


def save(client, name: str, area: shapely.Geometry):
    answer = client.post("/api/perimeters", {"name": name, "geometry": shapely.geometry.mapping(area)})
    assert answer.status == 201, answer.text
    return answer.json["id"]


@pytest.fixture
def saved(seine_maritime):
    """The department with its perimeters saved through the console, as an operator does."""
    with Server(seine_maritime.tocsin) as server:
        client = server.signed_in()
        for name, area in perimeters().items():
            save(client, name, area)
    return seine_maritime


def standing(tocsin, *words: str) -> dict:
    return json.loads(tocsin.ok("coverage", "report", "--format", "json", *words).out)


def test_the_standing_report_ranks_the_worst_first_and_follows_the_trend(saved, tmp_path):
    tocsin = saved.tocsin
    first = standing(tocsin)
    lines = first["perimeters"]
    assert first["previous_at"] is None and len(lines) == 13
    assert lines[-1]["name"] == "Large" and lines[-1]["reachable_share"] is None
    shares = [line["reachable_share"] for line in lines[:-1]]
    assert None not in shares
    by_name = {line["name"]: line for line in lines}
    for name, area in perimeters().items():
        zone = Perimeter(geodata.write(tmp_path / "one.geojson", shapely.geometry.mapping(area)), area)
        alone = json.loads(tocsin.ok("coverage", *zone.arguments(), "--format", "json").out)
        for key in ("population", "registered", "households", "reachable_any", "reachable_share", "unreachable", "stale"):
            assert by_name[name][key] == alone[key], f"{name} {key}"
    exact = [by_name[line["name"]]["reachable_any"] / by_name[line["name"]]["population"] for line in lines[:-1]]
    assert exact == sorted(exact)
    assert first["worst"] == [line["name"] for line in lines[:10]]

    # Somebody registers in the worst one; a dry run keeps nothing.
    worst = perimeters()[first["worst"][0]].centroid
    people = tmp_path / "more.csv"
    people.write_text("id;name;longitude;latitude;mobile\n" + "".join(
        f"N{number};Nomsecret;{worst.x};{worst.y};063998{number:04}\n" for number in range(40)), encoding="utf-8")
    tocsin.ok("import", "recipients", people, "--source", "more")
    for _ in range(2):
        second = standing(tocsin, "--dry-run")
        assert second["previous_at"] == first["at"]
        moved = next(line for line in second["perimeters"] if line["name"] == first["worst"][0])
        assert moved["previous_registered"] == by_name[moved["name"]]["registered"]
        assert moved["registered"] == moved["previous_registered"] + 40
        assert moved["share_trend"] == pytest.approx(40 / moved["population"], abs=2e-4)
    still = next(line for line in second["perimeters"] if line["name"] == first["worst"][3])
    assert still["share_trend"] == 0 or still["registered"] > still["previous_registered"]
    third = standing(tocsin)
    assert third["previous_at"] == first["at"]
    assert standing(tocsin)["previous_at"] == third["at"]
    assert "coverage.report" in tocsin.ok("journal", "show").out


def test_the_standing_report_in_every_form(saved, tmp_path):
    tocsin = saved.tocsin
    report = standing(tocsin)
    tocsin.ok("coverage", "report", "--output", tmp_path / "bilan.pdf", "--dry-run")
    text = words_of(tmp_path / "bilan.pdf")
    assert "Couverture des périmètres enregistrés" in text and "Les périmètres les moins bien couverts" in text
    positions = [text.index(name) for name in report["worst"]]
    assert positions == sorted(positions)
    html = tocsin.ok("coverage", "report", "--format", "html", "--dry-run").out
    drawing = check_page(html)
    titles = [title.text for title in drawing.iter(f"{SVG}title")]
    assert {name for name in perimeters()} <= {title.split(" : ")[0] for title in titles}
    features = json.loads(tocsin.ok("coverage", "report", "--format", "geojson", "--dry-run").out)["features"]
    for feature in features:
        area = perimeters()[feature["properties"]["name"]]
        assert shape(feature["geometry"]).symmetric_difference(area).area < 1e-9
    rows = list(csv.DictReader(io.StringIO(tocsin.ok("coverage", "report", "--format", "csv", "--dry-run").out)))
    assert [row["name"] for row in rows] == [line["name"] for line in report["perimeters"]]
    tocsin.ok("coverage", "report", "--output", tmp_path / "bilan.xlsx", "--dry-run")
    sheet = openpyxl.load_workbook(tmp_path / "bilan.xlsx").active
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [row["name"] for row in rows]
    assert "the worst covered first" in tocsin.ok("coverage", "report", "--dry-run").out


def test_a_perimeter_drawn_again_under_its_name_is_marked(saved):
    tocsin = saved.tocsin
    before = next(line for line in standing(tocsin)["perimeters"] if line["name"] == "Secteur 05")
    with Server(tocsin) as server:
        client = server.client()
        assert client.sign_in(PASSWORD).status == 200
        assert client.call("DELETE", f"/api/perimeters/{before['id']}").status == 204
        save(client, "Secteur 05", shapely.box(0.9, 49.4, 1.2, 49.6))
    after = next(line for line in standing(tocsin)["perimeters"] if line["name"] == "Secteur 05")
    assert after["redrawn"] == 1 and after["previous_registered"] == before["registered"]


def test_without_perimeters_it_says_so(tocsin, tmp_path):
    result = tocsin.ok("coverage", "report", "--output", tmp_path / "none.pdf")
    assert "no perimeter is saved" in result.err
    assert "Aucun périmètre" in words_of(tmp_path / "none.pdf")


def test_the_console_shows_the_standing_report_and_gives_every_file(saved):
    with Server(saved.tocsin) as server:
        stranger = server.client()
        assert stranger.get("/couverture").status == 302
        assert stranger.get("/api/coverage/report?format=csv").status == 401
        client = server.client()
        assert client.sign_in(PASSWORD).status == 200
        page = client.get("/couverture")
        assert page.status == 200 and "Secteur 07" in page.text
        check_page(page.text)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "sha256-" in policy and "script" not in policy
        starts = {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"rank,", "html": b"<!doctype", "geojson": b'{"type"', "json": b'{"at"'}
        for form, start in starts.items():
            assert f"/api/coverage/report?format={form}" in page.text
            answer = client.get(f"/api/coverage/report?format={form}")
            assert answer.status == 200 and answer.body.startswith(start), form
            assert f"couverture-perimetres.{form}" in answer.headers["content-disposition"]
        assert client.get("/api/coverage/report?format=exe").status == 400
        zone = {"type": "circle", "longitude": 1.1, "latitude": 49.44, "metres": 6000}
        coverage = client.post("/api/zone/coverage", {"zone": zone}).json["zone"]
        assert set(coverage["populationMethods"]) <= {"whole", "area"} and coverage["households"] <= coverage["registered"]
        for form in starts:
            file = client.post("/api/zone/coverage/file", {"zone": zone, "format": form})
            assert file.status == 200 and len(file.body) > 500, form
        kept = client.post("/api/coverage/reports")
        assert kept.status == 201 and kept.json["perimeters"] == 13
        assert standing(saved.tocsin)["previous_at"] is not None


LINES = ['{"title":"t","subtitle":"s","footer":"f"}', '{"table":"c","columns":[{"title":"a"}]}', '{"row":["1"]}', '{"end":2}']
BROKEN = {
    "no end": LINES[:-1], "another number": [*LINES[:-1], '{"end":7}'], "no head": LINES[1:], "nothing": [],
    "no JSON": [LINES[0], "{", LINES[-1]],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_page_that_is_cut_short_is_no_page(binary, tmp_path, name):
    done = subprocess.run(
        [binary.parent / "tocsin-exchange", "write-pages", str(4 << 30), "60", str(1 << 30), "pdf", tmp_path / "a.pdf"],
        input="".join(line + "\n" for line in BROKEN[name]).encode(), capture_output=True, timeout=60)
    assert done.returncode == 1 and json.loads(done.stdout) == {"error": "cut_short"}


def test_blocks_that_make_no_sense_are_left_out(binary, tmp_path):
    odd = ['{"row":["without a table"]}', '{"facts":[1,[2],["a"]]}', '{"map":"m","shapes":[{"rings":[[1],[],["x"]]},7]}',
           '{"table":"t","columns":[]}', '{"row":["more","cells"]}', '{"heading":7}', "7", '{"paragraph":"stands"}']
    done = subprocess.run(
        [binary.parent / "tocsin-exchange", "write-pages", str(4 << 30), "60", str(1 << 30), "pdf", tmp_path / "a.pdf"],
        input="".join(line + "\n" for line in [LINES[0], *odd, f'{{"end":{len(odd)}}}']).encode(), capture_output=True,
        timeout=60)
    assert done.returncode == 0, done.stdout
    assert "stands" in words_of(tmp_path / "a.pdf")
