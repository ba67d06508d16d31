"""A page that comes after the dossier was handed on: what was typed is shown, with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for

from forms.answering import apply, changes, posted_of
from forms.explaining import shown
from forms.instance import Instance
from forms.visibility import label_for
from workflow.dossiers.pages.opening import Page
from workflow.web import kept


def too_late(reference: str, section: str, sent: Mapping[str, Any]) -> tuple[str, int]:
    """What the page says otherwise than the answers as they stand, to be copied."""
    page = Page(reference)
    start = url_for("dossiers.start_filling", reference=reference) if page.file.fills else ""
    address = url_for("dossiers.fill", reference=reference, section=section)
    answer = render_template(
        "dossiers/too_late.html",
        **page.frame(),
        texts=_typed(page, section, sent),
        start_url=start,
        next_sentence=page.course.next_sentence(),
        drop_url=address if kept.kept(g.identity.account, request.path) is not None else "",
    )
    return answer, 409


def _typed(page: Page, section: str, sent: Mapping[str, Any]) -> list[dict[str, str]]:
    instance = page.file.instance
    group = next((one for one in page.file.published.form.sections if one.name == section), None)
    if instance is None or group is None:
        return [{"label": "", "text": text} for text in _texts(sent)]
    paths = [said.path for said in changes(instance, sent, group.path, lens=page.file.lens)]
    apply(instance, sent, group.path, lens=page.file.lens)
    return [told for path in paths if (told := _line(page, instance, path))["text"]]


def _line(page: Page, instance: Instance, path: str) -> dict[str, str]:
    node, question = instance.node(path), instance.question(path)
    label = label_for(instance, question.label, page.form_lang, node, page.file.lens)
    return {"label": label, "text": shown(instance, node, page.form_lang)}


def _texts(sent: Mapping[str, Any]) -> list[str]:
    """Where the form itself has changed nothing can be named any more: the texts alone."""
    names = (name for name in posted_of(sent) if ":" in name)
    return [text for name in names if (text := str(sent.get(name, "")).strip())]
