"""People with a browser: they keep cookies, read the forms they are shown and send them back."""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 30


@dataclass(frozen=True)
class Answer:
    """Status, body, and the seconds between asking and the last byte."""

    status: int
    body: bytes
    seconds: float


class Visitor:
    """One person at one browser. A connection for each request, as a proxy makes them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, self._headers(body))
            response = connection.getresponse()
            read = response.read()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: found.value for name, found in SimpleCookie(line).items()}
        return Answer(response.status, read, time.perf_counter() - began)

    def _headers(self, body: str | None) -> dict[str, str]:
        headers = {"Connection": "close", "Accept-Language": "fr"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers

    def enter(self, login: str) -> None:
        """Sign in with one click, as the demonstration allows."""
        hidden = form_of(self.get("/sign-in").body, f"/enter/{login}")
        answer = self.post(f"/enter/{login}", hidden)
        if answer.status != 303:
            raise RuntimeError(f"{login} could not sign in: {answer.status}")


class _Forms(HTMLParser):
    """{action: {hidden input: value}} of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.inside: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.found.setdefault(told.get("action", ""), {})
        elif tag == "input" and told.get("type") == "hidden" and "name" in told:
            self.inside[told["name"]] = told.get("value", "")


def form_of(page: bytes, action: str) -> dict[str, str]:
    """The hidden inputs of the form that posts to `action`. Raises KeyError when the page has no such form."""
    parser = _Forms()
    parser.feed(page.decode())
    return parser.found[action]


Errand = Callable[[], Answer]


@dataclass(frozen=True)
class Load:
    """What a crowd lived through: every answer, and the seconds from the first request to the last answer."""

    answers: list[Answer]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds

    @property
    def waits(self) -> list[float]:
        return [answer.seconds for answer in self.answers]

    def but(self, status: int) -> Counter[int]:
        """How many were answered otherwise, by status."""
        return Counter(answer.status for answer in self.answers if answer.status != status)


def at_once(errands: Sequence[Sequence[Errand]]) -> Load:
    """Everybody at the same time, each doing their errands one after the other without a pause."""
    with ThreadPoolExecutor(len(errands)) as pool:
        began = time.perf_counter()
        lists = list(pool.map(lambda mine: [errand() for errand in mine], errands))
        return Load([answer for mine in lists for answer in mine], time.perf_counter() - began)


def one_every(seconds: float, errands: Sequence[Errand]) -> Load:
    """One errand begins every `seconds`, whether or not those before are done."""
    with ThreadPoolExecutor(len(errands)) as pool:
        began = time.perf_counter()
        waiting = []
        for rank, errand in enumerate(errands):
            time.sleep(max(0.0, began + rank * seconds - time.perf_counter()))
            waiting.append(pool.submit(errand))
        answers = [future.result() for future in waiting]
        return Load(answers, time.perf_counter() - began)
