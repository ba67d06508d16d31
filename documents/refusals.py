"""Liquid's own errors, said as findings with the line of the file."""

import re

from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError, UnknownFilterError

from documents.findings import Finding, ModelRefused
from documents.source import Source

_UNDEFINED = re.compile(r"['\"]?(?P<name>.+?)['\"]? is undefined")
_OPEN = re.compile(r"expected tag ['\"]?(?P<name>end\w+)")
UNKNOWN_FILTER = "There is no such filter: %(detail)s"


def refused(
    code: str, msgid: str, params: dict[str, object] | None = None, line: int | None = None, clause: str = ""
) -> ModelRefused:
    return ModelRefused((Finding(code, msgid, params or {}, line, clause),))


def liquid_refused(error: LiquidError, source: Source) -> ModelRefused:
    """The refusal that stands for an error of Liquid in that source."""
    context = error.context()
    code, msgid = _said(error)
    params: dict[str, object] = {} if code == "too_long" else {"detail": _detail(error)}
    if context is None:  # the whole text is at fault, such as an “if” that never ends
        return refused(code, msgid, params, clause=source.places[0].clause)
    return ModelRefused((source.located(Finding(code, msgid, params, context[0])),))


def _detail(error: LiquidError) -> str:
    """What it is about: the name alone where Liquid says a sentence of its own."""
    named = _UNDEFINED.fullmatch(str(error.message)) or _OPEN.match(str(error.message))
    return named["name"] if named else str(error.message)


def _said(error: LiquidError) -> tuple[str, str]:
    if isinstance(error, UndefinedError):
        return "unknown_name", "A name is written that does not exist: %(detail)s"
    if isinstance(error, UnknownFilterError):
        return "unknown_filter", UNKNOWN_FILTER
    if isinstance(error, ResourceLimitError):
        return "too_long", "The paper would be too long."
    if _OPEN.match(str(error.message)):
        return "liquid_syntax", "%(detail)s is missing: something was opened and is not closed."
    return "liquid_syntax", "This cannot be read as Liquid: %(detail)s"
