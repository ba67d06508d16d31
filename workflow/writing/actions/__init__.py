"""Write papers outside a procedure, one or many; annul them; say how they were handed over."""

from workflow.writing.actions.annulling import annul, restore
from workflow.writing.actions.demonstrating import demonstrate_room
from workflow.writing.actions.forgetting import forget_household
from workflow.writing.actions.handing import hand_over, take_back
from workflow.writing.actions.writing import NewAnnex, write

__all__ = ["NewAnnex", "annul", "demonstrate_room", "forget_household", "hand_over", "restore", "take_back", "write"]
