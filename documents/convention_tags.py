"""The Liquid tags of conventions: references, signatures, annexes, figures and codes."""

from collections.abc import Iterable
from typing import TextIO

from liquid import ast
from liquid.builtin.expressions import KeywordArgument, PositionalArgument
from liquid.context import RenderContext
from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_TAG, Token

from documents.filters import as_text
from documents.references import Reference
from documents.tags import ContainerTag, LeafNode, LeafTag, line_of
from documents.values import vault_of


class ReferenceNode(ast.Node):
    """Writes one token in the middle of a sentence."""

    __slots__ = ("line", "value")

    def __init__(self, token: Token, value: Expression):
        super().__init__(token)
        self.value, self.line = value, line_of(token)
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        anchor = as_text(self.value.evaluate(context))
        return buffer.write(vault_of(context.globals).keep(Reference(anchor, self.line)))

    def expressions(self) -> Iterable[Expression]:
        return [self.value]


class ReferenceTag(LeafTag):
    name = "ref"
    takes_value = True

    def parse(self, stream: TokenStream) -> ast.Node:
        token = stream.expect(TOKEN_TAG)
        values, named = self.arguments(stream)
        self.check(token, values, named)
        return ReferenceNode(token, values[0].value)


class SignaturesTag(LeafTag):
    name = "signatures"


class FigureTag(LeafTag):
    name = "figure"
    takes_value = True


class SquareTag(LeafTag):
    """`{% qr %}` alone is the verification code, `{% qr "https://…" label: "…" %}` leads anywhere else."""

    name = "qr"

    def parse(self, stream: TokenStream) -> ast.Node:
        token = stream.expect(TOKEN_TAG)
        values, named = self.arguments(stream)
        if len(values) > 1:
            raise LiquidSyntaxError("qr takes 1 value", token=token)
        return LeafNode(token, "square" if values else "qr", values[0].value if values else None, named)


class AnnexTag(ContainerTag):
    """`{% annex "Titre" %} … {% endannex %}`"""

    name, end = "annex", "endannex"
    takes_value = True

    def contained(
        self,
        token: Token,
        stream: TokenStream,
        values: list[PositionalArgument],
        named: list[KeywordArgument],
    ) -> ast.Node:
        titled = KeywordArgument(token, "title", values[0].value)
        return super().contained(token, stream, [], [*named, titled])


OF_CONVENTIONS: tuple[type[Tag], ...] = (ReferenceTag, SignaturesTag, FigureTag, SquareTag, AnnexTag)
