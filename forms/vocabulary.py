"""The words of an XLSForm: its sheets, columns, settings and types, and what Relais does with each of them.

`run` works as the standard says; `ignored` is passed over with a remark; `refused` stops the form by name. One table
for the check and for docs/xlsform.md; the tests hold it against pyxform's lists, so that no word is dropped unsaid.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RUN, IGNORED, REFUSED = "run", "ignored", "refused"


@dataclass(frozen=True, slots=True)
class Word:
    """`verdict`, why (an English msgid, empty for what runs), and the name the standard has for it today."""

    verdict: str
    why: str = ""
    same_as: str = ""


def _words(verdict: str, why: str, names: str) -> dict[str, Word]:
    return {name.strip(): Word(verdict, why) for name in names.split(",")}


def _alias(of: str, names: str) -> dict[str, Word]:
    return {name.strip(): Word(RUN, "", of) for name in names.split(",")}


_DEVICE = "Relais does not ask the device who holds it: this stays empty."
_ENTITIES = "Lists kept on a server of entities are not read here: use the choices sheet or a .csv file."
_SMS = "Answers are not sent by text message."
_SENDING = "Relais is the server: where and when a telephone sends does not concern it."
_ENCRYPTED = "Answers must be readable to be checked; Relais encrypts them by itself when it stores them."
_TRACES = "Relais records who answered what and when by itself."
_SILENT = "Nobody is recorded or located without being asked: ask a question of type audio or geopoint."
_MAPS = "Features of OpenStreetMap are not read here: ask a geopoint or a text."
_CASCADE = "Use select_one with a choice_filter: it works on telephones and in browsers."
_OTHER_TOOL = "Only other tools use it."
_ANDROID = "Only Android applications use it."
_LAYOUT = "Relais lays out its pages by itself: one page for each group at the top."
_FLAT = "Answers would lose their groups. Remove this setting."

# Fields that pyxform keeps for itself or for services Relais has not: a column of that name is not handed on to it.
INNER = frozenset({_OTHER_TOOL, _SMS})

SHEETS: Mapping[str, Word] = {
    "survey": Word(RUN),
    "choices": Word(RUN),
    "settings": Word(RUN),
    "external_choices": Word(IGNORED, _CASCADE),
    "osm": Word(IGNORED, _MAPS),
    "entities": Word(REFUSED, _ENTITIES),
}

TYPES: Mapping[str, Word] = {
    **_words(
        RUN,
        "",
        "text, integer, decimal, range, date, time, datetime, select_one, select_multiple, rank, note, acknowledge, "
        "calculate, hidden, file, image, audio, video, geopoint, geotrace, geoshape, barcode, select_one_from_file, "
        "select_multiple_from_file, csv-external, xml-external, begin_group, end_group, begin_repeat, end_repeat, "
        "begin_loop, end_loop, start, today, percentage, number of days in last month, "
        "number of days in last six months, number of days in last year, phone number",
    ),
    **_alias("text", "string, q string, add text prompt"),
    **_alias("integer", "int, q int, add integer prompt"),
    **_alias("decimal", "q decimal, add decimal prompt"),
    **_alias("date", "q date, add date prompt"),
    **_alias("datetime", "dateTime, date time, q dateTime, q date time, add dateTime prompt, add date time prompt"),
    **_alias("geopoint", "gps, location, q geopoint, q location, add location prompt"),
    **_alias("geotrace", "q geotrace"),
    **_alias("geoshape", "q geoshape"),
    **_alias("barcode", "q barcode, add barcode prompt"),
    **_alias("image", "photo, q image, q picture, add image prompt, add photo prompt"),
    **_alias("audio", "q audio, add audio prompt"),
    **_alias("video", "q video, add video prompt"),
    **_alias("file", "add file prompt"),
    **_alias("note", "q note, add note prompt"),
    **_alias("calculate", "q calculate, add calculate prompt"),
    **_alias("acknowledge", "trigger, q acknowledge, add acknowledge prompt"),
    **_alias("select_one", "select one, select1, select one from, select one using, q select1"),
    **_alias("select_one", "add select one prompt using"),
    **_alias("select_one_from_file", "select one from file"),
    **_alias("select_multiple", "select all that apply, select all that apply from, select multiple from, q select"),
    **_alias("select_multiple", "select multiple using, add select multiple prompt using"),
    **_alias("select_multiple_from_file", "select multiple from file"),
    **_alias("start", "start time, get start time"),
    **_alias("today", "get today"),
    **_words(
        IGNORED,
        _DEVICE,
        "deviceid, device id, get device id, imei, username, email, phonenumber, get phone number, simserial, sim id, "
        "get sim id, subscriberid, subscriber id, get subscriber id, uri:deviceid, uri:email, uri:phonenumber, "
        "uri:simserial, uri:subscriberid, uri:username",
    ),
    **_words(IGNORED, _TRACES, "audit, end, end time, get end time"),
    **_words(REFUSED, _SILENT, "background-audio, background-geopoint, start-geopoint"),
    "osm": Word(REFUSED, _MAPS),
    **_words(REFUSED, _CASCADE, "select_one_external, select one external, cascading_select, cascading select"),
}

# Columns by their first word in small letters, with underscores: "Constraint Message::fr" is constraint_message.
SURVEY: Mapping[str, Word] = {
    **_words(
        RUN,
        "",
        "type, name, label, hint, guidance_hint, required, required_message, relevant, constraint, "
        "constraint_message, calculation, default, read_only, appearance, choice_filter, repeat_count, parameters, "
        "trigger, media, image, big-image, audio, video, bind, disabled",
    ),
    **_alias("type", "command"),
    **_alias("name", "tag, value"),
    **_alias("label", "caption"),
    **_alias("relevant", "relevance"),
    **_alias("calculation", "calculate"),
    **_alias("read_only", "readonly"),
    **_alias("constraint_message", "constraining_message"),
    **_alias("required_message", "requiredmsg"),
    **_alias("repeat_count", "count, jr:count"),
    **_words(
        IGNORED,
        _SMS,
        "sms_field, sms_option, sms_separator, sms_allow_media, sms_date_format, sms_datetime_format, sms_response, "
        "compact_tag",
    ),
    **_words(IGNORED, _ANDROID, "autoplay, intent, noapperrorstring, no_app_error_string"),
    **_words(IGNORED, _LAYOUT, "rows, body, control"),
    **_words(
        IGNORED,
        _OTHER_TOOL,
        "instance, query, itemset, list_name, list name, choices, actions, extra_data, parent",
    ),
    "save_to": Word(REFUSED, _ENTITIES),
}

CHOICES: Mapping[str, Word] = {
    **_words(RUN, "", "list_name, name, label, media, image, big-image, audio, video"),
    **_alias("list_name", "list name"),
    **_alias("name", "value"),
    **_alias("label", "caption"),
    "sms_option": Word(IGNORED, _SMS),
    **_words(IGNORED, _OTHER_TOOL, "extra_data, parent"),
}

SETTINGS: Mapping[str, Word] = {
    **_words(
        RUN,
        "",
        "form_title, form_id, version, default_language, instance_name, namespaces, allow_choice_duplicates, "
        "clean_text_values, name, style",
    ),
    **_alias("form_title", "title, set_form_title"),
    **_alias("form_id", "id_string, set_form_id"),
    **_words(IGNORED, _SENDING, "submission_url, auto_send, auto_delete, client_editable, instance_xmlns"),
    **_words(
        IGNORED,
        _SMS,
        "sms_keyword, sms_field, sms_separator, sms_allow_media, sms_date_format, sms_datetime_format, sms_response, "
        "prefix, delimiter",
    ),
    **_words(
        IGNORED,
        _OTHER_TOOL,
        "attribute, add_none_option, omit_instanceid, instance_id, type, label, hint, media, bind, control, instance, "
        "choices, children, parent, extra_data, file_name, setgeopoint_by_triggering_ref, setvalues_by_triggering_ref",
    ),
    "public_key": Word(REFUSED, _ENCRYPTED),
    "flat": Word(REFUSED, _FLAT),
    "entity_version": Word(REFUSED, _ENTITIES),
}

COLUMNS: Mapping[str, Mapping[str, Word]] = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}

# What follows `bind::`.
BINDS: Mapping[str, Word] = {
    **_words(
        RUN,
        "",
        "relevant, required, constraint, calculate, readonly, type, jr:constraintmsg, jr:requiredmsg, jr:preload, "
        "jr:preloadparams",
    ),
    **_words(RUN, "", "relais:level, relais:purpose, relais:validity, relais:section, relais:keep, relais:index"),
    **_words(RUN, "", "relais:consequence, relais:derived, relais:document"),
    "jr:noapperrorstring": Word(IGNORED, _ANDROID),
    "entities:saveto": Word(REFUSED, _ENTITIES),
}

# What French authors write, and the word of the standard.
FRENCH_COLUMNS: Mapping[str, str] = {
    "libellé": "label", "libelle": "label", "intitulé": "label", "intitule": "label", "question": "label",
    "étiquette": "label", "nom": "name", "code": "name", "identifiant": "name", "aide": "hint", "indice": "hint",
    "obligatoire": "required", "requis": "required", "condition": "relevant", "pertinent": "relevant",
    "contrainte": "constraint", "message": "constraint_message", "calcul": "calculation", "formule": "calculation",
    "défaut": "default", "liste": "list_name", "filtre": "choice_filter", "apparence": "appearance",
    "lecture_seule": "read_only", "répétition": "repeat_count", "paramètres": "parameters",
    "titre": "form_title", "langue": "default_language",
    "niveau": "bind::relais:level", "level": "bind::relais:level", "purpose": "bind::relais:purpose",
    "finalité": "bind::relais:purpose", "section": "bind::relais:section", "validity": "bind::relais:validity",
}  # fmt: skip

FRENCH_TYPES: Mapping[str, str] = {
    "texte": "text", "entier": "integer", "nombre": "integer", "décimal": "decimal", "heure": "time",
    "choix": "select_one", "choix_unique": "select_one", "liste": "select_one", "choix_multiple": "select_multiple",
    "calcul": "calculate", "caché": "hidden", "fichier": "file", "photographie": "image", "groupe": "begin_group",
    "début_groupe": "begin_group", "fin_groupe": "end_group", "position": "geopoint", "note_": "note",
    "number": "integer", "float": "decimal", "email": "text", "boolean": "select_one", "checkbox": "select_multiple",
    "radio": "select_one", "dropdown": "select_one", "signature": "image", "multiselect": "select_multiple",
}  # fmt: skip

# Functions of French spreadsheets, and how they are written here.
FRENCH_FUNCTIONS: Mapping[str, str] = {
    "si": "if(…, …, …)", "somme": "sum()", "nb": "count()", "nbval": "count-non-empty()", "arrondi": "round(…, 0)",
    "ent": "int()", "aujourdhui": "today()", "maintenant": "now()", "et": "… and …", "ou": "… or …", "non": "not()",
    "vrai": "true()", "faux": "false()", "concatener": "concat()", "concaténer": "concat()", "nbcar": "string-length()",
    "stxt": "substr()", "gauche": "substr(…, 0, …)", "droite": "substr()", "cherche": "contains()",
    "moyenne": "sum(…) div count(…)", "racine": "sqrt()", "puissance": "pow()", "mod": "… mod …", "abs": "abs()",
    "estvide": "… = ''", "joindre": "join()", "recherchev": "pulldata()", "date": "date()",
}  # fmt: skip


def snake(text: str) -> str:
    """ "Constraint  Message" → constraint_message."""
    return "_".join(text.split()).lower()


def nearest(text: str, known: Iterable[str], french: Mapping[str, str]) -> str:
    """The word that was probably meant; empty when none is near."""
    found = french.get(text.lower()) or french.get(snake(text))
    near = difflib.get_close_matches(snake(text), list(known), 1, 0.72)
    return found or (near[0] if near else "")
