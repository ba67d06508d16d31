"""Write households and dossiers: one verb per function."""

from workflow.dossiers.actions.beginning import begin_for_operation
from workflow.dossiers.actions.commanding import Decision
from workflow.dossiers.actions.deciding import decide
from workflow.dossiers.actions.editing import editable
from workflow.dossiers.actions.filling import Saved, save_section, write_answers
from workflow.dossiers.actions.handing_on import submit
from workflow.dossiers.actions.handing_over import carry_out
from workflow.dossiers.actions.households import (
    erase_household,
    note_contact,
    put_household,
    register_forgetting,
    set_state,
)
from workflow.dossiers.actions.leaving import cancel, leave, stop
from workflow.dossiers.actions.notices import came_back, mail_settled
from workflow.dossiers.actions.opening import open_dossier
from workflow.dossiers.actions.printing import note_printed
from workflow.dossiers.actions.referents import name_referent, set_referents
from workflow.dossiers.actions.refreshing import confirm_section, note_happening, pass_days
from workflow.dossiers.actions.registering import (
    change_household,
    change_households,
    register_household,
    register_households,
)
from workflow.dossiers.actions.subject import SUBJECT
from workflow.dossiers.actions.taking_up import refresh

__all__ = [
    "SUBJECT",
    "Decision",
    "Saved",
    "begin_for_operation",
    "came_back",
    "cancel",
    "carry_out",
    "change_household",
    "change_households",
    "confirm_section",
    "decide",
    "editable",
    "erase_household",
    "leave",
    "mail_settled",
    "name_referent",
    "note_contact",
    "note_happening",
    "note_printed",
    "open_dossier",
    "pass_days",
    "put_household",
    "refresh",
    "register_forgetting",
    "register_household",
    "register_households",
    "save_section",
    "set_referents",
    "set_state",
    "stop",
    "submit",
    "write_answers",
]
