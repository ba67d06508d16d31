"""What is to say about a model or a paper: a line, an English message id, its parameters. The doors translate."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1 in the model's file, or in the file of the clause named `clause` (None: the whole file);
    `msgid` takes `%(name)s` parameters.
    """

    code: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None
    clause: str = ""


class ModelRefused(Exception):
    """The model cannot become a paper; `findings` say where and why."""

    def __init__(self, findings: tuple[Finding, ...]):
        super().__init__("; ".join(f"{f.clause} line {f.line}: {f.msgid % dict(f.params)}".lstrip() for f in findings))
        self.findings = findings
