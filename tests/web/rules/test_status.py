"""Rules on the status page."""

from evenhand.desk.rules import services
from evenhand.desk.rules.jobs import keep_in_band
from tests.desk.conftest import post, sent


def test_a_rule_that_stepped_back_is_told_until_a_person_moves_it(desk, to_stage, fold, text):
    to_stage("Pills", "live", high_per_day=1)
    fold(sent(post("p1", "cheap pills")), sent(post("p2", "cheap pills")))
    keep_in_band()
    told = "The rule Pills stepped back to shadow: It fired 2 times in 24 h; its band ends at 1."
    assert told in text(desk.get("/status/"))
    services.move("Pills", "shadow", actor="user:ana", owner="ana", reason="it may fire more often")
    assert told not in text(desk.get("/status/"))


def test_a_live_rule_that_left_the_project_is_told(desk, to_stage, text):
    to_stage("Pills", "live")
    services.publish({"main.sml": "Text: str = JsonData(path='$.text')\n"}, {}, actor="user:ana")
    assert "Rules that were live are no longer in the project: Pills" in text(desk.get("/status/"))
