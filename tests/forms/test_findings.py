"""Every finding of the check: the smallest form that gives it, where it says to look, and its sentence in French."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from forms.findings import Finding, FormRefused
from forms.xlsform import compile_xlsform

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "templates/translations/fr/LC_MESSAGES/messages.po"
Rows = Sequence[dict[str, str]]


def table(sheet: str, rows: Rows) -> str:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    lines = ["| | " + " | ".join(headers) + " |"]
    lines += ["| | " + " | ".join(row.get(header, "") for header in headers) + " |" for row in rows]
    return f"| {sheet} |\n" + "\n".join(lines) + "\n"


def ask(**columns: str) -> dict[str, str]:
    return {"type": "text", "name": "q", "label": "Q", "bind::relais:level": "V1"} | columns


def choice(**columns: str) -> dict[str, str]:
    return {"list_name": "l", "name": "a", "label": "A"} | columns


X = ask(type="integer", name="x", label="X")
LEVEL, PURPOSE = "bind::relais:level", "bind::relais:purpose"
FRENCH, ENGLISH = "label::Français (fr)", "label::English (en)"
BEGIN, END = {"type": "begin group", "name": "g", "label": "G"}, {"type": "end group"}
SELECT = ask(type="select_one l")

BOTH = {"type": "text", "name": "q", "label::fr": "Q", "label::en": "Q", LEVEL: "V1"}
PAIR = [(0, "a"), (1, "b")]

Place = tuple[str, int | None, str]
Case = tuple[str, dict[str, Rows], Place, str]

CASES: list[Case] = [
    # -- words of the form ----------------------------------------------------------------------------------------
    ("unknown_type", {"survey": [ask(type="texte")]}, ("survey", 2, "type"), "Vouliez-vous écrire « text » ?"),
    ("type_case", {"survey": [ask(type="Text")]}, ("survey", 2, "type"), "« Text » a été lu comme « text »."),
    ("no_type", {"survey": [X, ask(type="")]}, ("survey", 3, "type"), "Cette ligne n’a pas de type."),
    ("row_ignored", {"survey": [X, {"note": "à revoir"}]}, ("survey", 3, "note"), "Cette ligne n’a ni type ni nom"),
    ("no_name", {"survey": [ask(name="")]}, ("survey", 2, "name"), "Cette ligne n’a pas de nom."),
    ("invalid_name", {"survey": [ask(name="1q")]}, ("survey", 2, "name"), "Ce nom ne peut pas"),
    ("duplicate_name", {"survey": [X, ask(name="x")]}, ("survey", 3, "name"), "Le nom « x » est déjà pris."),
    ("similar_name", {"survey": [X, ask(name="X")]}, ("survey", 3, "name"), "Le nom « X » ne diffère d’un autre"),
    ("long_name", {"survey": [ask(name="q" * 129)]}, ("survey", 2, "name"), "Ce nom dépasse 128 caractères."),
    (
        "unknown_column",
        {"survey": [ask(relevent="1")]},
        ("survey", 1, "relevent"),
        "Vouliez-vous écrire « relevant » ?",
    ),
    ("unknown_column", {"survey": [ask(libellé="Nom")]}, ("survey", 1, "libellé"), "Vouliez-vous écrire « label » ?"),
    ("ignored_column", {"survey": [ask(intent="x")]}, ("survey", 1, "intent"), "La colonne « intent » n’est pas lue."),
    (
        "unsupported_column",
        {"survey": [ask(save_to="x")]},
        ("survey", 2, "save_to"),
        "La colonne « save_to » ne peut pas",
    ),
    ("unknown_namespace", {"survey": [ask(**{"bind::o:a": "1"})]}, ("survey", 1, "bind::o:a"), "espace de noms"),
    (
        "doubtful_column",
        {"survey": [SELECT], "choices": [choice(libellé="A")]},
        ("choices", 1, "libellé"),
        "ne sert qu’aux filtres de choix. Vouliez-vous écrire « label » ?",
    ),
    (
        "ignored_setting",
        {"survey": [X], "settings": [{"submission_url": "x"}]},
        ("settings", 2, "submission_url"),
        "Le réglage « submission_url » n’a pas d’effet ici. Relais est le serveur",
    ),
    (
        "unsupported_setting",
        {"survey": [X], "settings": [{"public_key": "x"}]},
        ("settings", 2, "public_key"),
        "Le réglage « public_key » ne peut pas être utilisé ici.",
    ),
    (
        "duplicate_setting",
        {"survey": [X], "settings": [{"form_id": "a", "id_string": "b"}]},
        ("settings", 1, "form_id"),
        "Gardez form_id.",
    ),
    (
        "unsupported_sheet",
        {"survey": [X], "entities": [{"list_name": "trees"}]},
        ("entities", None, ""),
        "La feuille « entities » ne peut pas être utilisée ici.",
    ),
    ("ignored_sheet", {"survey": [X], "osm": [choice()]}, ("osm", None, ""), "La feuille « osm » n’est pas lue."),
    ("unknown_sheet", {"survey": [X], "choixes": [choice()]}, ("choixes", None, ""), "nommez-la « choices »"),
    ("ignored_type", {"survey": [ask(type="deviceid")]}, ("survey", 2, "type"), "restent vides ici"),
    ("unsupported_type", {"survey": [ask(type="osm")]}, ("survey", 2, "type"), "ne peuvent pas être posées ici"),
    ("disabled", {"survey": [X, ask(disabled="yes")]}, ("survey", 3, "disabled"), "La colonne disabled"),
    (
        "header",
        {"survey": [ask(**{"relevant::fr": "1 = 1"})]},
        ("survey", 1, "relevant::fr"),
        "ne peut pas être compris",
    ),
    (
        "namespaces",
        {"survey": [X], "settings": [{"namespaces": "a=b"}]},
        ("settings", 2, "namespaces"),
        "espaces de noms",
    ),
    (
        "further_settings",
        {"survey": [X], "settings": [{"version": "1"}, {"version": "2"}]},
        ("settings", 3, ""),
        "première",
    ),
    # -- appearances ----------------------------------------------------------------------------------------------
    ("unknown_appearance", {"survey": [ask(appearance="wide")]}, ("survey", 2, "appearance"), "L’apparence « wide »"),
    (
        "unsupported_appearance",
        {"survey": [ask(appearance="printer:a")]},
        ("survey", 2, "appearance"),
        "L’apparence « printer:a » ne peut pas être utilisée ici.",
    ),
    (
        "ignored_appearance",
        {"survey": [ask(type="date", appearance="coptic")]},
        ("survey", 2, "appearance"),
        "L’apparence « coptic » n’a pas d’effet ici.",
    ),
    ("search", {"survey": [SELECT | {"appearance": "search('a')"}]}, ("survey", 2, "appearance"), "search()"),
    # -- groups ---------------------------------------------------------------------------------------------------
    ("open_group", {"survey": [X, BEGIN, ask()]}, ("survey", 3, "type"), "n’est jamais fermé"),
    ("unopened_group", {"survey": [X, END]}, ("survey", 3, "type"), "Cette ligne ferme"),
    (
        "too_deep",
        {"survey": [*(BEGIN | {"name": f"g{at}"} for at in range(13)), ask(), *[END] * 13]},
        ("survey", 14, "type"),
        "imbriqués sur plus de 12 niveaux",
    ),
    # -- formulas -------------------------------------------------------------------------------------------------
    ("unfinished", {"survey": [X, ask(relevant="${x} >")]}, ("survey", 3, "relevant"), ""),
    ("decimal_comma", {"survey": [ask(constraint=". > 0,5")]}, ("survey", 2, "constraint"), ""),
    ("comma", {"survey": [X, ask(relevant="max(${x}, 0,5) > 1")]}, ("survey", 3, "relevant"), "virgule décimale"),
    ("typographic_quotes", {"survey": [ask(relevant="1 = ‘a’")]}, ("survey", 2, "relevant"), "apostrophe"),
    ("unknown_function", {"survey": [ask(constraint="frobnicate(.)")]}, ("survey", 2, "constraint"), "frobnicate"),
    ("unknown_name", {"survey": [ask(relevant="${y} = 1")]}, ("survey", 2, "relevant"), "y"),
    ("reference", {"survey": [X, ask(relevant="${x = 1")]}, ("survey", 3, "relevant"), "n’est pas fermé"),
    (
        "ambiguous_name",
        {"survey": [BEGIN, X, END, BEGIN | {"name": "h"}, X, END, ask(relevant="${x} = 1")]},
        ("survey", 8, "relevant"),
        "x",
    ),
    ("unknown_path", {"survey": [ask(relevant="../y = 1")]}, ("survey", 2, "relevant"), "/data/y"),
    ("unknown_list", {"survey": [ask(relevant="instance('l')/root/item = 1")]}, ("survey", 2, "relevant"), "l"),
    ("cycle", {"survey": [ask(calculation="${q} + 1")]}, ("survey", 2, "calculation"), "/data/q"),
    ("no_calculation", {"survey": [ask(type="calculate")]}, ("survey", 2, "calculation"), "formule"),
    ("regex", {"survey": [ask(constraint="regex(., '[')")]}, ("survey", 2, "constraint"), ""),
    ("unanchored_regex", {"survey": [ask(constraint="regex(., 'a')")]}, ("survey", 2, "constraint"), ""),
    ("last_saved", {"survey": [ask(default="${last-saved#q}")]}, ("survey", 2, "default"), "last-saved"),
    ("formula_too_long", {"survey": [ask(relevant="1+" * 5_001 + "1")]}, ("survey", 2, "relevant"), "10000 caractères"),
    ("truth", {"survey": [ask(required="oui")]}, ("survey", 2, "required"), "« oui » a été lu comme « yes »."),
    ("truth", {"survey": [ask(calculation="oui")]}, ("survey", 2, "calculation"), "apostrophes droites"),
    ("decimal", {"survey": [ask(type="decimal", default="0,5")]}, ("survey", 2, "default"), "« 0,5 » a été lu"),
    (
        "decimal",
        {"survey": [ask(type="range", parameters="start=0 end=2 step=0,5")]},
        ("survey", 2, "parameters"),
        "« start=0 end=2 step=0.5 »",
    ),
    ("parameters", {"survey": [ask(type="range", parameters="start")]}, ("survey", 2, "parameters"), "Ces paramètres"),
    ("never_shown", {"survey": [ask(relevant="false()")]}, ("survey", 2, "relevant"), "n’est jamais remplie"),
    (
        "never_shown",
        {"survey": [X, ask(relevant="${x} = '1' and ${x} = '2'")]},
        ("survey", 3, "relevant"),
        "n’est jamais remplie",
    ),
    ("required_calculation", {"survey": [ask(calculation="1", required="yes")]}, ("survey", 2, "required"), "calcul"),
    ("required_note", {"survey": [ask(type="note", required="yes")]}, ("survey", 2, "required"), "Une note ne peut"),
    (
        "unfinished",
        {"survey": [X, ask(type="begin repeat", repeat_count="1 +"), ask(name="r"), {"type": "end repeat"}]},
        ("survey", 3, "repeat_count"),
        "",
    ),
    (
        "unexpected",
        {"survey": [SELECT | {"choice_filter": "a ="}], "choices": [choice()]},
        ("survey", 2, "choice_filter"),
        "",
    ),
    ("unfinished", {"survey": [X], "settings": [{"instance_name": "concat("}]}, ("settings", 2, "instance_name"), ""),
    ("unfinished", {"survey": [X, ask(trigger="${x}", calculation="1 +")]}, ("survey", 3, "calculation"), ""),
    ("unknown_path", {"survey": [X, ask(trigger="${x}", calculation="../y")]}, ("survey", 3, "calculation"), "/data/y"),
    ("unknown_name", {"survey": [ask(label="Q ${y}")]}, ("survey", 2, "label"), "y"),
    ("unknown_name", {"survey": [ask(trigger="${y}", calculation="1")]}, ("survey", 2, "trigger"), "y"),
    # -- choices --------------------------------------------------------------------------------------------------
    ("missing_choices", {"survey": [SELECT]}, ("survey", 2, "type"), "choices"),
    ("missing_list", {"survey": [ask(type="select_one m")], "choices": [choice()]}, ("survey", 2, "type"), "m"),
    ("duplicate_choice", {"survey": [SELECT], "choices": [choice(), choice()]}, ("choices", 3, "name"), ""),
    ("no_choice_name", {"survey": [SELECT], "choices": [choice(name="")]}, ("choices", 2, "name"), "Ce choix n’a pas"),
    ("no_choice_label", {"survey": [SELECT], "choices": [choice(label="")]}, ("choices", 2, "label"), "son nom est"),
    (
        "choice_space",
        {"survey": [ask(type="select_multiple l")], "choices": [choice(name="a b")]},
        ("choices", 2, "name"),
        "Le choix « a b » a une espace",
    ),
    (
        "number_text",
        {"survey": [SELECT], "choices": [choice(name="1.0")]},
        ("choices", 2, "name"),
        "Le nom « 1.0 » ressemble à un nombre",
    ),
    (
        "never_offered",
        {
            "survey": [SELECT, ask(type="select_one m", name="r", choice_filter="of = ${q}")],
            "choices": [choice(), choice(list_name="m", of="b")],
        },
        ("choices", 3, "name"),
        "Ce choix n’est jamais proposé",
    ),
    (
        "or_other",
        {
            "survey": [{"type": "select_one l or_other", "name": "q", FRENCH: "Q", LEVEL: "V1"}],
            "choices": [{"list_name": "l", "name": "a", FRENCH: "A"}],
        },
        ("survey", 2, "type"),
        "anglais",
    ),
    ("file_extension", {"survey": [ask(type="select_one_from_file a.txt")]}, ("survey", 2, "type"), ".csv"),
    ("missing_file", {"survey": [ask(type="select_one_from_file a.csv")]}, ("survey", 2, "type"), "a.csv"),
    ("missing_file", {"survey": [ask(**{"media::image": "a.png"})]}, ("survey", 2, "media::image"), "a.png"),
    (
        "missing_file",
        {"survey": [SELECT], "choices": [choice(**{"media::image": "a.png"})]},
        ("choices", 2, "media::image"),
        "Placez-le à côté du formulaire",
    ),
    (
        "table_list",
        {
            "survey": [BEGIN | {"appearance": "table-list"}, SELECT, ask(type="select_one m", name="r"), END],
            "choices": [choice(), choice(list_name="m")],
        },
        ("survey", 4, "type"),
        "table-list",
    ),
    (
        "external_in_group",
        {
            "survey": [
                BEGIN | {"type": "begin repeat"},
                {"type": "csv-external", "name": "a"},
                X,
                {"type": "end repeat"},
            ]
        },
        ("survey", 3, "type"),
        "à l’intérieur d’un groupe",
    ),
    (
        "no_column",
        {
            "survey": [SELECT | {"type": "select_one l or_other"}],
            "choices": [{"list_name": "l", "name": "a", FRENCH: ""}, {"list_name": "l", "name": "b", FRENCH: "B"}],
        },
        ("choices", 1, ""),
        "label",
    ),
    (
        "loop_languages",
        {
            "survey": [
                {"type": "begin loop over l", "name": "p", "label": "P"},
                X | {"media::image::Français (fr)": "p.png"},
                {"type": "end loop"},
            ],
            "choices": [{"list_name": "l", "name": "a", FRENCH: "A", ENGLISH: "A"}],
        },
        ("survey", 2, "type"),
        "boucle",
    ),
    ("invalid_name", {"survey": [X], "settings": [{"name": "a:b"}]}, ("settings", 2, "name"), "Ce nom"),
    (
        "unseen_trigger",
        {"survey": [ask(type="calculate", name="h", calculation="1"), ask(calculation="1", trigger="${h}")]},
        ("survey", 3, "trigger"),
        "n’est pas posée",
    ),
    # -- texts ----------------------------------------------------------------------------------------------------
    ("no_label", {"survey": [X, ask(label="")]}, ("survey", 3, "label"), "n’a pas d’intitulé"),
    ("hint_repeats", {"survey": [ask(hint="Q")]}, ("survey", 2, "hint"), "Cette aide répète l’intitulé."),
    (
        "missing_translation",
        {"survey": [{"type": "text", "name": name, LEVEL: "V1", FRENCH: "Q", ENGLISH: "Q" * at} for at, name in PAIR]},
        ("survey", 2, ENGLISH),
        "en",
    ),
    (
        "missing_translation",
        {"survey": [BOTH | {"constraint": "1 = 1", "constraint_message::fr": "Non", "constraint_message::en": ""}]},
        ("survey", 2, "constraint_message::en"),
        "en",
    ),
    ("missing_translation", {"survey": [BOTH | {"hint::fr": "H"}]}, ("survey", 2, "hint::fr"), "en"),
    ("missing_translation", {"survey": [BOTH | {"guidance_hint::en": "H"}]}, ("survey", 2, "guidance_hint::en"), "fr"),
    (
        "missing_translation",
        {
            "survey": [{"type": "select_one l", "name": "q", LEVEL: "V1", FRENCH: "Q", ENGLISH: "Q"}],
            "choices": [{"list_name": "l", "name": "a", FRENCH: "A"}, {"list_name": "l", "name": "b", ENGLISH: "B"}],
        },
        ("choices", 2, ENGLISH),
        "en",
    ),
    ("language_code", {"survey": [ask(**{"label::Français": "Q"})]}, ("survey", 1, "label::Français"), "Français"),
    ("characters", {"survey": [ask(label="Q\u202e")]}, ("survey", 2, "label"), "invisibles"),
    ("spaces", {"survey": [ask(type="select_one\u00a0l")], "choices": [choice()]}, ("survey", 2, "type"), "insécables"),
    ("unseen", {"survey": [ask(name="q\u200b")]}, ("survey", 2, "name"), "laissés de côté"),
    # -- levels ---------------------------------------------------------------------------------------------------
    ("missing_level", {"survey": [ask(**{LEVEL: ""})]}, ("survey", 2, LEVEL), "V2"),
    ("unknown_level", {"survey": [ask(**{LEVEL: "V9"})]}, ("survey", 2, LEVEL), "V9"),
    (
        "laundered_level",
        {"survey": [X | {LEVEL: "V3"}, ask(calculation="${x} + 1")]},
        ("survey", 3, LEVEL),
        "Qui peut lire le niveau V1 lit ici un résultat tiré de « x » (V3).",
    ),
    ("free_text_shared", {"survey": [ask(**{PURPOSE: "besoins"})]}, ("survey", 2, LEVEL), "écrit ici librement"),
    ("no_consequence", {"survey": [ask(**{PURPOSE: "besoins", LEVEL: "V4"})]}, ("survey", 2, LEVEL), ""),
    # -- sheets ---------------------------------------------------------------------------------------------------
    ("no_survey", {"choices": [choice()], "settings": [{"form_id": "a"}]}, ("survey", None, ""), "survey"),
    (
        "no_column",
        {"survey": [{"nom": "q", "label": "Q"}]},
        ("survey", 1, ""),
        "Il manque à cette feuille la colonne « type »",
    ),
    ("too_many_languages", {"survey": [ask(**{f"label::l{at}": "Q" for at in range(21)})]}, ("survey", 1, ""), "20"),
    (
        "duplicate_column",
        {"survey": [ask(relevant="1 = 1", relevance="2 = 2")]},
        ("survey", 1, "relevance"),
        "deux noms de la même colonne",
    ),
    # -- lists and languages ---------------------------------------------------------------------------------------
    (
        "list_column",
        {"survey": [X, SELECT | {"choice_filter": "regoin = ${x}"}], "choices": [choice(region="n")]},
        ("survey", 3, "choice_filter"),
        "La liste « l » n’a pas de colonne « regoin ». Vouliez-vous écrire « region » ?",
    ),
    (
        "empty_list_column",
        {
            "survey": [X, SELECT | {"choice_filter": "region = ${x}"}],
            "choices": [choice(), choice(list_name="m", region="n")],
        },
        ("survey", 3, "choice_filter"),
        "Aucun choix de la liste « l » ne remplit la colonne « region ».",
    ),
    ("unknown_name", {"survey": [ask(type="select_multiple ${y}")]}, ("survey", 2, "type"), "y"),
    ("unknown_name", {"survey": [ask(type="select_one ${y}")]}, ("survey", 2, "type"), "y"),
    (
        "answers_offered",
        {
            "survey": [
                BEGIN | {"type": "begin repeat"},
                X,
                {"type": "end repeat"},
                ask(type="select_multiple ${x}"),
            ]
        },
        ("survey", 5, "type"),
        "select_one",
    ),
    ("invalid_name", {"survey": [X, ask(name="a:b")]}, ("survey", 3, "name"), "Commencez par une lettre"),
    ("invalid_name", {"survey": [BEGIN | {"name": "a:b"}, X, END]}, ("survey", 2, "name"), "Commencez par une lettre"),
    (
        "header",
        {"survey": [SELECT], "choices": [choice(**{"a:b": "1"})]},
        ("choices", 1, "a:b"),
        "Commencez par une lettre",
    ),
    (
        "unknown_column",
        {"survey": [SELECT], "choices": [choice(**{"region::fr": "n"})]},
        ("choices", 1, "region::fr"),
        "n’est pas lue",
    ),
    (
        "ignored_on_group",
        {"survey": [BEGIN | {"required": "yes"}, X, END]},
        ("survey", 2, "required"),
        "« required » n’a pas d’effet sur un groupe",
    ),
    (
        "ignored_on_group",
        {"survey": [X, BEGIN | {"type": "begin repeat", "constraint": "1 = 1"}, ask(), {"type": "end repeat"}]},
        ("survey", 3, "constraint"),
        "« constraint » n’a pas d’effet sur un groupe",
    ),
    ("asks_nothing", {"survey": [ask(type="note")]}, ("survey", None, ""), "Ce formulaire ne demande rien."),
    (
        "language_twice",
        {"survey": [{"type": "text", "name": "q", LEVEL: "V1", "label::Français": "Q", "hint::français": "H"}]},
        ("survey", 1, "hint::français"),
        "Les colonnes « label::Français » et « hint::français »",
    ),
    (
        "language_twice",
        {"survey": [{"type": "text", "name": "q", LEVEL: "V1", FRENCH: "Q", "hint::fr": "H"}]},
        ("survey", 1, "hint::fr"),
        "écrivent une même langue de deux façons. Écrivez-la de la même façon",
    ),
    (
        "default_language",
        {"survey": [BOTH], "settings": [{"default_language": "ar"}]},
        ("settings", 2, "default_language"),
        "Aucune colonne ne parle la langue par défaut « ar ».",
    ),
    (
        "filter_row",
        {
            "survey": [
                BEGIN | {"type": "begin repeat"},
                X,
                {"type": "end repeat"},
                ask(calculation="count(${g}[x = max(${x})])"),
            ]
        },
        ("survey", 5, "calculation"),
        "max()",
    ),
    ("unknown_function", {"survey": [X, ask(calculation="SI(${x}, 1, 2)")]}, ("survey", 3, "calculation"), "if("),
    ("character", {"survey": [X, ask(calculation="SI(${x};1)")]}, ("survey", 3, "calculation"), "virgules"),
]


def findings(sheets: dict[str, Rows]) -> tuple[Finding, ...]:
    source = "".join(table(name, rows) for name, rows in sheets.items()).encode()
    try:
        return compile_xlsform(source, "form.md").findings
    except FormRefused as refused:
        return refused.findings


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file, locale="fr") if isinstance(entry.id, str)}


@pytest.mark.parametrize(("code", "sheets", "place", "sentence"), CASES, ids=[case[0] for case in CASES])
def test_a_finding_says_where_and_what(
    code: str, sheets: dict[str, Rows], place: Place, sentence: str, french: dict[str, str]
) -> None:
    found = [finding for finding in findings(sheets) if finding.code == code]
    assert [(one.sheet, one.row, one.column) for one in found][:1] == [place], findings(sheets)
    told = f"{french[found[0].message]} {french.get(found[0].hint, '')}" % found[0].params
    assert re.sub(r" (?=[?»])|(?<=«) ", "\u00a0", sentence) in told


def test_a_declared_result_may_be_read_below_its_source() -> None:
    declared = ask(calculation="${x} + 1", **{"bind::relais:derived": "yes"})
    found = findings({"survey": [X | {LEVEL: "V3"}, declared]})
    assert "laundered_level" not in {finding.code for finding in found}


def test_a_band_of_amounts_needs_no_declaration() -> None:
    band = ask(calculation="if(${x} < 800, 'less', if(${x} < 1200, 'middle', 'more'))")
    assert findings({"survey": [X | {LEVEL: "V2"}, band]}) == ()
    assert [one.code for one in findings({"survey": [X | {LEVEL: "V3"}, band]})] == ["laundered_level"]


def test_more_than_a_hundred_findings_of_a_kind_are_counted() -> None:
    found = findings({"survey": [ask(name=f"q{at}", **{LEVEL: ""}) for at in range(130)]})
    assert len(found) == 101
    assert found[-1].params == {"count": 30}


def test_a_form_without_fault_gives_no_finding() -> None:
    assert findings({"survey": [X, SELECT], "choices": [choice()]}) == ()


# -- the catalogue ------------------------------------------------------------------------------------------------

SENTENCE = re.compile(r"(?:[A-Z]|%\()[^\\]*\s[^\\]*[.?:)]\Z", re.DOTALL)
SPOKEN = ("criticism", "workbook", "advice", "blaming", "findings", "headers", "languages", "lint", "measures")
SPOKEN += ("refusals", "screening", "sheets", "tidying", "vocabulary", "xlsform")


def sentences(path: Path) -> Iterator[str]:
    """Constants that read like a sentence, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    unsaid = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unsaid
        if said and SENTENCE.match(node.value):
            yield node.value


def test_every_sentence_of_the_check_has_its_french(french: dict[str, str]) -> None:
    files = [path for name in SPOKEN for path in (ROOT / "forms" / name).rglob("*.py")]
    files += [ROOT / "forms" / f"{name}.py" for name in SPOKEN if (ROOT / "forms" / f"{name}.py").exists()]
    said = {text for path in files for text in sentences(path)}
    assert len(said) > 80, "the extraction found too little to be believed"
    assert sorted(text for text in said if not french.get(text)) == []
