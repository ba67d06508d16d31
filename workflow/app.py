"""The one place where the parts meet: opens every door, hands each part what it must not look up."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from workflow import config, mail, outbox
from workflow.approvals import actions as approvals_actions
from workflow.approvals import jobs as approvals_jobs
from workflow.approvals import pages as approvals_pages
from workflow.approvals import queries as approvals_queries
from workflow.approvals.queries import advising, sittings_left
from workflow.catalogue import cli as catalogue_cli
from workflow.catalogue import jobs as catalogue_jobs
from workflow.catalogue import pages as catalogue_pages
from workflow.catalogue import queries as catalogue
from workflow.charter import cli as charter_cli
from workflow.charter import jobs as charter_jobs
from workflow.charter import pages as charter_pages
from workflow.charter.queries.drafts import register_around
from workflow.charter.queries.shelf import CHARTERS
from workflow.config import Config
from workflow.dashboards import cli as dashboards_cli
from workflow.dashboards import jobs as dashboards_jobs
from workflow.dashboards import pages as dashboards_pages
from workflow.db import db, engine_options, unscoped
from workflow.dossiers import actions as dossiers_actions
from workflow.dossiers import api as dossiers_api
from workflow.dossiers import cli as dossiers_cli
from workflow.dossiers import jobs as dossiers_jobs
from workflow.dossiers import pages as dossiers_pages
from workflow.dossiers.queries import arrived, notices, rehoused
from workflow.dossiers.queries.counted import households_on
from workflow.dossiers.queries.shelves import OF_DOSSIERS, TO_SIGN
from workflow.dossiers.queries.version_changes import under_way
from workflow.errors import NotFound
from workflow.exchange import actions as exchange_actions
from workflow.exchange import cli as exchange_cli
from workflow.exchange import jobs as exchange_jobs
from workflow.exchange import models as exchange_models  # noqa: F401  its tables are part of the database
from workflow.exchange import pages as exchange_pages
from workflow.filing import cli as filing_cli
from workflow.filing import jobs as filing_jobs
from workflow.filing import pages as filing_pages
from workflow.filing.queries import register_signatures, register_states
from workflow.filing.queries import shelves as paper_shelves
from workflow.operations import pages as operations_pages
from workflow.operations import queries as operations
from workflow.people import cli as people_cli
from workflow.people import jobs as people_jobs
from workflow.people import pages as people_pages
from workflow.people import queries as people
from workflow.reactions import REACTIONS
from workflow.record import actions as record
from workflow.record import cli as record_cli
from workflow.signing import jobs as signing_jobs
from workflow.signing import pages as signing_pages
from workflow.signing.actions.keeping import forget_with
from workflow.signing.actions.subject import SUBJECT as ROOMS
from workflow.signing.queries.awaited import SIGNATURES
from workflow.signing.queries.errands import errands as letters_and_last_days
from workflow.signing.queries.evidence import recognised as evidence_recognised
from workflow.signing.queries.milestones import errands as ends_of_papers
from workflow.signing.queries.rooms import built_in
from workflow.signing.queries.states import recognised
from workflow.surveys import jobs as surveys_jobs
from workflow.surveys import pages as surveys_pages
from workflow.surveys.actions.letters import letters_left
from workflow.surveys.actions.rereading import forget_with as forget_answers
from workflow.surveys.queries import calls as survey_calls
from workflow.surveys.queries import homes as survey_homes
from workflow.surveys.queries import letters as survey_letters
from workflow.web import dates, door, errors, extensions, headers, logs, spoken
from workflow.web import pages as web_pages
from workflow.writing import actions as writing_actions
from workflow.writing import jobs as writing_jobs
from workflow.writing import pages as writing_pages
from workflow.writing.queries.facts import around, nobody
from workflow.writing.queries.merging import Merge, register_merge
from workflow.writing.queries.sent import sent
from workflow.writing.queries.shelf import WRITINGS

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Config | None = None, **overrides: Any) -> Flask:
    """The application, on `settings` (read from the environment when none are given)."""
    settings = settings or config.load()
    app = Flask("relais", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "workflow/web/static"))
    app.config.update(
        RELAIS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",  # what is said to no operation in particular
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "templates/translations"),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        SESSION_COOKIE_NAME="relais_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        PREFERRED_URL_SCHEME="https" if settings.secure_cookies else "http",
    )
    app.config.update(overrides)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)
    logs.configure(settings.log_level)
    db.init_app(app)
    extensions.babel.init_app(app, locale_selector=extensions.choose_language)
    app.jinja_env.filters["dateformat"] = dates.format_date
    app.jinja_env.globals.update(ours=spoken.ours, theirs=spoken.theirs, asks=spoken.asks)
    extensions.bootstrap.init_app(app)
    door.attach(app, people.identity_of)
    extensions.csrf.init_app(app)
    headers.attach(app)
    errors.attach(app)
    _register()
    _open_doors(app)
    return app


def _open_doors(app: Flask) -> None:
    for blueprint in (
        web_pages.web,
        people_pages.people,
        approvals_pages.approvals,
        dossiers_pages.dossiers,
        dossiers_api.openrosa,
        filing_pages.filing,
        dashboards_pages.dashboards,
        operations_pages.operations,
        catalogue_pages.catalogue,
        exchange_pages.exchange,
        writing_pages.writing_blueprint,
        signing_pages.signing,
        charter_pages.charter,
        surveys_pages.surveys,
    ):
        app.register_blueprint(blueprint)
    for command in commands():
        app.cli.add_command(command)


def commands() -> list[click.Command]:
    """The command-line doors of the features; `serve` adds its own."""
    return [
        record_cli.record,
        catalogue_cli.form,
        catalogue_cli.circuit,
        filing_cli.document,
        filing_cli.verify,
        filing_cli.seal,
        exchange_cli.demo,
        people_cli.first,
        dashboards_cli.invariants,
        dossiers_cli.bounce,
        charter_cli.charter,
    ]


def _register() -> None:
    """How the lower parts reach the upper ones without importing them."""
    record.register_reactions(REACTIONS)
    record.register_projection("approvals", approvals_actions.rebuild)
    operations.register_dependants(households_on)
    catalogue.register_dossiers(under_way)
    catalogue.register_sent(sent)
    dossiers_actions.register_forgetting(writing_actions.forget_household)
    approvals_queries.register_subject("dossier", dossiers_actions.SUBJECT)
    approvals_queries.register_subject("room", ROOMS)
    catalogue.register_built_in(built_in())
    record.register_forgetting(forget_with)
    record.register_forgetting(forget_answers)
    survey_homes.register_homes(survey_homes.Homes(rehoused.rehoused, rehoused.known, rehoused.count_rehoused))
    register_merge("survey", _letters_of_surveys())
    approvals_queries.register_errands(survey_calls.errands)
    approvals_queries.register_errands(notices.errands)
    approvals_queries.register_errands(arrived.errands)
    approvals_queries.register_errands(advising.errands)
    approvals_queries.register_errands(sittings_left.errands)
    approvals_queries.register_errands(ends_of_papers)
    approvals_queries.register_errands(letters_and_last_days)
    for shelf in (OF_DOSSIERS, TO_SIGN, WRITINGS, CHARTERS):
        paper_shelves.register_shelf(shelf)
    register_around(_around)
    exchange_actions.register_more("signing", writing_actions.demonstrate_room)
    register_states("signing", recognised)
    register_signatures(SIGNATURES)
    register_states("evidence", evidence_recognised)
    people.register_surroundings(people.Surroundings(_operation_names, _partners, _bodies_asked, _procedures))
    for kind, handler in (
        ("mail.send", send_mail),
        ("people.send_reset_link", people_jobs.send_reset_link),
        ("people.send_invitation", people_jobs.send_invitation),
        ("people.tell_address", people_jobs.tell_address),
        ("people.tell_code", people_jobs.tell_code),
        ("people.tell_absence", people_jobs.tell_absence),
        ("people.tell_role_taken", people_jobs.tell_role_taken),
        ("approvals.refresh", approvals_jobs.refresh),
        ("approvals.tell", approvals_jobs.tell),
        ("approvals.ask_sitting_sheet", approvals_jobs.ask_sitting_sheet),
        ("approvals.make_sitting_sheet", approvals_jobs.make_sitting_sheet),
        ("approvals.carry_out_batch", approvals_jobs.carry_out_batch),
        ("filing.erase", filing_jobs.erase),
        ("dossiers.make_papers", dossiers_jobs.make_papers),
        ("dossiers.make_paper", dossiers_jobs.make_paper),
        ("dossiers.tell", dossiers_jobs.tell),
        ("dossiers.tell_again", dossiers_jobs.tell_again),
        ("dossiers.daily_mails", dossiers_jobs.daily_mails),
        ("dossiers.depart", dossiers_jobs.depart),
        ("dossiers.ask_handover_sheet", dossiers_jobs.ask_handover_sheet),
        ("dossiers.make_handover_sheet", dossiers_jobs.make_handover_sheet),
        ("dossiers.tell_successors", dossiers_jobs.tell_successors),
        ("dossiers.change_versions", dossiers_jobs.change_versions),
        ("dossiers.send_link", dossiers_jobs.send_link),
        ("dossiers.send_code", dossiers_jobs.send_code),
        ("catalogue.refit", catalogue_jobs.refit),
        ("catalogue.follow", catalogue_jobs.follow),
        ("catalogue.forget_return", catalogue_jobs.forget_return),
        ("exchange.import_households", exchange_jobs.import_households),
        ("exchange.forget_file", exchange_jobs.forget_file),
        ("signing.tell", signing_jobs.tell),
        ("signing.last_day", signing_jobs.tell_last_day),
        ("signing.close", signing_jobs.close),
        ("signing.deliver", signing_jobs.deliver),
        ("signing.send_copy", signing_jobs.send_copy),
        ("signing.make_evidence", signing_jobs.make_evidence),
        ("signing.remind_ends", signing_jobs.remind_ends),
        ("signing.send_link", signing_jobs.send_link),
        ("signing.send_code", signing_jobs.send_code),
        ("surveys.make_report", surveys_jobs.make_report),
        ("charter.announce", charter_jobs.announce),
        ("charter.tell", charter_jobs.tell),
        ("charter.make_paper", charter_jobs.make_paper),
        ("writing.make_paper", writing_jobs.make_paper),
        ("writing.write_letters", writing_jobs.write_letters),
        ("dashboards.new_day", dashboards_jobs.new_day),
        ("dashboards.verify_record", dashboards_jobs.verify_record),
    ):
        outbox.handle(kind, handler)


def _letters_of_surveys() -> Merge:
    told = survey_letters
    return Merge("survey", told.title, told.back, told.households, told.adds, told.hinders, letters_left)


def _around(operation: str) -> dict[str, Any]:
    """What papers may say of an operation, for those who write one below the part that knows."""
    place = operations.operation(operation)
    if place is None:
        raise NotFound()
    known = around(place)
    return {**known.told, **nobody(known)}


def _operation_names(ids: Iterable[str] | None) -> dict[str, str]:
    found = operations.every_operation() if ids is None else operations.operations(ids)
    return {row.id: row.name for row in found}


def _partners(operation: str) -> list[str]:
    return [row.organisation for row in operations.partners(operation)]


def _bodies_asked(operation: str) -> dict[str, dict[str, str]]:
    """The bodies that the procedures of an operation ask, each called like the stage in which it decides."""
    circuits = [found.circuit for slug in catalogue.adopted(operation) if (found := catalogue.current(slug, operation))]
    return {
        step.who.body: dict(stage.label)
        for circuit in circuits
        for stage in circuit.stages
        for step in stage.steps
        if step.who.body
    }


def _procedures() -> dict[str, dict[str, str]]:
    return {slug: found.label for slug in catalogue.slugs() if (found := catalogue.current(slug))}


def send_mail(lease: outbox.Lease) -> None:
    """Hand one mail to the server; without a server it is kept for the operator to read."""
    settings: Config = current_app.config["RELAIS"]
    row = db.session.get_one(mail.Mail, lease.subject.removeprefix("mail:"))
    if row.state != mail.WAITING:
        return
    state = _delivered(row, settings) if settings.smtp_url else mail.KEPT
    with unscoped("a mail may be about any operation"), lease.finish():
        row = db.session.get_one(mail.Mail, row.id)
        mail.settle(row, state)
        dossiers_actions.mail_settled(row)


def _delivered(row: mail.Mail, settings: Config) -> str:
    try:
        mail.deliver(mail.message(row, settings), settings.smtp_url)
    except mail.AddressRefused:
        return mail.BOUNCED
    return mail.SENT
