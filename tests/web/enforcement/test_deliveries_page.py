"""The page that lists what leaves the desk."""

import pytest

from evenhand.desk.enforcement.models import DestinationState


def test_a_moderator_sees_destinations_and_messages(moderator, message) -> None:
    message()
    page = moderator.get("/deliveries/").content.decode()
    assert 'href="/deliveries/to/hooks/"' in page
    assert 'href="/deliveries/msg_1/"' in page
    assert "will be tried again" in page


def test_strangers_go_to_sign_in(client) -> None:
    assert client.get("/deliveries/").headers["location"].startswith("/login/")


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_sees_no_content_sees_no_deliveries(client_as, role: str, message) -> None:
    message()
    client = client_as(role)
    for path in ("/deliveries/", "/deliveries/msg_1/", "/deliveries/to/hooks/"):
        assert client.get(path).status_code == 403


def test_what_others_wrote_is_shown_as_text(moderator, message) -> None:
    message()
    for path in ("/deliveries/", "/deliveries/msg_1/", "/deliveries/to/hooks/"):
        page = moderator.get(path).content.decode()
        assert "<script>no" not in page
        assert "<b>Grund" not in page


def test_the_list_is_narrowed_by_state_and_destination(moderator, message) -> None:
    message("dead", "msg_dead")
    message("delivered", "msg_fine")
    message("dead", "msg_other", "gone")
    page = moderator.get("/deliveries/?state=dead&destination=hooks").content.decode()
    assert "msg_dead" in page
    assert "msg_fine" not in page
    assert "msg_other" not in page


@pytest.mark.parametrize(
    "query", ["state=nonsense", "before=x", "before=-1", "before=99999999999999999999", "destination=%00"]
)
def test_a_wrong_address_shows_the_list_all_the_same(moderator, message, query: str) -> None:
    message()
    assert moderator.get(f"/deliveries/?{query}").status_code == 200


def test_long_lists_come_in_pages(moderator, message) -> None:
    for number in range(55):
        message(message_id=f"msg_{number:03}")
    first = moderator.get("/deliveries/").content.decode()
    assert "msg_054" in first
    assert "msg_004" not in first
    link = first.partition('rel="next" href="')[2].partition('"')[0]
    assert "msg_004" in moderator.get(f"/deliveries/{link}").content.decode()


def test_the_page_takes_the_same_few_queries_for_one_message_and_for_fifty(
    moderator, message, django_assert_max_num_queries
) -> None:
    for number in range(50):
        message(message_id=f"msg_{number}")
    moderator.get("/deliveries/")
    with django_assert_max_num_queries(10):
        moderator.get("/deliveries/")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "nothing sent yet"),
        ({"failures": 2}, "failing"),
        ({"failures": 9, "open_until": 1}, "down, tried now and then"),
        ({"disabled_at": 1, "disabled_reason": "The receiver answered 410."}, "switched off"),
        ({"last_success_at": 1}, "works"),
    ],
)
def test_each_condition_of_a_destination_is_told_in_words(moderator, state, words: str) -> None:
    DestinationState.objects.create(destination="hooks", **state)
    assert words in moderator.get("/deliveries/").content.decode()


def test_messages_for_a_destination_that_is_gone_are_seen(moderator, message) -> None:
    message(destination="gone")
    assert "not in the platform document" in moderator.get("/deliveries/").content.decode()
    assert moderator.get("/deliveries/to/gone/").status_code == 200
