"""The sentences round the questions: when to answer, what to write, in the language of the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from documents.house import HouseStyle

Plain = Mapping[str, Any]


class Words:
    """The words of the house in one language; a language it does not know is served in English."""

    def __init__(self, style: HouseStyle, lang: str) -> None:
        self.style = style
        self.lang = lang

    def __call__(self, name: str, /, **params: object) -> str:
        return self.style.says(self.lang, name, **params)

    def condition(self, told: Plain | None) -> str:
        """“Si A7 : Absent(e)”; empty for what is always asked."""
        if told is None:
            return ""
        clauses = [self.clause(one) for one in told["clauses"]]
        if clauses:
            return self("if", what=self.joined(told["joined"], clauses))
        numbers = self("list_comma").join(told["see"])
        return self("depends_on", numbers=numbers) if numbers else self("depends")

    def clause(self, told: Plain) -> str:
        question = told["number"] or self("named", label=told["label"])
        return self(told["kind"], question=question, values=self.listed("or", told["values"]))

    def listed(self, word: str, parts: Sequence[str]) -> str:
        """“a, b ou c”."""
        if len(parts) < 2:
            return "".join(parts)
        return self(word, one=self("list_comma").join(parts[:-1]), other=parts[-1])

    def joined(self, word: str, parts: Sequence[str]) -> str:
        """“a et b et c”: each is a whole sentence."""
        return reduce(lambda one, other: self(word, one=one, other=other), parts)
