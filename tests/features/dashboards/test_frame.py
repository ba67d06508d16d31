"""Where one may go: at most four places on a phone, the others behind "More", which opens without a script."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from tests.cast import EVERYBODY
from tests.features.conftest import SignIn


@pytest.mark.parametrize("slug", EVERYBODY)
def test_a_phone_shows_four_places_and_more(app: Flask, sign_in: SignIn, slug: str) -> None:
    page = html.fromstring(sign_in(slug).get("/me").text)
    (bar,) = page.xpath("//nav[contains(@class, 'places')]/ul")
    direct = bar.xpath("./li[not(@class)]/a/@href")
    wide = bar.xpath("./li[@class='wide-only']/a/@href")
    assert 0 < len(direct) <= 4
    assert bar.xpath("./li[@class='narrow-only']/details/ul/li/a/@href") == wide, "nothing is lost on a phone"
    assert bool(bar.xpath("./li[@class='narrow-only']/details/summary")) is bool(wide)
    assert len(direct + wide) <= 6


def test_more_says_that_one_is_there(app: Flask, sign_in: SignIn) -> None:
    nadia = sign_in("nadia-ferhat")
    assert "data-here" in nadia.get("/people").text
    assert "data-here" not in nadia.get("/households").text


@pytest.mark.parametrize("path", ["/operator", "/operator/jobs", "/operator/mails"])
def test_the_lists_of_the_server_stand_under_its_page(app: Flask, sign_in: SignIn, path: str) -> None:
    page = html.fromstring(sign_in("olivier-garance").get(path).text)
    assert page.xpath("//nav[contains(@class, 'places')]//a[@aria-current]/@href") == ["/operator"]


def test_the_language_is_changed_on_the_spot(app: Flask, sign_in: SignIn) -> None:
    nadia = sign_in("nadia-ferhat")

    def in_english(answer: TestResponse) -> str:
        return html.fromstring(answer.text).xpath("string((//a[@hreflang='en'])[1]/@href)")

    asked = "/people?q=a%26b+%C3%A9&role=cesf&away=1"
    assert parse_qsl(urlsplit(in_english(nadia.get(asked))).query) == [
        *parse_qsl(urlsplit(asked).query),
        ("lang", "en"),
    ]
    assert in_english(nadia.get("/people?lang=fr&lang=xx&q=a")) == "/people?q=a&lang=en"
    assert in_english(nadia.post("/people/new?role=cesf", data={})) == "/people/new?role=cesf&lang=en", (
        "sent, and refused"
    )
