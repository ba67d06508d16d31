"""What a model writes for whom: does it write, for one of its audiences, a value that this audience may not read?

Nothing is rendered: the Liquid is walked once for each audience. Where a condition asks for the `audience` alone, only
the branch that audience reads is walked; any other branch may be read by everybody.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from liquid import ast
from liquid.builtin.expressions import BooleanExpression, LoopExpression, Path
from liquid.builtin.expressions.logical import LogicalAndExpression, LogicalNotExpression, LogicalOrExpression
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.context import RenderContext
from liquid.expression import Expression

from documents.findings import Finding
from documents.front_matter import Audience
from documents.model import Model, parsed, whole_source
from documents.source import Source, plain_source
from documents.tags import line_of

AUDIENCE = "audience"
TOO_HIGH = "“%(audience)s” may not read “%(path)s”, which the text writes for them."
Read = tuple[str, int]
"""A path and the line of the text that reads it."""


def too_high(
    model: Model, levels: Mapping[str, str], readers: Mapping[str, Collection[str]], landlord: str = ""
) -> tuple[Finding, ...]:
    """What is written for an audience above the levels it may read, in the order of the audiences and of the text.

    `levels`: the level of a path ("household.income": "V2"), which holds for what lies below it too; a path without
    level is read by everybody. `readers`: the levels of the audiences that name none in the front matter; one that is
    in neither reads everything. Raises ModelRefused.
    """
    found: list[Finding] = []
    for audience in model.front.audiences:
        allowed = audience.levels or readers.get(audience.name)
        if allowed is not None:
            found += _for_audience(model, audience, levels, allowed, landlord)
    return tuple(found)


def _for_audience(
    model: Model, audience: Audience, levels: Mapping[str, str], allowed: Collection[str], landlord: str
) -> Iterator[Finding]:
    told = set()
    for source in (*_of_front(model), whole_source(model, landlord)):
        for path, line in _Walk(source, model, audience.name).reads():
            level = _level_of(path, levels)
            if level and level not in allowed and path not in told:
                told.add(path)
                params = {"audience": audience.label or audience.name, "path": path}
                yield source.located(Finding("too_high", TOO_HIGH, params, line))


def _of_front(model: Model) -> Iterator[Source]:
    """The texts of the front matter that hold values."""
    for name in ("title", "subtitle"):
        yield plain_source(str(model.meta.get(name) or ""), 1)
    for text, line in model.front.parties:
        yield plain_source(text, line)
    for said, line in model.front.signatories:
        yield from (plain_source(text, line) for text in said.values())


def _level_of(path: str, levels: Mapping[str, str]) -> str:
    """The level of the path, or of the nearest path above it."""
    while path not in levels and "." in path:
        path = path.rpartition(".")[0]
    return levels.get(path, "")


@dataclass(slots=True)
class _Walk:
    """One text, as one audience reads it. `aliases`: names given in the text, with the path behind each."""

    source: Source
    model: Model
    audience: str
    aliases: dict[str, str] = field(default_factory=dict)

    def reads(self) -> Iterator[Read]:
        template = parsed(self.source, str(self.model.meta.get("lang") or ""))
        context = RenderContext(template, globals={AUDIENCE: self.audience})
        for node in template.nodes:
            yield from self.node(node, context)

    def node(self, node: ast.Node, context: RenderContext) -> Iterator[Read]:
        if isinstance(node, IfNode | UnlessNode):
            yield from self.branches(node, context)
            return
        if isinstance(node, MultiExpressionBlockNode):
            yield from self.node(node.block, context)
            return
        yield from (read for one in node.expressions() for read in self.paths(one, node))
        if isinstance(node, AssignNode | ForNode):
            self.name(node)
        blocks = self.chosen(node, context) if isinstance(node, CaseNode) else node.children(context)
        for inner in blocks:
            yield from self.node(inner, context)

    def branches(self, node: IfNode | UnlessNode, context: RenderContext) -> Iterator[Read]:
        """The branches this audience may come to; what decides between them is read too."""
        sure = judged(node.condition, context)
        first = None if sure is None else sure == isinstance(node, IfNode)
        choices = [(node.condition, node.consequence, first)]
        choices += [(one.expression, one.block, judged(one.expression, context)) for one in node.alternatives]
        for condition, block, taken in choices:
            yield from self.paths(condition, node)
            if taken is not False:
                yield from self.node(block, context)
            if taken:
                return
        if node.default:
            yield from self.node(node.default, context)

    def chosen(self, node: CaseNode, context: RenderContext) -> list[ast.Node]:
        """The branches of a `case`: of one that asks for the audience, those which name it."""
        if not _asks_for_audience(node.expression):
            return list(node.blocks)
        when = [one for one in node.blocks if isinstance(one, MultiExpressionBlockNode)]
        taken = [one for one in when if any(one.expression.evaluate(context))]
        return list(taken or [one for one in node.blocks if one not in when])

    def name(self, node: AssignNode | ForNode) -> None:
        """A loop or an assignment gives a path another name."""
        if isinstance(node, ForNode):
            name, behind = str(node.expression.identifier), node.expression.iterable
        else:
            name, behind = str(node.name), getattr(node.expression, "left", node.expression)
        self.aliases[name] = self.path(behind) if isinstance(behind, Path) else name

    def paths(self, expression: Expression, node: ast.Node) -> Iterator[Read]:
        if isinstance(expression, LoopExpression) and isinstance(expression.iterable, Path):
            yield self.path(expression.iterable), line_of(node.token)
            return
        if isinstance(expression, Path):
            yield self.path(expression), line_of(node.token)
        for inner in expression.children():
            yield from self.paths(inner, node)

    def path(self, path: Path) -> str:
        """The names of a path, without the places in its lists, as far as they are known."""
        names: list[str] = []
        for segment in path.path:
            if isinstance(segment, Path):
                break
            if isinstance(segment, str):
                names.append(segment)
        return ".".join([self.aliases.get(names[0], names[0]), *names[1:]]) if names else ""


def judged(expression: Expression, context: RenderContext) -> bool | None:
    """Whether a condition holds for the audience of the context; None where it depends on anything else."""
    match expression:
        case BooleanExpression(expression=inner):
            return judged(inner, context)
        case LogicalNotExpression(right=inner):
            sure = judged(inner, context)
            return None if sure is None else not sure
        case LogicalAndExpression(left=left, right=right):
            sides = judged(left, context), judged(right, context)
            return False if False in sides else None if None in sides else True
        case LogicalOrExpression(left=left, right=right):
            sides = judged(left, context), judged(right, context)
            return True if True in sides else None if None in sides else False
    return bool(expression.evaluate(context)) if _asks_for_audience(expression) else None


def _asks_for_audience(expression: Expression) -> bool:
    """Whether the audience is all an expression reads."""
    paths = list(_all_paths(expression))
    return bool(paths) and all(one.path == (AUDIENCE,) or list(one.path) == [AUDIENCE] for one in paths)


def _all_paths(expression: Any) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for inner in expression.children():
        yield from _all_paths(inner)
