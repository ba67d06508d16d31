"""A common form changed in small ways by those who use it: reworded, reordered, hidden, added to, and compiled again.

An adaptation is an ordered list of changes addressed by the place of a question, so that it can be laid on the next
common form as well. It is applied to the workbook, which is then compiled like any other.
"""

from forms.adapting.alone import alone
from forms.adapting.applying import Adapted, adapt
from forms.adapting.asking import ADDABLE, fresh_name, named_choices
from forms.adapting.changes import Change, NotPossible, home, stored, taken_back, told, with_change
from forms.adapting.judging import Needs
from forms.adapting.showing import Shown, conditions, shown

__all__ = [
    "ADDABLE",
    "Adapted",
    "Change",
    "Needs",
    "NotPossible",
    "Shown",
    "adapt",
    "alone",
    "conditions",
    "fresh_name",
    "home",
    "named_choices",
    "shown",
    "stored",
    "taken_back",
    "told",
    "with_change",
]
