"""The spellings of a zone on the command line all say the same thing, and nonsense is refused."""

import pytest
import shapely
from shapely.geometry import mapping

import geodata
from oracle import Circle, Combined, Communes, Department, Perimeter


@pytest.fixture
def parts(france, tmp_path):
    box = shapely.box(0.9, 49.3, 1.3, 49.6)
    perimeter = Perimeter(geodata.write(tmp_path / "zone à Rouen.geojson", mapping(box)), box)
    return france, perimeter, Circle(1.1, 49.44, 9000), Communes(["76540", "76217"]), Department("76")


def test_within_and_except_have_several_spellings(parts):
    france, perimeter, circle, communes, department = parts
    path = str(perimeter.path)
    expected = france.check(Combined([department], [[perimeter]], [circle, communes])).ids
    assert expected
    for words in (
        ["--department", "76", "--within", path, "--except", "--circle", "1.1,49.44,9000", "--communes", "76540,76217"],
        ["--department=76", "--within", f"--perimeter={path}", "--except", "--circle=1.1,49.44,9000", "--communes=76540,76217"],
        ["--department", "76", "--within", path, "--except", "1.1,49.44,9000", "--except", "76540,76217"],
        ["--department", "76", "--except", "--circle", "1.1,49.44,9000", "--except", "--communes", "76540,76217", "--within", path],
        ["--department", "76", "--within=" + path, "--except=1.1,49.44,9000", "--except=76540,76217"],
    ):
        assert france.tocsin.ids(*words) == expected, words


def test_terms_may_come_in_any_order_and_twice(parts):
    france, perimeter, circle, communes, _ = parts
    expected = france.check(Combined([perimeter, circle, communes])).ids
    for terms in ([communes, circle, perimeter], [circle, perimeter, communes, circle]):
        assert france.tocsin.ids(*Combined(terms).arguments()) == expected


def test_two_within_narrow_twice_and_one_of_two_terms_once(parts):
    france, perimeter, circle, communes, department = parts
    twice = france.check(Combined([department], [[perimeter], [circle]])).ids
    once = france.check(Combined([department], [[perimeter, circle]])).ids
    assert twice != once


def test_who_is_possibly_in_what_is_taken_away_stays(parts):
    france, _, circle, _, department = parts
    kept = france.check(Combined([department], without=[circle]))
    assert france.answer(circle).possible <= kept.possible


@pytest.mark.parametrize("spelling", [
    ["--communes", "76540,76217,76351"], ["--communes", "76540, 76217 ,76351"], ["--communes", "76540;76217;76351"],
    ["--communes", "76540", "--communes", "76217", "--communes=76351"], ["--communes", "76540,76217,76351,76540"]])
def test_communes_may_be_listed_in_several_ways(france, spelling):
    assert france.tocsin.ids(*spelling) == france.answer(Communes(["76540", "76217", "76351"])).ids


def test_communes_may_come_from_a_file(france, tmp_path):
    codes = sorted(france.communes)[:200]
    path = tmp_path / "codes.txt"
    path.write_text("# Le secteur\r\n" + "\r\n".join(codes) + "\r\n", encoding="utf-8")
    assert france.tocsin.ids("--communes", f"@{path}") == france.answer(Communes(codes)).ids


def test_a_code_without_its_leading_zero_is_given_it_back(tocsin):
    path = tocsin.folder / "p.csv"
    path.write_text("id,code_insee,lon,lat\na,1004,5.37,45.96\n")
    tocsin.ok("import", "recipients", path)
    assert tocsin.ids("--communes", "01004") == tocsin.ids("--communes", "1004") == tocsin.ids("--department", "01") == ["a"]


def test_an_overseas_department_and_its_lower_case_spelling(france):
    assert france.tocsin.ids("--department", "974") == france.answer(Department("974")).ids
    france.tocsin.refused("target", "--department", "97")


@pytest.mark.parametrize("words", [
    [], ["--format", "ids"], ["--within", "--circle", "2,48,500"], ["--except", "--circle", "2,48,500"],
    ["--communes", "76540", "--within"], ["--communes", "76540", "--except"], ["--communes", "76540", "--within", "--certain"],
    ["--communes", ""], ["--communes", ","], ["--communes", "ROUEN"], ["--communes", "765"], ["--communes", "99999"],
    ["--communes", "76540,99998"], ["--department", ""], ["--department", "99"], ["--list", "Nulle part"],
    ["--communes", "@/nowhere"], ["--commune", "76540"], ["--circle", "2,48"], ["76540"], ["--communes"],
    ["--communes", "76540", "--organisation", "Nobody"], ["--communes", "76540", "--format", "xml"],
    ["--communes", "76540", "--channel", "pigeon"], ["--communes", "76540", "--except", "--department", "99"],
], ids=" ".join)
def test_a_zone_that_says_nothing_or_nonsense_is_refused(france, words):
    france.tocsin.refused("target", *words)


@pytest.mark.parametrize("word", ["certain", "possible", "outside", "not located"])
def test_an_explanation_says_what_the_selection_says(parts, word):
    france, perimeter, circle, _, department = parts
    zone = Combined([department], [[perimeter]], [circle])
    answer = france.answer(zone)
    outside = set(answer.people) - set(answer.ids) - answer.not_located
    id = sorted({"certain": answer.certain, "possible": answer.possible, "not located": answer.not_located,
                 "outside": outside}[word])[0]
    out = france.tocsin.ok("explain", id, *zone.arguments()).out
    assert out.splitlines()[0] == f"{id}: {word}", out
    assert "Nomsecret" not in out


def test_nobody_unknown_is_explained(france):
    france.tocsin.refused("explain", "nobody-of-that-id", "--department", "76")
