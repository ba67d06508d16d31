"""The peer in Python: elementpath, its XPath 1.0 taught the functions of the dialect that the questionnaire uses.

It only evaluates; what comes out is compared with what is stored, as in a recalculation in which nothing changes. Where
it raises (an empty answer compared with a number), the rule counts as run.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree

from elementpath import ElementPathError, XPath1Parser, XPathContext, get_node_tree

TODAY = date(2026, 11, 23)


class DialectParser(XPath1Parser):
    """XPath 1.0 with the functions of ODK XForms that are used here."""


function, method = DialectParser.function, DialectParser.method


def teach(name: str, least: int, most: int | None, work: Callable[..., Any]) -> None:
    """Register or replace one function; `work` gets the token and the context."""
    if name in DialectParser.symbol_table:
        DialectParser.unregister(name)
    token = function(name, nargs=least if least == most else (least, most))
    work.__name__ = f"evaluate__{name.replace('-', '_')}"
    method(token)(work)


def first(token: Any, context: Any, index: int = 0) -> Any:
    return token.get_argument(context, index=index, default="")


def text(token: Any, context: Any, index: int = 0) -> str:
    return token.string_value(first(token, context, index))


def number(token: Any, context: Any, index: int = 0) -> float:
    try:
        return float(text(token, context, index) or "nan")
    except ValueError:
        return math.nan


def _if(token: Any, context: Any = None) -> Any:
    chosen = 1 if token.boolean_value(token[0].evaluate(context)) else 2
    return token[chosen].evaluate(context)


def _coalesce(token: Any, context: Any = None) -> Any:
    return next((found for index in range(len(token)) if (found := text(token, context, index)) != ""), "")


def _date(token: Any, context: Any = None) -> Any:
    written = text(token, context)
    return float((date.fromisoformat(written) - date(1970, 1, 1)).days) if len(written) == 10 else math.nan


def _round(token: Any, context: Any = None) -> float:
    amount, places = number(token, context), int(number(token, context, 1)) if len(token) > 1 else 0
    return math.nan if math.isnan(amount) else math.floor(amount * 10**places + 0.5) / 10**places


teach("if", 3, 3, _if)
teach("coalesce", 2, None, _coalesce)
teach("date", 1, 1, _date)
teach("round", 1, 2, _round)
teach("today", 0, 0, lambda token, context=None: float((TODAY - date(1970, 1, 1)).days))
teach("selected", 2, 2, lambda token, context=None: text(token, context, 1) in text(token, context).split())
teach("count-selected", 1, 1, lambda token, context=None: len(text(token, context).split()))
teach("int", 1, 1, lambda token, context=None: math.trunc(number(token, context)))
teach("not", 1, 1, lambda token, context=None: not token.boolean_value(token[0].evaluate(context)))
teach("max", 1, None, lambda token, context=None: max(number(token, context, index) for index in range(len(token))))


class XPathPeer:
    """All rules of a form over one instance; `rules` are pairs of a path (without row numbers) and an expression."""

    def __init__(self, xml: str, rules: Sequence[tuple[str, str]]) -> None:
        self.root = get_node_tree(ElementTree.fromstring(xml))
        parser = DialectParser()
        self.rules = [(parser.parse(expression), list(self.nodes(path))) for path, expression in rules]

    def nodes(self, path: str) -> Iterator[Any]:
        found = [self.root]
        for name in path.split("/")[2:]:
            found = [child for node in found for child in node.children if child.name == name]
        yield from found

    def recompute(self) -> tuple[int, int]:
        """How many times a rule ran, and how often it raised."""
        ran = raised = 0
        for token, nodes in self.rules:
            for node in nodes:
                ran += 1
                try:
                    str(token.evaluate(XPathContext(self.root, item=node)))
                except (ElementPathError, ValueError, OverflowError):
                    raised += 1
        return ran, raised
