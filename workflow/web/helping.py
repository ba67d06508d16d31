"""The words that stand beside a page: one short Markdown file for each, in templates/help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

HELP = Path(__file__).resolve().parents[2] / "templates" / "help"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


@dataclass(frozen=True)
class Help:
    """title: the first heading; html: the rest, made safe; lang: the language it is written in."""

    endpoint: str
    title: str
    html: Markup
    text: str
    lang: str


@cache
def help_for(endpoint: str, lang: str) -> Help | None:
    """Help of a page in a language, in French where it was not translated; None when there is none."""
    for code in (lang, "fr"):
        path = HELP / code / f"{endpoint}.md"
        if path.is_file():
            return _read(endpoint, path.read_text("utf-8"), code)
    return None


def endpoints() -> list[str]:
    """Every page that has words beside it."""
    return sorted(path.stem for path in (HELP / "fr").glob("*.md"))


def _read(endpoint: str, text: str, lang: str) -> Help:
    first, _newline, rest = text.strip().partition("\n")
    html = Markup(MARKDOWN.render(rest.strip()))  # noqa: S704  our own words, read without HTML
    return Help(endpoint, first.lstrip("# ").strip(), html, rest.strip(), lang)
