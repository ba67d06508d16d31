"""The one place where the parts meet: opens every door, hands each part what it must not look up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix

from workflow import access, clock, config, mail, outbox
from workflow.approvals import actions as approvals_actions
from workflow.approvals import jobs as approvals_jobs
from workflow.approvals import pages as approvals_pages
from workflow.approvals import queries as approvals_queries
from workflow.catalogue import cli as catalogue_cli
from workflow.config import Config
from workflow.dashboards import cli as dashboards_cli
from workflow.dashboards import jobs as dashboards_jobs
from workflow.dashboards import pages as dashboards_pages
from workflow.db import db, engine_options
from workflow.dossiers import actions as dossiers_actions
from workflow.dossiers import jobs as dossiers_jobs
from workflow.dossiers import pages as dossiers_pages
from workflow.exchange import cli as exchange_cli
from workflow.filing import cli as filing_cli
from workflow.filing import pages as filing_pages
from workflow.operations import queries as operations
from workflow.people import jobs as people_jobs
from workflow.people import pages as people_pages
from workflow.people import queries as people
from workflow.reactions import REACTIONS
from workflow.record import actions as record
from workflow.record import cli as record_cli
from workflow.web import dates, door, errors, extensions, headers, logs
from workflow.web import pages as web_pages

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
    extensions.bootstrap.init_app(app)
    door.attach(app, people.identity_of)
    extensions.csrf.init_app(app)
    headers.attach(app)
    errors.attach(app)
    _frame(app)
    _register()
    _open_doors(app)
    return app


def _open_doors(app: Flask) -> None:
    for blueprint in (
        web_pages.web,
        people_pages.people,
        approvals_pages.approvals,
        dossiers_pages.dossiers,
        filing_pages.filing,
        dashboards_pages.dashboards,
    ):
        app.register_blueprint(blueprint)
    for command in commands():
        app.cli.add_command(command)


def commands() -> list[click.Command]:
    """The command-line doors of the features; `serve` adds its own."""
    return [
        record_cli.record,
        catalogue_cli.form,
        filing_cli.document,
        filing_cli.verify,
        exchange_cli.demo,
        dashboards_cli.invariants,
    ]


def _register() -> None:
    """How the lower parts reach the upper ones without importing them."""
    record.register_reactions(REACTIONS)
    record.register_projection("approvals", approvals_actions.rebuild)
    approvals_queries.register_subject("dossier", dossiers_actions.SUBJECT)
    for kind, handler in (
        ("mail.send", send_mail),
        ("people.send_reset_link", people_jobs.send_reset_link),
        ("approvals.refresh", approvals_jobs.refresh),
        ("dossiers.make_papers", dossiers_jobs.make_papers),
        ("dossiers.make_paper", dossiers_jobs.make_paper),
        ("dossiers.tell_author", dossiers_jobs.tell_author),
        ("dashboards.new_day", dashboards_jobs.new_day),
        ("dashboards.verify_record", dashboards_jobs.verify_record),
    ):
        outbox.handle(kind, handler)


def send_mail(lease: outbox.Lease) -> None:
    """Hand one mail to the server; without a server it is kept for the operator to read."""
    settings: Config = current_app.config["RELAIS"]
    row = db.session.get_one(mail.Mail, lease.subject.removeprefix("mail:"))
    if settings.smtp_url and row.state == mail.WAITING:
        mail.deliver(mail.message(row, settings), settings.smtp_url)
    with lease.finish():
        row = db.session.get_one(mail.Mail, row.id)
        row.state, row.sent_at = (mail.SENT, clock.now()) if settings.smtp_url else (mail.KEPT, None)
        if settings.smtp_url:
            row.body = ""


def _frame(app: Flask) -> None:
    """What the frame of every page is handed."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        settings: Config = app.config["RELAIS"]
        if not has_request_context():
            return {"lang": str(get_locale() or "fr")}
        identity = g.get("identity")
        lang = str(get_locale() or "fr")
        told: dict[str, Any] = {
            "lang": lang,
            "dir": "rtl" if lang == "ar" else "ltr",
            "demonstration": settings.demonstration,
            "home_url": "/",
            "accessibility_url": url_for("web.accessibility"),
            "lang_urls": _languages(lang),
            "organisation": {"name": settings.issuer},
            "sign_in_url": url_for("people.sign_in"),
            "identity": identity,
        }
        if identity and not g.get("bare"):
            told |= _of_person(identity, lang)
        return told


def _languages(lang: str) -> list[dict[str, Any]]:
    known = {"fr": "Français", "en": "English"}
    path = request.path if request.method == "GET" else "/"
    return [
        {"lang": code, "label": label, "current": code == lang, "url": f"{path}?lang={code}"}
        for code, label in known.items()
    ]


def _stands_in(name: str) -> bool:
    """Whether the page asked for belongs to a destination: a dossier belongs to the households."""
    return (request.endpoint or "").split(".")[0] == name.split(".", maxsplit=1)[0]


def _of_person(identity: access.Identity, lang: str) -> dict[str, Any]:
    who = people.person(identity.person)
    sentence = (who.sentence or {}) if who else {}
    places = operations.operations(identity.operations)
    nav = [
        ("approvals.waiting", _("What waits for me"), "inbox"),
        ("dossiers.households", _("Households"), "homes"),
        ("dashboards.operator", _("Operation of the server"), "gear"),
    ]
    shown = [
        {"url": url_for(name), "label": label, "icon": icon, "current": _stands_in(name)}
        for name, label, icon in nav
        if access.may_come(name, identity)
    ]
    searches = access.may_come("dossiers.households", identity)
    return {
        "person": {"name": identity.name, "role_sentence": sentence.get(lang) or sentence.get("fr", "")},
        "waiting": approvals_queries.waiting_count(identity),
        "waiting_url": url_for("approvals.waiting"),
        "sign_out_url": url_for("people.sign_out"),
        "nav": shown,
        "operations": [{"url": "/", "name": place.name, "current": True} for place in places[:1]],
        "search_url": url_for("dossiers.households") if searches else None,
        "search_text": request.args.get("q", ""),
    }
