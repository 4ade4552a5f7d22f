"""What scripts and people rely on, whatever the command: help, status, standard output and standard error."""

import subprocess

import pytest

COMMANDS = [
    [], ["init"], ["import"], ["import", "communes"], ["import", "cog"], ["import", "addresses"], ["import", "recipients"],
    ["territory"], ["territory", "show"], ["territory", "resolve"], ["territory", "check"], ["geocode"], ["target"],
    ["explain"], ["coverage"], ["alert"], ["campaign"], ["campaign", "list"], ["campaign", "show"],
    ["campaign", "watch"], ["campaign", "pause"], ["campaign", "resume"], ["campaign", "stop"], ["campaign", "report"],
    ["serve"], *(["user", *words] for words in (
        [], ["list"], ["show"], ["create"], ["close"], ["reset-password"], ["exercise-password"], ["reset-factors"],
        ["remove-key"], ["second-factor"], ["notices"], ["telephone"])),
    *(["request", *words] for words in ([], ["list"], ["show"], ["send"], ["accept"], ["refuse"], ["withdraw"])),
    *(["role", *words] for words in ([], ["list"], ["save"], ["remove"])),
    *(["group", *words] for words in ([], ["list"], ["create"], ["remove"])),
    *(["grant", *words] for words in ([], ["list"], ["add"], ["confirm"], ["refuse"], ["withdraw"])),
    *(["duty", *words] for words in ([], ["now"], ["list"], ["add"])),
    *(["token", *words] for words in ([], ["list"], ["create"], ["revoke"])),
    ["api"], *(["backup", *words] for words in ([], ["create"], ["verify"], ["restore"], ["key"])),
    *(["audit", *words] for words in ([], ["show"], ["verify"], ["export"], ["anchor"])),
    ["import", "undo"], ["list"], *(["list", word] for word in (
        "all", "show", "members", "create", "define", "rename", "delete", "add", "remove", "default")),
    ["register"], *(["register", word] for word in ("search", "show", "summary", "export")),
    ["recipient"], ["recipient", "set"], ["recipient", "delete"],
    ["guards"], *(["guards", word] for word in ("show", "set", "territory", "quiet")), ["import", "population"],
    ["coverage", "zone"], ["coverage", "report"], ["index"], ["index", "verify"], ["index", "rebuild"], ["bench"],
    ["bench", "targeting"], ["bench", "dispatch"], ["bench", "voice"], ["bench", "answers"], ["bench", "doubles"], ["campaign", "amend"], ["campaign", "join"], ["campaign", "certificate"], ["campaign", "people"], ["campaign", "doors"], ["audiences"], ["mail"],
    ["mail", "bounces"], ["mail", "dkim"],
    *(["gateway", *words] for words in ([], ["list"], ["check"], ["test"], ["status"], ["callbacks"])),
    *(["inbox", *words] for words in ([], ["list"], ["read"], ["words"])),
    *(["template", *words] for words in ([], ["list"], ["show"], ["save"], ["remove"])),
    *(["message", *words] for words in ([], ["test"], ["addresses"], ["add-address"], ["remove-address"])),
    *(["schedule", *words] for words in (
        [], ["list"], ["add"], ["show"], ["next"], ["pause"], ["resume"], ["remove"])),
    *(["approval", *words] for words in ([], ["list"], ["show"], ["approve"], ["refuse"], ["withdraw"], ["break-glass"])),
    ["campaign", "undo"], *(["scenario", *words] for words in ([], ["list"], ["save"], ["show"], ["ask"], ["approve"], ["refuse"], ["remove"], ["launch"], ["number"])),
    *(["recording", *words] for words in ([], ["list"], ["add"], ["listen"], ["remove"])),
    *(["perimeter", *words] for words in ([], ["list"], ["save"], ["show"], ["rename"], ["delete"])),
    ["organisation"], *(["organisation", word] for word in (
        "list", "show", "create", "set", "move", "rename", "delegate", "withdraw", "delegations", "contact", "export",
        "erase", "gateways", "tariffs", "quotas", "costs")),
]
GROUPS = ["import", "territory", "coverage", "campaign", "user", "role", "group", "grant", "duty", "token", "audit", "backup", "list",
          "register", "recipient", "guards", "index", "bench", "mail", "gateway", "template", "perimeter", "recording", "schedule",
          "message", "inbox", "approval", "organisation", "scenario", "request"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "tocsin")
def test_every_command_has_help(bare, command):
    result = bare.ok(*command, "--help")
    assert "USAGE: tocsin" in result.out and result.err == ""
    assert " ".join(["tocsin", *command]) in result.out, "the help is another command's"
    assert not list(bare.folder.iterdir()), "asking for help wrote something"


def test_every_command_that_help_lists_is_known_here(bare):
    def listed(words):
        lines = bare.ok(*words, "--help").lines
        if "SUBCOMMANDS:" not in lines:
            return set()
        part = lines[lines.index("SUBCOMMANDS:") + 1:]
        return {line.split()[0] for line in part if line.startswith("  ") and line[2] != " " and not line.startswith("  See")}

    for words in [[], *([group] for group in GROUPS)]:
        for command in listed(words):
            assert [*words, command.rstrip(",")] in COMMANDS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "tocsin")
def test_an_unknown_option_is_refused(bare, command):
    bare.refused(*command, "--no-such-option")


NEED_DATABASE = [
    ["import", "communes", __file__, "--vintage", "2024"], ["import", "addresses", __file__],
    ["import", "recipients", __file__], ["geocode", "Rouen"], ["target", "--communes", "76540"],
    ["explain", "a", "--communes", "76540"], ["coverage", "--communes", "76540"],
    ["alert", "--communes", "76540", "--subject", "s", "--message", "m", "--channels", "sms", "--exercise", "--yes"],
    ["campaign", "list"], ["campaign", "show", "1"], ["campaign", "watch", "1"], ["campaign", "pause", "1"],
    ["campaign", "resume", "1"], ["campaign", "stop", "1"], ["campaign", "report", "1"], ["journal"],
    ["journal", "verify"], ["user", "reset-password", "admin"], ["list"], ["list", "create", "x"],
    ["register", "search", "x"], ["register", "export", "x.csv"], ["recipient", "delete", "a"],
]


@pytest.mark.parametrize("command", NEED_DATABASE, ids=lambda words: " ".join(words[:2]))
def test_without_a_database_a_command_says_so_and_makes_none(bare, command):
    result = bare.refused(*command)
    assert str(bare.database) in result.err and "tocsin init" in result.err
    assert not list(bare.folder.iterdir())


@pytest.mark.parametrize("content", [b"", b"not a database, but long enough to hold a header" * 200], ids=["empty", "junk"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(bare, content):
    bare.database.write_bytes(content)
    result = bare.run("target", "--communes", "76540")
    assert result.status != 0 and result.out == ""
    if content:
        assert bare.database.read_bytes() == content


def test_the_database_option_wins_over_the_environment(tocsin, tmp_path):
    other = tmp_path / "folder with spaces" / "other.sqlite"
    assert "one-time password" in tocsin.ok("init", "--database", other).out
    path = tmp_path / "people.csv"
    path.write_text("id,lon,lat\nx,2.3,48.8\n")
    tocsin.ok("import", "recipients", path, "--database", other)
    assert tocsin.ok("target", "--circle", "2.3,48.8,10", "--format", "ids", "--database", other).lines == ["x"]
    assert tocsin.ids("--circle", "2.3,48.8,10") == []


def test_init_prints_a_password_once_and_changes_nothing_the_second_time(bare):
    first = bare.ok("init", "--organisation", "Mairie d’Eu", "--administrator", "chef")
    assert set(line.split(": ")[0] for line in first.lines) == {"database", "administrator", "one-time password"}
    again = bare.ok("init", "--organisation", "Mairie d’Eu", "--administrator", "chef")
    assert again.out == ""
    password = first.lines[2].split(": ")[1].encode()
    for path in bare.folder.glob("tocsin.sqlite*"):
        assert password not in path.read_bytes(), "the password is stored"
        assert path.stat().st_mode & 0o077 == 0, "others may read the database"


def test_the_version_is_told(bare):
    assert bare.ok("--version").out.strip()


def test_a_reader_that_goes_away_is_no_crash(france):
    process = subprocess.Popen(
        [france.tocsin.binary, "target", "--department", "76", "--format", "csv"], env=france.tocsin.environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    _, errors = process.communicate(timeout=30)
    assert process.returncode in (0, 1, -13, 141) and b"Fatal" not in errors


def test_counts_are_key_tab_number_lines_in_their_order(france):
    lines = france.tocsin.ok("target", "--department", "76").lines
    assert [line.split("\t")[0] for line in lines] == [
        "recipients", "certain", "possible", "not_located", "sms", "voice", "email", "fax"]
    assert all(line.split("\t")[1].isdigit() and line.count("\t") == 1 for line in lines)


def test_an_empty_selection_prints_no_id_and_says_so(france):
    result = france.tocsin.ok("target", "--circle", "-3.5,48.2,1000", "--format", "ids")
    assert result.out == "" and "nobody" in result.err


def test_no_progress_is_drawn_where_nobody_watches(france):
    result = france.tocsin.ok("target", "--department", "76", "--format", "ids")
    assert "\r" not in result.err and "\x1b" not in result.err


def test_the_same_question_gets_the_same_answer_byte_for_byte(france):
    for form in ("csv", "json", "geojson", "ids"):
        words = ("target", "--circle", "1.1,49.44,30000", "--format", form)
        assert france.tocsin.ok(*words).out == france.tocsin.ok(*words).out
