"""The blueprint of OpenRosa: who sends, and what every answer says.

The address holds the secret of a device, because telephones speak neither cookies nor our sign-in. It is never logged.
"""

from __future__ import annotations

from email.utils import formatdate
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, current_app, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from workflow import clock
from workflow.db import Scope, begin_reading, db, enter_scope
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.people.queries.devices import Sender
from workflow.web.door import SAFE
from workflow.web.extensions import csrf

openrosa = Blueprint("openrosa", __name__, url_prefix="/openrosa")
csrf.exempt(openrosa)  # no cookie is read here: the secret stands in the address

RESPONSE = "http://openrosa.org/http/response"


def sender_of(secret: str) -> Sender:
    """Who sends, and from now on only their operation is in sight. 401 for a secret that opens nothing."""
    if request.method not in SAFE:
        begin_reading()  # what only reads has begun so already
    found = people.sender(secret)
    if found is None:
        abort(401)
    enter_scope(Scope(frozenset((found.operation,))))
    return found


def told(message: str, status: int) -> Response:
    """A sentence as telephones show it to whoever sends."""
    body = f'<OpenRosaResponse xmlns="{RESPONSE}"><message nature="">{escape(message)}</message></OpenRosaResponse>'
    return xml(body, status)


def xml(body: str, status: int = 200) -> Response:
    answer = make_response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', status)
    answer.mimetype = "text/xml"
    return answer


@openrosa.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    """Telephones read no page: 401 for a secret that opens nothing, 400 for what cannot be read, 413, 404."""
    db.session.rollback()
    words = {
        401: _("This device has no access: ask for a new address on your page in Relais."),
        413: _("This is larger than what is accepted here. Send fewer photographs, or smaller ones."),
    }
    return told(words.get(error.code or 400, _("This is not a filled form that can be read.")), error.code or 400)


@openrosa.errorhandler(NotFound)
def _unknown(_error: NotFound) -> Response:
    db.session.rollback()
    return told(_("This form is not in use in your operation, or its version is not known there."), 404)


@openrosa.after_request
def _say(answer: Response) -> Response:
    answer.headers["X-OpenRosa-Version"] = "1.0"
    answer.headers["X-OpenRosa-Accept-Content-Length"] = str(current_app.config["MAX_CONTENT_LENGTH"])
    answer.headers["Date"] = formatdate(clock.now().timestamp(), usegmt=True)
    return answer
