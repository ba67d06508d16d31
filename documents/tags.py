"""The Liquid tags of ours: each leaves one token on a line of its own, and what it means in the vault.

A tag with content (`notice`, `parties`, `lead`, `keyvalues` without argument) leaves two tokens, one at each end;
what stands between them is Markdown like the rest and is gathered when the tree is built.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO

from liquid import ast
from liquid.builtin.expressions import KeywordArgument, PositionalArgument, parse_arguments
from liquid.context import RenderContext
from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_EOF, TOKEN_EXPRESSION, TOKEN_TAG, Token

from documents.values import vault_of


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block complete in itself: the tag's name and its arguments, evaluated; the line it stands on."""

    kind: str
    value: object
    named: Mapping[str, object]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Opens:
    kind: str
    named: Mapping[str, object]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Closes:
    kind: str


class LeafNode(ast.Node):
    """Writes one token for a block that holds no text of the model."""

    __slots__ = ("kind", "line", "named", "value")

    def __init__(self, token: Token, kind: str, value: Expression | None, named: list[KeywordArgument]):
        super().__init__(token)
        self.kind, self.value, self.named, self.line = kind, value, named, line_of(token)
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.value.evaluate(context) if self.value is not None else None
        leaf = Leaf(self.kind, _present(value), _evaluated(self.named, context), self.line)
        return buffer.write(f"\n\n{vault_of(context.globals).keep(leaf)}\n\n")

    def expressions(self) -> Iterable[Expression]:
        return [*([self.value] if self.value is not None else []), *(argument.value for argument in self.named)]


class ContainerNode(ast.Node):
    """Writes a token before and one after its own Markdown."""

    __slots__ = ("block", "kind", "line", "named")

    def __init__(self, token: Token, kind: str, block: ast.BlockNode, named: list[KeywordArgument]):
        super().__init__(token)
        self.kind, self.block, self.named, self.line = kind, block, named, line_of(token)
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        vault = vault_of(context.globals)
        written = buffer.write(f"\n\n{vault.keep(Opens(self.kind, _evaluated(self.named, context), self.line))}\n\n")
        written += self.block.render(context, buffer)
        return written + buffer.write(f"\n\n{vault.keep(Closes(self.kind))}\n\n")

    def children(self, static_context: RenderContext, *, include_partials: bool = True) -> Iterable[ast.Node]:
        return [self.block]

    def expressions(self) -> Iterable[Expression]:
        return [argument.value for argument in self.named]


class LeafTag(Tag):
    """A tag without end; `takes_value` says whether one argument without a name is expected."""

    block = False
    takes_value = False
    required: tuple[str, ...] = ()

    def parse(self, stream: TokenStream) -> ast.Node:
        token = stream.expect(TOKEN_TAG)
        values, named = self.arguments(stream)
        self.check(token, values, named)
        return LeafNode(token, self.name, values[0].value if values else None, named)

    def arguments(self, stream: TokenStream) -> tuple[list[PositionalArgument], list[KeywordArgument]]:
        """What stands after the name; leaves the stream on the last token of the tag."""
        if stream.peek.kind != TOKEN_EXPRESSION:
            return [], []
        token = stream.eat(TOKEN_TAG)
        inner = stream.into_inner(tag=token, eat=False)
        values, named = parse_arguments(self.env, inner)
        while inner.current.kind != TOKEN_EOF:  # Liquid stops reading where a comma is missing between two of them
            more_values, more_named = parse_arguments(self.env, inner)
            values, named = [*values, *more_values], [*named, *more_named]
        return values, named

    def check(self, token: Token, values: list[PositionalArgument], named: list[KeywordArgument]) -> None:
        if len(values) != int(self.takes_value):
            raise LiquidSyntaxError(f"{self.name} takes {int(self.takes_value)} value", token=token)
        missing = [name for name in self.required if name not in {argument.name for argument in named}]
        if missing:
            raise LiquidSyntaxError(f"{self.name} needs {missing[0]}", token=token)


class ContainerTag(LeafTag):
    """A tag that ends with `end` + its name."""

    block = True

    def parse(self, stream: TokenStream) -> ast.Node:
        token = stream.expect(TOKEN_TAG)
        values, named = self.arguments(stream)
        self.check(token, values, named)
        return self.contained(token, stream, values, named)

    def contained(
        self,
        token: Token,
        stream: TokenStream,
        values: list[PositionalArgument],
        named: list[KeywordArgument],
    ) -> ast.Node:
        next(stream)
        block = get_parser(self.env).parse_block(stream, frozenset((self.end,)))
        stream.expect(TOKEN_TAG, value=self.end)
        return ContainerNode(token, self.name, block, named)


class Signature(LeafTag):
    name = "signature"
    required = ("name",)


class TableFromData(LeafTag):
    name = "table"
    takes_value = True


class Picture(LeafTag):
    name = "picture"
    takes_value = True


class Caption(LeafTag):
    name = "caption"
    takes_value = True


class NewPage(LeafTag):
    name = "pagebreak"


class NoticeTag(ContainerTag):
    name, end = "notice", "endnotice"


class PartiesTag(ContainerTag):
    name, end = "parties", "endparties"


class LeadTag(ContainerTag):
    name, end = "lead", "endlead"


class KeyValuesTag(ContainerTag):
    """`{% keyvalues rows %}` is complete in itself; without an argument it lasts until `{% endkeyvalues %}`."""

    name, end = "keyvalues", "endkeyvalues"

    def parse(self, stream: TokenStream) -> ast.Node:
        token = stream.expect(TOKEN_TAG)
        values, named = self.arguments(stream)
        if values:
            return LeafNode(token, self.name, values[0].value, named)
        return self.contained(token, stream, values, named)


OURS: tuple[type[Tag], ...] = (
    Signature, TableFromData, Picture, Caption, NewPage, NoticeTag, PartiesTag, LeadTag, KeyValuesTag,
)  # fmt: skip


def line_of(token: Token) -> int:
    """The line a tag stands on, from 1, in the text Liquid was given."""
    return token.source.count("\n", 0, token.start_index) + 1


def _evaluated(named: list[KeywordArgument], context: RenderContext) -> dict[str, object]:
    return {name: _present(value) for name, value in (argument.evaluate(context) for argument in named)}


def _present(value: object) -> object:
    """The value itself; a name that does not exist raises UndefinedError here rather than deep in a writer."""
    str(value)
    return value
