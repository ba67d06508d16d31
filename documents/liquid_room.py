"""The Liquid that models may speak: a short list of tags and filters, strict names, bounded loops and output."""

import re
from functools import lru_cache
from typing import ClassVar, TextIO

from liquid import Environment, FalsyStrictUndefined, Mode
from liquid.builtin.output import Output, OutputNode
from liquid.context import RenderContext
from liquid.exceptions import FilterArgumentError

from documents import filters
from documents.convention_tags import OF_CONVENTIONS
from documents.tags import OURS
from documents.values import MOST_TEXT, clean, vault_of

_TAGS = ("if", "unless", "case", "for", "break", "continue", "assign", "comment", "#", "content", "output", "illegal")
_FILTERS = (
    *("abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"),
    *("capitalize", "downcase", "lstrip", "remove", "remove_first", "rstrip", "slice", "split", "squish", "strip"),
    *("truncate", "truncatewords", "upcase", "default", "size"),
    *("compact", "concat", "find", "first", "has", "last", "map", "reject", "reverse", "sort", "sort_natural", "sum"),
    *("uniq", "where"),
)
_ALONE = re.compile(
    r"^[ \t]*(\{%-?\s*(?:if|elsif|else|endif|unless|endunless|case|when|endcase|for|endfor|break|continue|assign"
    r"|comment|endcomment|#)(?=[\s%-])(?:(?!%\}).)*?)(-?%\})[ \t]*$\n?",
    re.MULTILINE,
)


class Absent(FalsyStrictUndefined):
    """A name that does not exist: may be tested and replaced by `default`, never written."""

    force_liquid_default = True


class ModelOutput(OutputNode):
    """Writes a token instead of the value."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = filters.as_text(self.expression.evaluate(context))
        return buffer.write(vault_of(context.globals).keep(clean(value)))


class ModelOutputTag(Output):
    node_class = ModelOutput


class ModelEnvironment(Environment):
    """One language's environment. Holds no data: values live in the vault of each rendering."""

    context_depth_limit: ClassVar[int] = 20
    loop_iteration_limit: ClassVar[int] = 20_000
    local_namespace_limit: ClassVar[int] = 1_000_000
    output_stream_limit: ClassVar[int] = MOST_TEXT

    def __init__(self, lang: str):
        super().__init__(tolerance=Mode.STRICT, undefined=Absent, strict_filters=True)
        self.tags = {name: tag for name, tag in self.tags.items() if name in _TAGS}
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.filters |= filters.for_language(lang) | _GROWING
        self.add_tag(ModelOutputTag)
        for tag in (*OURS, *OF_CONVENTIONS):
            self.add_tag(tag)


@lru_cache(maxsize=8)
def environment(lang: str) -> ModelEnvironment:
    return ModelEnvironment(lang)


def alone_on_their_lines(body: str) -> str:
    """Take away the whole line of a control tag that stands alone on it, keeping the count of lines.

    The line feed moves inside the tag, where Liquid ignores it: a loop between the rows of a Markdown table then
    leaves no empty line, and a finding still names the right line.
    """
    return _ALONE.sub(lambda found: f"{found[1]}\n{found[2]}" if found[0].endswith("\n") else found[0], body)


def _join(values: object, between: object = " ") -> str:
    if not isinstance(values, list | tuple):
        return filters.as_text(values)
    return _within(filters.as_text(between), [filters.as_text(value) for value in values])


def _within(between: str, parts: list[str]) -> str:
    if sum(map(len, parts)) + len(between) * len(parts) > MOST_TEXT:
        raise FilterArgumentError("too long", token=None)
    return between.join(parts)


def _replace(value: object, old: object, new: object = "") -> str:
    text, sought = filters.as_text(value), filters.as_text(old)
    return _within(filters.as_text(new), text.split(sought)) if sought else text


def _append(value: object, other: object) -> str:
    return _within("", [filters.as_text(value), filters.as_text(other)])


def _prepend(value: object, other: object) -> str:
    return _append(other, value)


_GROWING = {"join": _join, "replace": _replace, "append": _append, "prepend": _prepend}
