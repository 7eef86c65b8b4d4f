"""Calls to hash lists: what is tried again, where links may lead, and where secrets are."""

import pytest

from evenhand.engine.media.listing import ListFailed
from evenhand.runtime.listapi import ListApi, secret

API = ListApi("Example Hash List", "https://list.example/shared")


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("/v2/entries?start=2", "https://list.example/shared/v2/entries?start=2"),
        ("v2/entries", "https://list.example/shared/v2/entries"),
        ("/shared/v2/entries", "https://list.example/shared/v2/entries"),
        ("https://LIST.example/shared/v2/entries#x", "https://LIST.example/shared/v2/entries"),
        ("?start=2", "https://list.example/shared/?start=2"),
    ],
)
def test_a_link_leads_below_the_base(link, leads):
    assert API.beside(link) == leads


@pytest.mark.parametrize(
    "link",
    ["http://list.example/shared/v2", "https://list.example:444/", "https://list.example@elsewhere.example/",
     "https://name@list.example/", "//elsewhere.example/", "https://elsewhere.example/shared/", "file:///etc/passwd", "https://["],
)  # fmt: skip
def test_a_link_to_another_host_is_refused(link):
    with pytest.raises(ListFailed, match="not followed"):
        API.beside(link)


def test_a_secret_is_read_from_where_its_name_leads_to(monkeypatch, tmp_path):
    monkeypatch.setenv("EXAMPLE_SECRET", " hush ")
    (tmp_path / "file").write_text("quiet\n")
    assert secret({"token_env": "EXAMPLE_SECRET"}, "token") == "hush"
    assert secret({"token_file": str(tmp_path / "file")}, "token") == "quiet"


@pytest.mark.parametrize(
    "config", [{}, {"token": "hush"}, {"token_env": "EXAMPLE_NONE"}, {"token_file": "/nowhere/hush"}]
)
def test_a_secret_that_is_not_there_is_told_by_its_name(config, monkeypatch):
    monkeypatch.delenv("EXAMPLE_NONE", raising=False)
    with pytest.raises(ListFailed, match="token"):
        secret(config, "token")


def test_a_secret_that_no_header_can_carry_is_not_told(monkeypatch):
    monkeypatch.setenv("EXAMPLE_SECRET", "hush\nhush")
    with pytest.raises(ListFailed, match="more than one line") as failed:
        secret({"token_env": "EXAMPLE_SECRET"}, "token")
    assert "hush" not in str(failed.value)
