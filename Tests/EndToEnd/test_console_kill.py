"""`kill -9` of the server in mid-exercise: the page says so, comes back by itself, and nobody is left out."""

import campaigns
from cli import until

# Fast, for a lost receipt is waited for at the pace of the exercise.
SPEED = 4
MODE = "exercise"
SOME_ARE_DONE = """() => {
  const { progress } = window.tocsin.state.followed.campaign
  return progress.recipients - progress.pending > 50
}"""


def test_a_server_killed_twice_takes_the_exercise_up_again(console, world, server):
    console.expect_cut()
    console.circle("Amiens", "45")
    number = console.counted(1)["recipients"]
    item = console.items[0]
    ids = world.tocsin.ids("--circle", f"{item['longitude']},{item['latitude']},{item['metres']}")
    assert number == len(ids)
    campaign = console.launch(console.prepare())

    console.wait(SOME_ARE_DONE)
    killed(server, world, campaign)
    console.wait("() => window.tocsin.state.followed.live === 'lost'")
    assert "Suivi interrompu" in console.text("#progress")
    made = campaigns.attempts(world.tocsin)
    server.start(SPEED)
    until(lambda: campaigns.attempts(world.tocsin) > made, what="another attempt")
    killed(server, world, campaign)
    server.start(speed=0)

    # Nobody touches the page: it comes back by itself.
    progress = console.over(seconds=60)
    assert progress["recipients"] == number
    campaigns.check_complete(world.tocsin, ids, campaign)
    report = campaigns.report(world.tocsin, campaign)
    assert console.figures() == report["totals"]
    assert progress["possibleDuplicates"] == report["possible_duplicates"] > 0, "nothing was in flight: proves nothing"
    assert "deux fois" in console.text("#progress")


def killed(server, world, campaign: str) -> None:
    server.kill()
    record = campaigns.shown(world.tocsin, campaign)
    assert record["state"] == "running" and int(record["pending"]) > 100, "killed too late to prove anything"
