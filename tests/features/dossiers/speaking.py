"""A small form in French, English and Arabic: numbers, a day, a table, a list of persons, open texts, a rent."""

from pathlib import Path

from tests import museum
from workflow.dossiers.models import Dossier

_HEAD = (
    "type",
    "name",
    "label::Français (fr)",
    "label::English (en)",
    "label::العربية (ar)",
    "hint::Français (fr)",
    "hint::العربية (ar)",
    "required",
    "constraint",
    "appearance",
    "calculation",
    "bind::relais:level",
    "bind::relais:purpose",
    "bind::relais:document",
)
_ROWS = (
    ("begin group", "home", "Le logement", "The dwelling", "المسكن"),
    (
        "decimal",
        "rent",
        "Loyer",
        "Rent",
        "الإيجار",
        "Sans les charges",
        "بدون التكاليف",
        "yes",
        "",
        "money",
        "",
        "V2",
        "budget",
        "yes",
    ),
    (
        "decimal",
        "twice",
        "Deux mois de loyer",
        "Two rents",
        "إيجار شهرين",
        "",
        "",
        "",
        "",
        "money",
        "${rent} * 2",
        "V2",
        "budget",
        "",
    ),
    (
        "date",
        "since",
        "Depuis quand",
        "Since when",
        "منذ متى",
        "",
        "",
        "",
        ". <= today()",
        "",
        "",
        "V1",
        "budget",
        "yes",
    ),
    ("select_one yes_no", "lift", "Ascenseur", "Lift", "مصعد", "", "", "", "", "", "", "V1", "besoins", ""),
    (
        "text",
        "wish",
        "Ce que vous souhaitez",
        "What you wish",
        "",
        "",
        "",
        "",
        "",
        "multiline",
        "",
        "V1",
        "souhaits",
        "",
    ),
    ("text", "health", "Santé", "Health", "الصحة", "", "", "", "", "multiline", "", "V4", "besoins", ""),
    ("end group",),
    ("begin group", "noise", "Le bruit", "Noise", "الضوضاء", "", "", "", "", "table-list"),
    ("select_one good_bad", "day", "Le jour", "By day", "نهارا", "", "", "", "", "", "", "V1", "besoins", ""),
    ("select_one good_bad", "night", "La nuit", "By night", "ليلا", "", "", "", "", "", "", "V1", "besoins", ""),
    ("end group",),
    ("begin group", "people", "Les personnes", "People", "الأشخاص"),
    ("begin repeat", "person", "Personne", "Person", "شخص"),
    ("text", "name", "Prénom", "First name", "الاسم", "", "", "", "", "", "", "V1", "identite", "yes"),
    ("integer", "age", "Âge", "Age", "العمر", "", "", "", "", "", "", "V1", "composition", ""),
    ("end repeat",),
    ("end group",),
)
_CHOICES = (
    ("yes_no", "yes", "Oui", "Yes", "نعم"),
    ("yes_no", "no", "Non", "No", "لا"),
    ("good_bad", "good", "Calme", "Calm", "هادئ"),
    ("good_bad", "bad", "Bruyant", "Noisy", "صاخب"),
)


def _line(cells: tuple[str, ...], width: int) -> str:
    return "| | " + " | ".join((*cells, *[""] * (width - len(cells)))) + " |"


FORM = "\n".join(
    (
        "| survey |",
        _line(_HEAD, len(_HEAD)),
        *(_line(row, len(_HEAD)) for row in _ROWS),
        "",
        "| choices |",
        _line(("list_name", "name", "label::Français (fr)", "label::English (en)", "label::العربية (ar)"), 5),
        *(_line(row, 5) for row in _CHOICES),
        "",
        "| settings |",
        "| | form_id | version | default_language |",
        "| | speaking | 1 | Français (fr) |",
        "",
    )
)


def a_speaking_dossier(folder: Path, rank: int = 0) -> Dossier:
    """A dossier on that form, just opened by Claire."""
    return museum.a_museum(folder, rank, FORM)
