"""Codes of another year in the console: a pasted list says its year, and the page says what each code was read as."""

import pytest

import geodata
from test_console_access import check as accessible

# Méricourt-sur-Somme (80532) merged into Étinehem (80295), now Étinehem-Méricourt, on 1 January 2017.
SEAT, JOINED = "80295", "80532"
MODE = "exercise"


@pytest.fixture(scope="module", autouse=True)
def history(world):
    world.tocsin.ok(
        "import", "cog", geodata.file("cog/2024/communes.csv.gz"), geodata.file("cog/2024/mouvements-communes.csv.gz"))


def paste(console, codes: str, year: str = "") -> None:
    if not console.page.is_visible("#paste-list"):
        console.page.click("text=Coller une liste de communes")
    count = len(console.items)
    console.page.fill("#paste-list", codes)
    console.page.fill("#paste-vintage", year)
    console.page.click("text=Ajouter ces communes")
    console.wait("count => window.tocsin.state.draft.items.length > count", count)


def told(world, *words: str) -> dict[str, int]:
    """The figures of the command line, as the page has them."""
    counts = dict(world.tocsin.ok("target", *words).counts)
    del counts["not_located"]
    return counts


def test_a_pasted_list_of_a_year_means_the_ground_of_that_year(console, world):
    paste(console, SEAT, "2016")
    figures = console.counted(1)
    assert console.zone == {"type": "communes", "codes": [SEAT], "vintage": 2016}
    assert figures == told(world, "--communes", SEAT, "--codes-of", "2016")
    assert "codes de 2016" in console.text(".item .item-note")
    said = console.text("#audience .mapped")
    assert f"({SEAT}) → une partie de Étinehem-Méricourt ({SEAT})" in said
    assert "commune fusionnée" in said and "2017" in said
    drawn = console.wait("() => window.tocsin.outlines[0]")
    assert (drawn["kind"], drawn["role"]) == ("part", "alert"), "the part has no outline on the map"
    accessible(console, "codes of another year", night=True)
    # The whole commune of today is another thing: it can still be chosen beside it.
    console.search(SEAT)
    assert console.counted(2) == told(world, "--communes", SEAT)
    console.prepare()
    console.step("review")
    assert "une partie de Étinehem-Méricourt" in console.text("#panel-review .mapped")


def test_a_code_that_is_no_more_is_accepted_and_explained(console, world):
    paste(console, JOINED)
    assert console.counted(1) == told(world, "--communes", JOINED)
    assert f"Méricourt-sur-Somme ({JOINED})" in console.text("#audience .mapped")


def test_a_year_that_is_none_is_told(console):
    console.page.click("text=Coller une liste de communes")
    console.page.fill("#paste-list", SEAT)
    console.page.fill("#paste-vintage", "16")
    console.page.click("text=Ajouter ces communes")
    console.page.wait_for_selector("text=Une année est attendue")
    assert console.items == []


def test_the_counts_carry_what_was_mapped(visitor):
    zone = {"type": "communes", "codes": [SEAT, "80021", JOINED], "vintage": 2016}
    mapped = visitor.post("/api/zone/counts", {"zone": zone}).json["mapped"]
    assert [(one["code"], one["why"], one["since"]) for one in mapped] == [
        (SEAT, "merged", "2017-01-01"), (JOINED, "merged", "2017-01-01")]
    assert mapped[1]["to"] == [{"code": SEAT, "name": "Étinehem-Méricourt", "part": True}]
    assert visitor.post("/api/zone/counts", {"zone": {"type": "communes", "codes": ["80021"]}}).json["mapped"] == []


@pytest.mark.parametrize("year, code", [(2030, "invalid_zone"), (1900, "invalid_zone"), ("2016", "invalid_zone")])
def test_a_year_that_cannot_be_told_is_refused(visitor, year, code):
    zone = {"type": "communes", "codes": [SEAT], "vintage": year}
    assert visitor.post("/api/zone/counts", {"zone": zone}).code == code


def test_a_look_up_by_year_says_what_stood_then(visitor):
    found = visitor.get(f"/api/communes?codes={SEAT},{JOINED},80999&vintage=2016").json
    assert [(one["code"], one["name"]) for one in found["communes"]] == [
        (SEAT, "Étinehem"), (JOINED, "Méricourt-sur-Somme")]
    assert found["unknown"] == ["80999"]
    assert visitor.get(f"/api/communes?codes={SEAT}&vintage=16").status == 400
