"""One question of a workbook by itself, as it is asked when nothing stands in its way: for a look at it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms.adapting.bench import Bench
from forms.adapting.offering import list_of
from forms.adapting.outline import outline
from forms.definition import load
from forms.expressions import Now
from forms.findings import FormRefused
from forms.instance import Instance
from forms.pages import Item, page
from forms.sheets import tables_of
from forms.workbook import read_book
from forms.workbook.writing import write_book
from forms.xlsform import compile_xlsform

_RULES = ("relevant", "constraint", "calculation", "read_only", "choice_filter", "trigger", "default", "parameters")
_QUOTED = re.compile(r"\$\{[^}]*\}")
_NO_FILES: Mapping[str, bytes] = {}


def alone(
    source: bytes, filename: str, at: str, *, lang: str, now: Now, media: Mapping[str, bytes] = _NO_FILES
) -> Item | None:
    """The question at that place of the workbook, without its rules; answers it quotes stand as `…`.

    None for a group, for what nobody is asked, and for what needs the rest of the form.
    """
    tables, _ = tables_of(read_book(source, filename))
    bench = Bench(tables, "")
    part = outline(bench).get(at)
    if part is None or part.group:
        return None
    row = bench.rows["survey"][part.first]
    row.update({header: _QUOTED.sub("…", text) for header, text in row.items()})
    for column in (*_RULES, "bind::relais:consequence"):
        bench.put("survey", row, column, "")
    needed = bench.cell("survey", row, "required")
    bench.put("survey", row, "required", needed if needed in {"yes", "true()"} else "")
    wanted = list_of(bench, part)
    bench.rows["survey"] = [row]
    bench.rows["choices"] = [one for one in bench.rows["choices"] if bench.cell("choices", one, "list_name") == wanted]
    settings = [{name: text for name, text in one.items() if "instance_name" not in name} for one in _settings(tables)]
    return _item(write_book({**bench.finished(), "settings": settings}), lang, now, media)


def _settings(tables: Mapping[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return list(tables.get("settings") or ())


def _item(workbook: bytes, lang: str, now: Now, media: Mapping[str, bytes]) -> Item | None:
    try:
        form = load(compile_xlsform(workbook, "form.xlsx", media=media).xml, media)
    except FormRefused:
        return None
    if not form.sections:
        return None
    spoken = lang if lang in form.languages else form.default_language
    return next(iter(page(Instance.new(form, now), form.sections[0].path, spoken)), None)
