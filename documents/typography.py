"""French typography: the spaces and the apostrophe that an author does not type.

A pure pass over the words as they are written into a file, the model's own and the values alike; nothing in code and
nothing in an address is touched. Every rule exchanges one character for one other, so that the words keep their length
and a second pass changes nothing. Rules: *Lexique des règles typographiques en usage à l'Imprimerie nationale*.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from documents.content import Run, Runs

NO_BREAK, NARROW = "\u00a0", "\u202f"
_HIDDEN = "\ufffc"
_SPACE = "[ \u00a0\u202f]"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS = "€|k€|M€|%|‰|m²|m2|m³|km|cm|mm|m|ha|kg|kW|kWh|h|min|°C|Mo|Ko|ko"
# Words that count something; a number never stands at the end of a line without what it counts.
_COUNTED = (
    r"jours?|semaines?|mois|ans?|années?|heures?|minutes?|euros?|mètres?|kilomètres?|pièces?|personnes?|propositions?|"
    r"logements?|relogements?|ménages?|familles?|organismes?|réunions?|enfants?|pages?|refus|exemplaires?|fois|étages?"
)
_TITLES = r"n°|N°|nos|§|art\.|p\.|L\.|R\.|D\.|M\.|MM\.|Mmes|Mme|Mlles|Mlle|Me|Dr"
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:)\S+|\S+@\S+\.\S+", re.IGNORECASE)
_WORTH_READING = re.compile("[ '\u00a0]")
_DIGIT, _SIGN = re.compile(r"\d"), re.compile("[;:!?«»]")
_APOSTROPHE = (re.compile(r"(?<=\w)'(?=\w)"), "’")
_BEFORE_NAMES = (re.compile(rf"(?<!\w)(?:{_TITLES})[ ](?=[A-ZÀ-Ý0-9])"), None)
_AT_SIGNS = (
    (re.compile(rf"{_SPACE}(?=[;!?])"), NARROW),
    (re.compile(rf"{_SPACE}(?=[:»])|(?<=«){_SPACE}"), NO_BREAK),
)
_WITH_DIGITS = (
    (re.compile(rf"(?<=\d){_SPACE}(?=(?:{_COUNTED})\b)"), NO_BREAK),
    (re.compile(rf"(?<=\d\))[ ](?=(?:{_COUNTED})\b)"), NO_BREAK),
    (re.compile(rf"(?<=\d){_SPACE}(?=(?:{_UNITS})(?!\w))"), NO_BREAK),
    (re.compile(r"(?<=\d)[ ](?=\d{3}(?!\d))|(?<=\b\d\d)[ ](?=\d\d\b)"), NO_BREAK),
    (re.compile(rf"(?:(?<=\b\d)|(?<=\b\d\d)|(?<=\b1er))[ ](?=(?:{_MONTHS})\b)"), NO_BREAK),
    (re.compile(rf"\b(?:{_MONTHS})[ ](?=\d{{4}}\b)"), None),
    (re.compile(r"\b(?:[Aa]rticles?|[Aa]nnexes?|[Tt]ableaux?|[Ff]igures?)[ ](?=\d)"), None),
)


def typeset(text: str, lang: str, narrow: str = NARROW) -> str:
    """A text with the spaces and apostrophes of its language; of the same length.

    `narrow`: what stands before ; ! ? (`documents.fonts.narrow_space`: not every typeface has a narrow space).
    """
    if lang != "fr" or not _WORTH_READING.search(text):
        return text
    return _typeset(text, narrow)


@lru_cache(maxsize=1024)  # the words of a model come back in both files of a paper, and in every paper of it
def _typeset(text: str, narrow: str) -> str:
    addresses = [found.span() for found in _ADDRESS.finditer(text)] if "@" in text or "." in text or "/" in text else []
    done = text
    for sought, put in _rules(text):
        done = sought.sub(put if put is not None else _last_unbroken, done)
    for start, end in addresses:
        done = done[:start] + text[start:end] + done[end:]
    return done if narrow == NARROW else done.replace(NARROW, narrow)


def _rules(text: str) -> Iterator[tuple[re.Pattern[str], str | None]]:
    """The rules that a text can need, judged by its signs: most texts of a paper need one."""
    if "'" in text:
        yield _APOSTROPHE
    if _SIGN.search(text):
        yield from _AT_SIGNS
    if _DIGIT.search(text):
        yield from _WITH_DIGITS
    yield _BEFORE_NAMES


def typeset_runs(runs: Runs, lang: str, narrow: str = NARROW) -> Runs:
    """The same for runs: a rule sees over their ends, and code stays as it is."""
    if lang != "fr" or not runs:
        return runs
    if len(runs) == 1:
        return runs if runs[0].code else (_with(runs[0], typeset(runs[0].text, lang, narrow)),)
    whole = typeset("".join(_HIDDEN * len(run.text) if run.code else run.text for run in runs), lang, narrow)
    done, at = [], 0
    for run in runs:
        end = at + len(run.text)
        done.append(run if run.code else _with(run, whole[at:end]))
        at = end
    return tuple(done)


def _last_unbroken(found: re.Match[str]) -> str:
    return found[0][:-1] + NO_BREAK


def _with(run: Run, text: str) -> Run:
    return run if text == run.text else replace(run, text=text)
