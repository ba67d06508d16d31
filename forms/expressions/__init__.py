"""The expression language of the forms: the ODK dialect of XPath 1.0, parsed once and compiled to closures."""

from forms.expressions.closures import compile
from forms.expressions.context import Context, Now
from forms.expressions.errors import ExpressionError
from forms.expressions.parser import parse

__all__ = ["Context", "ExpressionError", "Now", "compile", "parse"]
