"""The house style: whose letterhead, which colours, which words stand round a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """`theme`: Typst source; `words`: language → name → text with `%(name)s` parameters; colours: `#RRGGBB`; `stamp`:
    Typst source of what stands in the box of a signature.
    """

    organisation: str
    address: tuple[str, ...]
    theme: str
    words: Mapping[str, Mapping[str, str]]
    accent: str = "#0B4F5C"
    soft: str = "#E3EEF0"
    ink: str = "#1D2430"
    quiet: str = "#566070"
    line: str = "#D9D5CC"
    margin_mm: float = 25.0
    text_pt: float = 10.5
    large_text_pt: float = 16.0
    stamp: str = ""

    @classmethod
    def load(cls, folder: Path, *, organisation: str, address: tuple[str, ...] = (), form: bool = False) -> Self:
        """The style kept in `folder` (`relais.typ`, `words.yaml`, `stamp.typ`) under an organisation's letterhead; with
        `form`, that of papers to be filled with a pen (`questionnaire.typ`, `questionnaire.yaml`).
        """
        theme, told = ("questionnaire.typ", "questionnaire.yaml") if form else ("relais.typ", "words.yaml")
        words = yaml.safe_load((folder / told).read_text("utf-8"))
        stamp = (folder / "stamp.typ").read_text("utf-8")
        return cls(organisation, address, (folder / theme).read_text("utf-8"), words, stamp=stamp)

    def says(self, lang: str, name: str, /, **params: object) -> str:
        """A text of the house in a language it speaks, English otherwise."""
        return self.words.get(lang, self.words["en"])[name] % params
