"""Refusals as data. Doors turn them into answers; the sentences live in the catalogues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One thing to mend: `field` is the name in the form, `message` an English msgid with %(name)s parameters."""

    field: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


class Problem(Exception):
    """A request that cannot be honoured, for a reason its author may read."""

    status = 500
    code = "problem"

    def __init__(self, message: str = "", /, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class Invalid(Problem):
    """422: the input does not hold; `errors` says where."""

    status = 422
    code = "invalid"

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("Please correct what is marked below.")
        self.errors = errors


class NotFound(Problem):
    """404, for what is absent and for what is hidden alike."""

    status = 404
    code = "not_found"


class Forbidden(Problem):
    """403: known to the caller, but not theirs to do."""

    status = 403
    code = "forbidden"


class Refused(Problem):
    """409: the rules say no. `code` is stable, `message` is an English msgid."""

    status = 409

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(message, **params)
        self.code = code


class Moved(Problem):
    """409: somebody was faster. `since` lists what happened after the version that was shown."""

    status = 409
    code = "moved"

    def __init__(self, message: str = "Somebody acted before you.", *, since: tuple[Any, ...] = (), **params: Any):
        super().__init__(message, **params)
        self.since = since


class NoScope(RuntimeError):
    """A query on data of an operation ran without a scope: a bug, never an answer."""
