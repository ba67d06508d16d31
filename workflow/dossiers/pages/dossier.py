"""Door: one dossier: where it stands, what I can do, what changed, answers, papers, course."""

from __future__ import annotations

from flask import render_template, url_for

from workflow import access, clock
from workflow.dossiers.pages.ageing import banner, confided
from workflow.dossiers.pages.answers import Drawing, sensitive_levels
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.changes import changes
from workflow.dossiers.pages.changing_version import left_behind
from workflow.dossiers.pages.keyed_paper import course, paper_traces
from workflow.dossiers.pages.mended import of_dossier
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.origins import Origins, asked, switch
from workflow.dossiers.pages.own_votes import own_votes
from workflow.dossiers.pages.papers import papers_of
from workflow.dossiers.pages.personal_links import links_url
from workflow.dossiers.pages.stuck import stuck
from workflow.dossiers.pages.told import told_of
from workflow.dossiers.pages.uploads import outside
from workflow.dossiers.pages.wording import day, stamp
from workflow.record.queries import facts, text
from workflow.web.journals import note_sensitive_read


@dossiers.get("/dossiers/<reference>")
def dossier(reference: str) -> str:
    page = Page(reference)
    answers = page.file.answers(page.lang)
    note_sensitive_read(page.file.row.subject, page.identity.person, sensitive_levels(answers))
    return render_template(
        "dossiers/dossier.html",
        **page.frame(),
        keyed=paper_traces(page),
        household_url=_household_url(page),
        stages=page.course.stages(),
        next_sentence=page.course.next_sentence(stuck=False),
        stuck=stuck(page),
        decisions=page.choices.main(),
        more=page.choices.quiet(),
        correction=correction(page),
        own_votes=own_votes(page),
        left_behind=left_behind(page),
        changes=changes(page),
        sections=Drawing(kept=outside(page.file).kept, origin=Origins(page).of if asked() else None).sections(answers),
        origins=switch(page, "dossiers.dossier", "answers"),
        copy_url=url_for("dossiers.copy", reference=reference)
        if page.file.names and answers and not page.whole
        else "",
        papers=papers_of(page),
        events=course(page, page.history.lines(facts(page.file.row.subject))),
        told=told_of(page),
        mend=of_dossier(page),
        aged=banner(page.file, page.people),
        confided=confided(page.file, page.people),
        versions_url=_versions_url(page),
        print_url=_print_url(page),
        printed_at=stamp(clock.now(), page.zone),
        links_url=links_url(page),
    )


def _household_url(page: Page) -> str:
    if page.whole:
        return url_for("dossiers.of_operation", operation=page.file.row.operation_id)
    return url_for("dossiers.household", household_id=page.file.row.household_id)


def _versions_url(page: Page) -> str:
    """Only once there are several versions to compare."""
    several = page.file.stored is not None and page.file.stored.revision > 1
    return url_for("dossiers.versions", reference=page.reference) if several else ""


def _print_url(page: Page) -> str:
    """The form on paper, for who fills such forms here."""
    fills = page.file.fills or access.may_fill(page.identity, page.file.row.operation_id)
    return url_for("dossiers.print_form", reference=page.reference) if fills else ""


def correction(page: Page) -> dict[str, str] | None:
    """What was sent back, by whom and why, while it is being corrected."""
    asked = page.file.known.state.correction
    if asked is None:
        return None
    return {
        "who": page.people.actor(vars(asked.by)) if asked.by else "",
        "when": day(asked.at, page.zone),
        "sections": page.history.sections(asked.sections),
        "reason": text(asked.reason_ref) or "",
    }
