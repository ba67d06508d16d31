"""Ask for papers, write and seal them, annul them; keep what people hand in, and erase it;
letterheads."""

from workflow.filing.actions.authority import ensure_authority, renew_authority
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
from workflow.filing.actions.letterheads import give_letterhead, set_letterhead_aside, use_letterhead
from workflow.filing.actions.papers import ask, forget_words, write
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
    "forget_words",
    "give_letterhead",
    "keep_answer",
    "keep_file",
    "move",
    "renew_authority",
    "restore",
    "set_letterhead_aside",
    "use_letterhead",
    "void",
    "write",
]
