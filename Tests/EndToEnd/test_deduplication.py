"""One message for each person and address, however many lists, zones and households name them, in one campaign and over two."""

import sqlite3

import shapely
import pytest

import campaigns
import geodata
import register
from register import Person


@pytest.fixture
def town(template, tmp_path):
    """Four people: one in two lists, two households at one address with one telephone, one on the far bank."""
    people = [
        Person("P1", 2.300, 49.900, phones=["06 39 98 00 01"], email="courriel-1@example.org", lists=["Rive", "Port"]),
        Person("P2", 2.301, 49.900, phones=["01 99 00 00 02"], email="courriel-2@example.org", lists=["Rive"]),
        Person("P3", 2.301, 49.900, phones=["01 99 00 00 02"], email="courriel-3@example.org", lists=["Port"]),
        Person("P4", 2.320, 49.900, phones=["06 39 98 00 04"], email="courriel-1@example.org"),
    ]
    tocsin = template.copy(tmp_path)
    tocsin.ok("import", "recipients", register.write(tmp_path / "people.csv", people))
    boxes = {"west": shapely.box(2.29, 49.89, 2.305, 49.91), "all": shapely.box(2.29, 49.89, 2.33, 49.91)}
    for name, box in boxes.items():
        tocsin.ok("perimeter", "save", name, "--perimeter",
                  geodata.write(tmp_path / f"{name}.geojson", shapely.geometry.mapping(box)))
    return tocsin


def legs(tocsin, campaign: int) -> list[str]:
    """Every submission to be made, as channel and address."""
    database = sqlite3.connect(f"file:{tocsin.database}?mode=ro", uri=True)
    try:
        return sorted(" ".join(row) for row in database.execute(
            "SELECT channel, address FROM legs WHERE campaign_id = ?", [campaign]))
    finally:
        database.close()


def test_one_campaign_over_everything_at_once(town):
    zone = ["--list", "Rive", "--list", "Port", "--saved", "west", "--saved", "all", "--circle", "2.3,49.9,900"]
    assert town.ids(*zone) == ["P1", "P2", "P3", "P4"]
    campaigns.launch(town, *zone)
    campaigns.check_complete(town, ["P1", "P2", "P3", "P4"])
    assert legs(town, 1) == [
        "email courriel-1@example.org", "email courriel-2@example.org", "email courriel-3@example.org",
        "sms +33639980001", "sms +33639980004", "voice +33199000002", "voice +33639980001", "voice +33639980004"]


def test_a_second_zone_of_the_event_leaves_out_whom_the_first_has(town):
    """Two launches are two messages, unless the second says that it goes on from the first."""
    campaigns.launch(town, "--saved", "west")
    assert town.ids("--saved", "all", "--except", "--campaign", "1:all") == ["P4"]
    campaigns.launch(town, "--saved", "all", "--except", "--campaign", "1:all")
    assert [row["external_id"] for row in campaigns.rows(town, 2)] == ["P4"]
    # Who could not be reached is tried again by a launch that asks for just these.
    failed = {row["external_id"] for row in campaigns.rows(town, 1) if row["state"] == "failed"}
    assert set(town.ids("--campaign", "1:failed")) == failed if failed else True


def test_the_same_request_twice_is_one_campaign(town):
    words = [*campaigns.words("--saved", "all"), "--request-key", "1f0e8a4c-7c7b-4d0c-9a53-51f8c7a7f001"]
    town.ok(*words)
    town.ok(*words)
    assert len(town.ok("campaign", "list").lines) == 1
    assert len(legs(town, 1)) == 8
