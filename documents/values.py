"""Values never become markup: each one leaves a token in the model's text and waits in the vault.

A token is a number between two private-use characters. Markdown takes it for a letter; after Markdown has been parsed,
the numbers are exchanged for the values, once, so that a value holding a token of its own stays that text.
"""

import re
from collections.abc import Callable, Iterator, Mapping

OPEN, CLOSE, CUT = "\ue000", "\ue001", "\ue002"
TOKEN = re.compile(f"{OPEN}([0-9]+){CLOSE}")
VAULT_KEY = f"{OPEN}vault{CLOSE}"
MOST_TEXT = 2_000_000
_UNWRITABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = str.maketrans("", "", OPEN + CLOSE + CUT)


class TooLong(Exception):
    """The values written by one rendering are together longer than any paper."""


class Vault:
    """The values of one rendering, by number. Lives as long as one call of `render`."""

    def __init__(self) -> None:
        self._kept: list[object] = []
        self._length = 0

    def keep(self, value: object) -> str:
        """Put a value away; returns its token. Raises TooLong past `MOST_TEXT` characters in all."""
        self._length += len(value) if isinstance(value, str) else 1
        if self._length > MOST_TEXT:
            raise TooLong
        self._kept.append(value)
        return f"{OPEN}{len(self._kept) - 1}{CLOSE}"

    def take(self, token: str) -> object | None:
        """The object behind a text that is exactly one token, else None."""
        found = TOKEN.fullmatch(token.strip())
        return self._at(int(found[1])) if found else None

    def pieces(self, text: str) -> Iterator[object]:
        """The text cut at the tokens that hold no text: strings with their values in place, and what is held."""
        at = 0
        for found in TOKEN.finditer(text):
            held = self._at(int(found[1]))
            if held is not None and not isinstance(held, str):
                yield self.open(text[at : found.start()])
                yield held
                at = found.end()
        yield self.open(text[at:])

    def open(self, text: str, on_missing: Callable[[object], str] = lambda _: "") -> str:
        """The text with its values in place; a token that holds no text is handed to `on_missing`."""

        def value_of(found: re.Match[str]) -> str:
            value = self._at(int(found[1]))
            return value if isinstance(value, str) else on_missing(value)

        return TOKEN.sub(value_of, text)

    def _at(self, number: int) -> object | None:
        return self._kept[number] if number < len(self._kept) else None


def vault_of(names: Mapping[str, object]) -> Vault:
    """The vault of the rendering under way: it travels among the names under a key no model can write."""
    vault = names[VAULT_KEY]
    if not isinstance(vault, Vault):
        raise TypeError("the rendering has no vault")
    return vault


def without_marks(text: str) -> str:
    """A model's own text without the characters that only this engine may write."""
    return text.translate(_MARKS)


def clean(value: str) -> str:
    """A value as papers can carry it: line feeds and tabs kept, other control characters and lone surrogates gone."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _UNWRITABLE.sub("", text)
