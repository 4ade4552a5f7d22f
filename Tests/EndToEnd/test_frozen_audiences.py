"""Audiences frozen on the command line: launched exactly so, or not at all."""

import sqlite3

from campaigns import WORDS, rows

ZONE = ["--circle", "0.1079,49.4938,15000"]
LAUNCH = ["--channels", "sms", *WORDS]


def test_what_was_frozen_is_launched_exactly_so(seine_maritime):
    tocsin = seine_maritime.tocsin
    ids = tocsin.ids(*ZONE)
    assert len(ids) > 5
    told = tocsin.ok("target", *ZONE, "--freeze", "Port")
    assert f"of {len(ids)} recipients frozen" in told.err and told.table["recipients"] == str(len(ids))
    name, recipients, at, user, digest = tocsin.ok("audiences").lines[0].split("\t")
    assert (name, recipients) == ("Port", str(len(ids))) and user.startswith("cli:") and len(digest) == 64 and at.endswith("Z")
    assert digest in told.err
    tocsin.ok("alert", "--audience", "Port", *LAUNCH)
    assert sorted(row["external_id"] for row in rows(tocsin)) == sorted(ids)


def test_a_register_that_changed_for_any_of_them_stops_the_launch(seine_maritime):
    tocsin = seine_maritime.tocsin
    member, *_ = tocsin.ids(*ZONE)
    tocsin.ok("target", *ZONE, "--freeze", "Port")
    tocsin.ok("recipient", "set", member, "name=Nomsecret Autre")
    refused = tocsin.run("alert", "--audience", "Port", *LAUNCH)
    assert refused.status != 0 and "changed since the audience was frozen" in refused.err
    tocsin.ok("recipient", "delete", member)
    assert "1 gone" in tocsin.run("alert", "--audience", "Port", *LAUNCH).err
    assert tocsin.ok("campaign", "list").out == ""
    tocsin.ok("target", *ZONE, "--freeze", "Port, le matin")
    tocsin.ok("alert", "--audience", "Port, le matin", *LAUNCH)


def test_names_zones_and_damage_are_refused(seine_maritime):
    tocsin = seine_maritime.tocsin
    tocsin.ok("target", *ZONE, "--freeze", "Port")
    assert "already frozen" in tocsin.run("target", *ZONE, "--freeze", "Port").err
    assert "“Port”" in tocsin.refused("alert", "--audience", "Gare", *LAUNCH).err
    assert "a zone of its own" in tocsin.refused("alert", "--audience", "Port", *ZONE, *LAUNCH).err
    assert "nothing to freeze" in tocsin.run("target", "--circle", "0.1,45,10", "--freeze", "Mer").err
    with sqlite3.connect(tocsin.database) as database:
        database.execute("UPDATE audiences SET zone = replace(zone, '15000', '16000')")
    assert "damaged" in tocsin.refused("alert", "--audience", "Port", *LAUNCH).err
