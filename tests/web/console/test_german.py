"""The console in its second language: complete, compiled, and in force where it is asked for."""

import gettext
import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from evenhand.desk import settings as desk_settings
from evenhand.desk.web.figures import number

DESK = Path(desk_settings.__file__).parent
CATALOGUE = DESK / "locale/de/LC_MESSAGES/django.po"
STRING = re.compile(r'"(.*)"')
TWO_NUMBERS = re.compile(r"{% blocktranslate count [^%]*?(context \S+ )?%}([^%]*){% plural %}([^%]*){% endblock")
NAME = re.compile(r"\s+(?=})|(?<={)\s+")
PLACE = re.compile(r"%\(\w+\)s|%d")


def entries(text: str) -> dict[str, list[str]]:
    """Each English text with its translations; texts that are no longer used are left out."""
    found = {}
    for block in text.split("\n\n")[1:]:
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line.startswith("msg"):
                name = line.partition(" ")[0]
            parts[name] = parts.get(name, "") + STRING.search(line).group(1)
        if "msgid" in parts:
            found[parts["msgid"]] = [text for key, text in parts.items() if key.startswith("msgstr")]
    return found


def test_every_text_has_its_translation():
    catalogue = CATALOGUE.read_text("utf-8")
    assert "#, fuzzy" not in catalogue
    assert [text for text, translations in entries(catalogue).items() if not all(translations)] == []


def test_a_translation_names_what_the_text_names():
    for text, translations in entries(CATALOGUE.read_text("utf-8")).items():
        assert set(PLACE.findall(translations[-1])) >= set(PLACE.findall(text)), text


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text, translations in entries(CATALOGUE.read_text("utf-8")).items():
        if len(translations) == 1:
            assert compiled.gettext(text.replace('\\"', '"')) == translations[0].replace('\\"', '"'), text


def test_a_text_in_the_singular_has_one_plural():
    """The catalogue finds both by the singular: a second plural would be translated as the first."""
    plurals: dict[str, set[str]] = {}
    for file in DESK.rglob("*.html"):
        for context, one, many in TWO_NUMBERS.findall(file.read_text("utf-8")):
            plurals.setdefault(f"{context}|{NAME.sub('', one)}", set()).add(NAME.sub("", many))
    assert len(plurals) > 10
    assert {one: many for one, many in plurals.items() if len(many) > 1} == {}


def test_figures_have_the_marks_of_the_language():
    told = [number(1122), number(0.25), number(1122.4)]
    with translation.override("de"):
        assert told == ["1,122", "0.25", "1.12e+03"]
        assert [number(1122), number(0.25), number(True)] == ["1.122", "0,25", "True"]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed here")
def test_no_text_of_the_desk_is_missing_in_the_catalogue(tmp_path, monkeypatch):
    shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    monkeypatch.chdir(tmp_path / "desk")
    call_command("makemessages", locale=["de"], no_location=True, no_wrap=True, verbosity=0)
    needed = entries((tmp_path / "desk/locale/de/LC_MESSAGES/django.po").read_text("utf-8"))
    missing = needed.keys() - entries(CATALOGUE.read_text("utf-8")).keys()
    assert not missing, "run makemessages, translate, run compilemessages"


def test_the_persons_language_is_spoken_on_every_page(desk, ana, case, text):
    ana.preferences = {"language": "de"}
    ana.save()
    answer = desk.get(f"/cases/{case.pk}/")
    assert '<html lang="de"' in answer.content.decode()
    page = text(answer)
    for words in ("Kein Verstoß", "Warum jetzt", "Meldungen", "Verlauf"):
        assert words in page
    assert "Warteschlange" in text(desk.get("/"))


def test_the_browsers_language_is_spoken_before_sign_in(client, db, text):
    assert "Anmelden" in text(client.get("/login/", headers={"Accept-Language": "de-AT,de;q=0.9"}))
