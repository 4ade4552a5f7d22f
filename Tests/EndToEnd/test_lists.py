"""Lists on the command line: the three kinds, in zones and alerts, and what is refused."""

import json

import pytest

import register


def people() -> list[register.Person]:
    return [
        register.Person("a", 1.10, 49.44, "76540", phones=["06 39 98 00 01"], lists=["rive"]),
        register.Person("b", 1.11, 49.44, "76540", email="courriel-b@example.org", lists=["rive", "quai"]),
        register.Person("c", None, None, "76540", phones=["01 99 00 00 01"], lists=["quai"]),
        register.Person("d", 1.3, 49.5, "76001", phones=["06 39 98 00 02"]),
        register.Person("e"),
    ]


@pytest.fixture
def town(tocsin):
    tocsin.ok("import", "recipients", register.write(tocsin.folder / "people.csv", people()))
    return tocsin


def members(tocsin, name):
    return tocsin.ok("list", "members", name).lines


def test_the_three_kinds_are_zones_alike(town):
    town.ok("list", "create", "sms", "--where", "channel=sms")
    town.ok("list", "create", "either", "--union", "rive", "--union", "quai")
    town.ok("list", "create", "both", "--intersection", "rive", "--intersection", "quai")
    town.ok("list", "create", "rive only", "--difference", "rive", "--difference", "quai")
    either_way = {"type": "any", "filters": [
        {"type": "list", "values": ["both"]},
        {"type": "not", "filter": {"type": "channel", "values": ["sms", "voice", "email", "fax"]}}]}
    town.ok("list", "create", "json", "--filter", json.dumps(either_way))
    (town.folder / "f.json").write_text(json.dumps(either_way))
    town.ok("list", "create", "file", "--filter", "@f.json")
    expected = {"sms": "ad", "either": "abc", "both": "b", "rive only": "a", "json": "be", "file": "be", "rive": "ab"}
    for name, ids in expected.items():
        assert members(town, name) == list(ids), name
        assert town.ids("--list", name) == list(ids), name
        assert town.ok("target", "--list", name).counts["certain"] == len(ids)
        for one in "abcde":
            verdict = town.ok("explain", one, "--list", name).lines[0]
            assert verdict == f"{one}: {'certain' if one in ids else 'outside'}"
    assert town.ids("--list", "either", "--except", "--circle", "1.10,49.44,100") == ["b", "c"]
    listed = {line.split("\t")[0]: line.split("\t")[1:3] for line in town.ok("list").lines}
    assert listed["either"] == ["combined", "3"] and listed["sms"] == ["filter", "2"] and listed["rive"] == ["static", "2"]


WHERE = {
    "commune=76540": "abc", "commune!=76540": "de", "channel=email,voice": "abcd", "precision=given": "abd",
    "kind=person": "abcde", "kind=household": "", "list=rive,quai": "abc", "name~NOMSECRET b": "b",
    "language=fr": "abcde", "confirmed>=2020-01-01": "", "tag!=pmr": "abcde", "precision!=given": "ce",
}


@pytest.mark.parametrize("condition", WHERE)
def test_a_condition_says_what_it_says(town, condition):
    town.ok("list", "create", "x", "--where", condition)
    assert members(town, "x") == list(WHERE[condition])


def test_a_filter_sees_who_comes_and_goes(town):
    town.ok("list", "create", "sms", "--where", "channel=sms")
    more = people() + [register.Person("f", 1.2, 49.4, phones=["06 39 98 00 03"])]
    town.ok("import", "recipients", register.write(town.folder / "people.csv", more))
    assert members(town, "sms") == ["a", "d", "f"]


REFUSED = [
    ("create", "x", "--where", "colour=red"), ("create", "x", "--where", "channel=smoke"), ("create", "x", "--where", "tag"),
    ("create", "x", "--filter", "{"), ("create", "x", "--filter", '{"type":"tag"}'),
    ("create", "x", "--filter", "@nowhere.json"), ("create", "x", "--union", "rive"),
    ("create", "x", "--union", "rive", "--union", "nobody"), ("create", "rive"), ("create", "a|b"), ("create", ""),
    ("create", "x", "--where", "tag=a", "--union", "rive"), ("create", "x", "--where", "list=x"),
    ("define", "rive", "--where", "tag=a"), ("define", "sms"), ("define", "sms", "--where", "list=above"),
    ("delete", "sms"), ("add", "sms", "a"), ("add", "rive"), ("add", "rive", "a", "zz"), ("add", "rive", "a", "--list", "quai"),
    ("add", "rive", "@nowhere.txt"), ("remove", "nobody", "a"), ("rename", "rive", "quai"), ("default", "nobody"),
    ("default", "rive", "--none"), ("members", "nobody"), ("show", "nobody"),
]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_cannot_be_is_refused_and_changes_nothing(town, words):
    town.ok("list", "create", "sms", "--where", "channel=sms")
    town.ok("list", "create", "above", "--union", "sms", "--union", "rive")
    before = town.ok("list").out
    town.refused("list", *words)
    assert town.ok("list").out == before


def test_people_are_added_and_removed(town):
    town.ok("list", "create", "L")
    (town.folder / "ids.txt").write_text("a\r\n\n d \n")
    town.ok("list", "add", "L", "@ids.txt", "e")
    assert members(town, "L") == ["a", "d", "e"]
    town.ok("list", "add", "L", "--communes", "76540", "--except", "--list", "quai")
    assert members(town, "L") == ["a", "d", "e"]
    town.ok("list", "add", "L", "--communes", "76540")
    town.ok("list", "remove", "L", "--circle", "1.10,49.44,100")
    assert members(town, "L") == ["b", "c", "d", "e"]
    town.ok("list", "rename", "L", "M")
    town.ok("list", "delete", "M")
    town.refused("list", "members", "M")


def test_what_a_scenario_names_goes_only_when_one_says_so_and_then_tells_which(town):
    save = ("--subject", "S", "--message", "M", "--channels", "email")
    town.ok("scenario", "save", "Crue", "--list", "rive", *save)
    for words in (("delete", "rive"), ("rename", "rive", "berge")):
        refused = town.refused("list", *words)
        assert "“Crue”" in refused.err
    assert "rive" in [line.split("\t")[0] for line in town.ok("list").lines]
    told = town.ok("list", "rename", "rive", "berge", "--even-so")
    assert "Crue" in told.err and "rive" in told.err
    # It is named under its old name only: nothing holds the new one.
    assert town.ok("list", "delete", "berge").err == ""
    assert "rive" in town.refused("scenario", "launch", "Crue", "--exercise", "--yes").err


def test_an_organisation_that_sees_the_register_may_name_its_lists(town):
    save = ("--subject", "S", "--message", "M", "--channels", "email")
    town.ok("organisation", "create", "Voisine", "--kind", "service")
    town.ok("organisation", "delegate", "Préfecture", "--to", "Voisine")
    town.ok("user", "reset-password", "agent", "--organisation", "Voisine")
    neighbour = town.with_environment(TOCSIN_USER="agent")
    neighbour.ok("scenario", "save", "Secret de la voisine", "--list", "rive", *save)
    refused = town.refused("list", "delete", "rive", "--organisation", "Préfecture").err
    assert "Voisine" in refused and "Secret" not in refused
    # One of its own under the name is what its scenario means.
    neighbour.ok("list", "create", "rive")
    town.ok("list", "delete", "rive", "--organisation", "Préfecture")


def test_the_default_list_is_suggested_and_not_used(town):
    town.ok("list", "create", "sms", "--where", "channel=sms")
    launch = ("--subject", "S", "--message", "M", "--channels", "email", "--exercise", "--yes")
    assert "default list" not in town.ok("alert", "--communes", "76540", *launch).err
    town.ok("list", "default", "sms")
    assert town.ok("list", "default").lines == ["sms\t2\tPréfecture"]
    told = town.ok("alert", "--communes", "76540", *launch)
    assert 'default list of the organisation: sms (2 recipients); not used: say --list "sms"' in told.err
    assert told.table["recipients"] == "3"
    assert "default list" not in town.ok("alert", "--list", "rive", *launch).err
    town.ok("list", "default", "--none")
    assert town.ok("list", "default").out == ""


def test_organisations_stay_apart(town):
    other = [register.Person("x", 1.1, 49.44, "76540", lists=["rive"])]
    town.ok("import", "recipients", register.write(town.folder / "other.csv", other), "--organisation", "Autre")
    town.refused("list", "create", "new")
    town.refused("list", "members", "rive")
    town.refused("target", "--list", "rive")
    town.ok("list", "create", "mine", "--where", "list=rive", "--organisation", "Autre")
    assert town.ok("list", "members", "mine").lines == ["x"]
    town.refused("list", "show", "mine", "--organisation", "Préfecture")
    town.refused("list", "add", "mine", "a", "--organisation", "Préfecture")
    assert town.ok("list", "members", "rive", "--organisation", "Autre").lines == ["x"]
    town.refused("list", "add", "rive", "x", "--organisation", "Préfecture")
    assert [line.split("\t")[0] for line in town.ok("list", "--organisation", "Autre").lines] == ["mine", "rive"]


def test_the_journal_tells_without_what_a_filter_says(town):
    town.ok("list", "create", "F", "--where", "name~Nomsecret")
    entry = town.ok("journal", "show", "--limit", "1").out
    assert "list.create\tF" in entry and "Nomsecret" not in entry
