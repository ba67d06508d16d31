"""What no page says: neither our inner words, nor the sentences of the other language."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from workflow.app import ROOT

CATALOGUE = ROOT / "templates" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
INNER = re.compile(
    r"\bV[0-4]\b|\b[0-9a-f]{32}\b|%\(|\{\{|\{%|\[object|"
    r"\b(?:circuits?|hash(?:es)?|chains?|chaînes?|events?|lens(?:es)?|instances?|outbox|payload|undefined|msgid)\b",
    re.IGNORECASE,
)
PYTHON = re.compile(r"\bNone\b|\bnull\b|\bNaN\b|\bTrue\b|\bFalse\b")
PLACE = re.compile(r"%\([a-z_]+\)[sd]")
WORDS = 3  # a sentence with places for values is looked for when so many words of it are fixed
VISIBLE = """() => {
  const found = [document.title];
  const page = document.documentElement.lang;
  const nearest = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[lang]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (nearest(node).lang !== page) continue;
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest("script, style")) found.push(node.data);
    } else {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push(node.getAttribute(name) ?? "");
      for (const [name, text] of Object.entries(node.dataset)) if (text.includes(" ")) found.push(text);
    }
  }
  return found;
}"""


def said_on(page: Page) -> set[str]:
    """Every piece of text in the language of the page that a person may read or hear, spaces made plain."""
    return {" ".join(text.split()) for text in page.evaluate(VISIBLE)} - {""}


# -- the two languages --------------------------------------------------------------------------------------------


@cache
def catalogue(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def left_over(lang: str) -> re.Pattern[str]:
    """What belongs to the other language: whole pieces of text that a page in `lang` must not hold."""
    texts: set[str] = set()
    shared: set[str] = set()  # "Comment" and "Situation" are words of both
    for message in catalogue():
        both = list(zip(_forms(message.id), _forms(message.string), strict=False))
        texts |= {other if lang == "en" else own for own, other in both if own and other and _differ(own, other)}
        shared |= {own if lang == "en" else other for own, other in both}
    texts -= shared
    return re.compile("|".join(_pattern(text) for text in sorted(texts) if _telling(text)))


def _forms(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _differ(own: str, other: str) -> bool:
    return " ".join(own.casefold().split()) != " ".join(other.casefold().split())


def _telling(text: str) -> bool:
    """A text that is all places for values would match anything."""
    return not PLACE.search(text) or len(re.findall(r"\w{2,}", PLACE.sub(" ", text))) >= WORDS


def _pattern(text: str) -> str:
    fixed = (re.escape(" ".join(part.split())) for part in PLACE.split(f"·{text}·"))
    return r".*?".join(fixed).strip("·").replace(r"\ ", " ")


# -- reading ------------------------------------------------------------------------------------------------------


@cache
def words_of_models() -> frozenset[str]:
    """What the models of papers are called, ask and offer: written in the language of the paper, not of the page."""
    said: set[str] = set()
    for path in (ROOT / "templates" / "documents").glob("*/model.md"):
        head, text = path.read_text("utf-8").split("\n---\n", 1)
        told = yaml.safe_load(head)
        asks = told.get("asks") or ()
        said |= {
            told["title"],
            re.split(r" n° |\W*\{", told["title"])[0],  # as lists call it, without its number
            told["title"].split()[0],
            *(one["label"] for one in asks),
            *(word for one in asks for word in one.get("choices") or ()),
        }
        said |= set(re.findall(r"^#+ (?:Article – )?(.+?)(?: \{#.*)?$", text, re.MULTILINE))
    return frozenset(str(one) for one in said)


def wrong_words(page: Page, lang: str, *quoted: str) -> list[str]:
    """Pieces of text that should not stand on the page; `quoted` are those that may, in whatever language."""
    texts = said_on(page) - {*quoted} - words_of_models()
    inner = [text for text in texts if INNER.search(text) or (lang == "fr" and PYTHON.search(text))]
    other = [text for text in texts if left_over(lang).fullmatch(text)]
    return [f"{page.url}: {text[:200]}" for text in sorted({*inner, *other})]
