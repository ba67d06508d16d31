"""Read households, dossiers and answers: always within the scope, always through the reader's lens."""

from workflow.dossiers.queries.agreed import agreements
from workflow.dossiers.queries.answers import (
    Packed,
    circumstances,
    form_lang,
    form_of,
    handed_on_set,
    key_to,
    mark,
    marks,
    opened,
    packed,
    present_set,
    revision_of,
    row_limit,
    section_marks,
    sets,
    unsealed,
)
from workflow.dossiers.queries.arrived import files_beside
from workflow.dossiers.queries.arriving import Arrival, Judged, first_of, judge
from workflow.dossiers.queries.beginning import procedures
from workflow.dossiers.queries.dossiers import (
    by_reference,
    by_subject,
    dossier,
    dossiers_of,
    open_dossier_of,
    open_key,
    open_steps,
)
from workflow.dossiers.queries.judged import Answers, outsider, recipients, relations, sentences
from workflow.dossiers.queries.known import already_there
from workflow.dossiers.queries.listing import SORTS, Found, Search, contacts, household, households, states_count
from workflow.dossiers.queries.places import buildings_by_id, place
from workflow.dossiers.queries.reading import File, file
from workflow.dossiers.queries.requirements import counting, may_start
from workflow.dossiers.queries.sought import sought
from workflow.dossiers.queries.succession import CAUTIONS, STOPS, Departure, Doubt, Succession, candidates, doubts

__all__ = [
    "CAUTIONS",
    "SORTS",
    "STOPS",
    "Answers",
    "Arrival",
    "Departure",
    "Doubt",
    "File",
    "Found",
    "Judged",
    "Packed",
    "Search",
    "Succession",
    "agreements",
    "already_there",
    "buildings_by_id",
    "by_reference",
    "by_subject",
    "candidates",
    "circumstances",
    "contacts",
    "counting",
    "dossier",
    "dossiers_of",
    "doubts",
    "file",
    "files_beside",
    "first_of",
    "form_lang",
    "form_of",
    "handed_on_set",
    "household",
    "households",
    "judge",
    "key_to",
    "mark",
    "marks",
    "may_start",
    "open_dossier_of",
    "open_key",
    "open_steps",
    "opened",
    "outsider",
    "packed",
    "place",
    "present_set",
    "procedures",
    "recipients",
    "relations",
    "revision_of",
    "row_limit",
    "section_marks",
    "sentences",
    "sets",
    "sought",
    "states_count",
    "unsealed",
]
