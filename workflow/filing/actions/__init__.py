"""Ask for papers, write and seal them, annul them; keep what people hand in, and erase it."""

from workflow.filing.actions.authority import ensure_authority
from workflow.filing.actions.files import (
    KEYED,
    SCAN,
    SHARED,
    TEAM,
    attach,
    erase,
    erase_bytes,
    keep_answer,
    keep_file,
    move,
)
from workflow.filing.actions.papers import ask, write
from workflow.filing.actions.voiding import ask_void_copy, restore, void

__all__ = [
    "KEYED",
    "SCAN",
    "SHARED",
    "TEAM",
    "ask",
    "ask_void_copy",
    "attach",
    "ensure_authority",
    "erase",
    "erase_bytes",
    "keep_answer",
    "keep_file",
    "move",
    "restore",
    "void",
    "write",
]
