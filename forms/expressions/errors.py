"""What can be wrong with an expression before it is ever evaluated."""

from __future__ import annotations

from typing import Any


class ExpressionError(Exception):
    """An expression that cannot work.

    `message` is an English msgid with `%(name)s` places filled from `params`; `position` counts characters from 0 in
    the text of the expression; `code` is stable and meant for programs; `hint` is an English msgid that says what to
    do instead, with the same places.
    """

    def __init__(self, message: str, position: int = 0, code: str = "syntax", hint: str = "", **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.position = position
        self.code = code
        self.hint = hint
        self.params: dict[str, Any] = params
