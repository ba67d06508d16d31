"""A small procedure around the form with every type of question: filled by the adviser, read by the landlord."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

from PIL import Image

from tests import factories
from tests.cast import CLAIRE
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier

FORM = Path(__file__).parent / "forms" / "museum.md"
SLUG = "museum"
PICTURES = ("house.png", "tower.png")
_PROCEDURE = """
slug: museum
label: {fr: "Tous les types de questions", en: "Every type of question"}
describe: {fr: "Une question de chaque type.", en: "One question of each type."}
subject: household
once_open: true
form: form.md
circuit: circuit.yaml
documents:
  - name: sheet
    when: approved
    label: {fr: "Fiche", en: "Sheet"}
    audiences:
      - {name: household, lens: household, label: {fr: "Fiche", en: "Sheet"}}
"""
_SHEET = """---
title: "Fiche"
lang: fr
version: "1"
kind: sheet
audiences: [household]
---
{% for section in sections %}

# {{ section.label }}

{% keyvalues %}
{% for row in section.rows %}
- {{ row.label }} : {{ row.value }}
{% endfor %}
{% endkeyvalues %}
{% for t in section.tables %}
{% table t %}
{% endfor %}
{% for picture in section.pictures %}
{% picture picture %}
{% endfor %}
{% endfor %}
"""
_CIRCUIT = """
circuit: museum
label: {fr: "Musée", en: "Museum"}
managed_by: {role: [chef_de_projet]}
stages:
  - id: fill
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - id: filling
        label: {fr: "Remplir", en: "Fill in"}
        kind: fill
        who: {role: [cesf, charge_relogement]}
        sees: author
        delay: 30
  - id: read
    label: {fr: "Lire", en: "Read"}
    steps:
      - id: reading
        label: {fr: "Relire", en: "Read again"}
        kind: visa
        who: {role: referent_bailleur, relation: landlord}
        rule: any
        sees: landlord
        delay: 5
        send_back: [author]
        on_refusal: back_to_author
        survives: untouched_sections
        separate_from: [filling]
"""


def picture(colour: str = "ochre", size: tuple[int, int] = (60, 40), form: str = "PNG", **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, {"ochre": (204, 119, 34)}.get(colour, colour)).save(made, format=form, **more)
    return made.getvalue()


def photograph(place: str = "45.18N") -> bytes:
    """A JPEG as a telephone makes it, with a note of where it was taken."""
    noted = Image.Exif()
    noted[0x010E] = place  # ImageDescription
    return picture(form="JPEG", exif=noted)


def recording() -> bytes:
    """A tenth of a second of silence."""
    sound = b"\0" * 800
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(sound), b"WAVE") + form + struct.pack("<4sI", b"data", len(sound))
    return head + sound


def film() -> bytes:
    return b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 64


def lease() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def table(*members: str) -> bytes:
    """A workbook with the members of one, and any other."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *members):
            archive.writestr(name, "x")
    return made.getvalue()


def spoken() -> str:
    """The form with a sound and a film beside one of its questions."""
    head, *rows = FORM.read_text("utf-8").split("| | begin group | words |")
    told = f"{head.rstrip()} media::audio | media::video |\n| | begin group | words |{rows[0]}"
    voice = next(line for line in told.splitlines() if "| audio | voice |" in line)
    return told.replace(voice, f"{voice} hello.wav | hello.mp4 |")


def publish(folder: Path, form: str = "", circuit: str = _CIRCUIT) -> None:
    """Make the procedure available on this installation, as `relais` publishes those of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "form.md").write_text(form or FORM.read_text("utf-8"), "utf-8")
    (folder / "procedure.yaml").write_text(_PROCEDURE, "utf-8")
    (folder / "circuit.yaml").write_text(circuit, "utf-8")
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "sheet.md").write_text(_SHEET, "utf-8")
    for name in PICTURES:
        (folder / name).write_bytes(picture("teal" if name == "house.png" else "gray"))
    if form:
        (folder / "hello.wav").write_bytes(recording())
        (folder / "hello.mp4").write_bytes(film())
    catalogue.publish(folder)
    db.session.commit()


def a_museum(folder: Path, rank: int = 0, form: str = "", circuit: str = _CIRCUIT) -> Dossier:
    """A dossier of that procedure, just opened by Claire for the household of that rank."""
    publish(folder, form, circuit)
    published = current(SLUG, factories.MISTRAL["slug"])
    row, _new = actions.open_dossier(factories.identity(CLAIRE), factories.a_household(rank), published)
    db.session.commit()
    return row
