"""What an author may write into a model: fields with what they are in plain words, blocks, clauses, figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from documents.front_matter import Ask
from workflow.catalogue.pages.paper_models import clause_title
from workflow.catalogue.queries.paper_rules import rules_of
from workflow.operations.rules import UNITS

LONGEST = 60

OBJECTS = {
    "operation": later("The operation"),
    "controller": later("Who answers for the operation"),
    "landlord": later("The landlord of today"),
    "household": later("The household"),
    "referent": later("The household’s referent"),
    "body": later("The body that meets"),
    "sitting": later("The sitting"),
    "asked": later("What is asked when the paper is written"),
    "survey": later("The satisfaction survey"),
    "": later("The paper itself"),
}
"""In the order in which they are listed."""

FIELDS = {
    "operation.name": later("Name of the operation"),
    "operation.city": later("Town"),
    "operation.regime": later("Law under which households move"),
    "operation.starts": later("First year"),
    "operation.ends": later("Last year"),
    "household.display": later("Name of the household"),
    "household.reference": later("Reference of its file"),
    "household.address": later("Address"),
    "household.dwelling": later("Dwelling"),
    "household.landlord": later("Its landlord"),
    "referent.name": later("Name"),
    "referent.phone": later("Telephone"),
    "referent.mail": later("E-mail address"),
    "referent.organisation": later("Organisation"),
    "referent.hours": later("When to call"),
    "body.name": later("Name of the body"),
    "body.chair": later("Who chairs it"),
    "sitting.date": later("Day of the sitting"),
    "sitting.place": later("Where it meets"),
    "survey.link": later("Address that opens the survey of this household"),
    "survey.code": later("Code of this household"),
    "survey.until": later("Last day to answer"),
    "date": later("Day of the paper"),
    "reference": later("Reference of the paper"),
    "issuer": later("Who sends the paper out"),
}
OF_AN_ORGANISATION = {
    "name": later("Name"),
    "address": later("Address"),
    "phone": later("Telephone"),
    "mail": later("E-mail address"),
    "represented_by": later("Who acts for it"),
    "capacity": later("In what capacity"),
    "deliberation": later("By which deliberation"),
    "share": later("Its share, where one is agreed"),
}
_INNER = frozenset(("rules", "organisations", "lang", "audience"))
_FOR_CONDITIONS = ("slug", "kind", "part")
"""Inner words of an organisation: conditions ask for them, papers never say them."""


def fields_of(example: Mapping[str, Any], asks: tuple[Ask, ...]) -> list[dict[str, Any]]:
    """What a model may read, object by object: [{label, fields: [{path, label, value, snippet}]}]."""
    labels = {f"asked.{one.name}": one.label for one in asks}
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in OBJECTS}
    for path, value in _paths({"reference": _("EXAMPLE"), **example}):
        name = path.partition(".")[0] if "." in path else ""
        label = labels.get(path) or _label(path)
        told.setdefault(name, []).append(_field(path, label, value))
    known = {one["path"] for fields in told.values() for one in fields}
    told["asked"] += [_field(path, label, "") for path, label in labels.items() if path not in known]
    return [{"label": OBJECTS.get(name, name), "fields": fields} for name, fields in told.items() if fields]


def _paths(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value, with its path; lists stand with those that are repeated (see BLOCKS)."""
    for name, value in data.items():
        if not before and name in _INNER:
            continue
        if isinstance(value, Mapping):
            yield from _paths(value, f"{before}{name}.")
        elif not isinstance(value, list) and name not in _FOR_CONDITIONS:
            yield f"{before}{name}", value


def _label(path: str) -> str:
    name, _dot, last = path.partition(".")
    if name in ("controller", "landlord") and last in OF_AN_ORGANISATION:
        return str(OF_AN_ORGANISATION[last])
    return str(FIELDS.get(path, ""))


def _field(path: str, label: str, value: Any) -> dict[str, Any]:
    dated = isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-"
    return {
        "path": path,
        "label": label,
        "value": str(value if value is not None else "")[:LONGEST],
        "snippet": "{{ " + path + (" | date_longue" if dated else "") + " }}",
    }


def figures_of(operation: str, lang: str) -> list[dict[str, Any]]:
    """[{code, label, value, source, own, snippet}] of the figures a model may read there."""
    return [
        {
            "code": code,
            "label": one["label"],
            "value": _figure(one),
            "source": one["source"],
            "own": one["own"],
            "snippet": "{{ rules." + code + ".value }}",
        }
        for code, one in rules_of(operation, lang).items()
    ]


def _figure(one: Mapping[str, Any]) -> str:
    if isinstance(one["value"], bool):
        return _("yes") if one["value"] else _("no")
    return f"{one['value']} {_(UNITS.get(one['unit'], one['unit']))}".strip()


def clauses_among(clauses: Mapping[str, str]) -> list[dict[str, Any]]:
    """[{name, label, snippet}] of the clauses of a place, one line for each whatever its variants."""
    bare = {name: text for name, text in clauses.items() if "." not in name}
    found = [
        {"name": name, "label": clause_title(name, text), "snippet": '{% clause "' + name + '" %}'}
        for name, text in bare.items()
    ]
    return sorted(found, key=lambda one: one["label"])


BLOCKS = (
    (later("An article, numbered by itself"), "## Article – Titre {#ancre}\n\nTexte de l’article.\n"),
    (later("A reference to an article"), '{% ref "ancre" %}'),
    (later("A list"), "- premier point ;\n- second point.\n"),
    (later("A table"), "| Ce qui est fait | Par qui |\n|---|---|\n| Première ligne | Ville |\n"),
    (later("Labels and values"), "{% keyvalues %}\n- Référence : {{ reference }}\n{% endkeyvalues %}\n"),
    (later("A framed remark"), '{% notice title: "À savoir" %}\nTexte.\n{% endnotice %}\n'),
    (later("Words only in some cases"), '{% if asked.nom == "oui" %}\nTexte.\n{% endif %}\n'),
    (later("Once for each organisation"), "{% for o in organisations %}\n- {{ o.name }} ;\n{% endfor %}\n"),
    (later("What is read first, larger"), "{% lead %}\nTexte.\n{% endlead %}\n"),
    (later("Between whom"), "{% parties %}\nEntre {{ controller.name }} et {{ landlord.name }}.\n{% endparties %}\n"),
    (
        later("Someone who signs"),
        "{% signature name: landlord.represented_by, capacity: landlord.capacity, organisation: landlord.name %}\n",
    ),
    (later("An annex on a page of its own"), '{% annex "Titre" id: "annexe" %}\nTexte.\n{% endannex %}\n'),
    (later("A new page"), "{% pagebreak %}\n"),
)


def blocks() -> list[dict[str, str]]:
    return [{"label": str(label), "snippet": snippet} for label, snippet in BLOCKS]
