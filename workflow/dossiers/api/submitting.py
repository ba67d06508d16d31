"""Door: filled forms are sent, as the OpenRosa standard has it."""

from __future__ import annotations

from flask import Response, abort, make_response, request
from flask_babel import gettext as _

from workflow.db import begin_reading, db
from workflow.dossiers import queries
from workflow.dossiers.actions import submissions
from workflow.dossiers.actions.submissions import ACCEPTED, ASIDE, CONFLICT, FLAGGED, REPEATED, Receipt
from workflow.dossiers.api.blueprint import openrosa, sender_of, told
from workflow.dossiers.queries import Arrival
from workflow.errors import Forbidden, Invalid, Moved, NotFound
from workflow.people.queries.devices import Sender
from workflow.turns import Turns
from workflow.web import door

XML, INCOMPLETE = "xml_submission_file", "*isIncomplete*"
_one_at_a_time = Turns()
"""Rules run one after the other in a process anyhow; whoever holds the database must not share its turns with a crowd
that works rules out, or everybody waits for the slowest writer.
"""
ATTEMPTS = 4  # times a submission is judged again when somebody wrote meanwhile
STATUS = {ACCEPTED: 201, FLAGGED: 201, ASIDE: 201, REPEATED: 202, CONFLICT: 409}
"""Telephones take 201 and 202 only for success. 202: it was here before, nothing new was made of it."""


@openrosa.route("/submission", methods=["HEAD", "POST"], endpoint="anybody")
def anybody() -> Response:
    """Without a device nobody sends; asked what it takes, the server answers all the same: telephones ask first."""
    if request.method == "HEAD":
        return make_response("", 204)
    return told(_("This device has no access: ask for a new address on your page in Relais."), 401)


@openrosa.route("/<secret>/submission", methods=["HEAD", "POST"])
def submission(secret: str) -> Response:
    """One filled form with its files. What is wrong with the answers never refuses them: an officer sees to it."""
    if request.method == "HEAD":
        return make_response("", 204)
    sender = sender_of(secret)
    arrival = _arrival(sender)
    try:
        return _answered(_received(sender, arrival))
    except (Forbidden, NotFound):
        return told(_("This form is not in use in your operation, or its version is not known there."), 404)
    except Invalid:
        return told(_("This is not a filled form that can be read."), 400)


def _arrival(sender: Sender) -> Arrival:
    """What came: the answers, and the files by their names. Split sending repeats the answers with other files."""
    sent = request.files.get(XML)
    data = sent.read() if sent is not None else request.form.get(XML, "").encode()
    if not data:
        abort(400)
    files = {
        name: one.read()
        for name, one in request.files.items(multi=True)
        if name not in (XML, INCOMPLETE) and one.filename
    }
    try:
        return Arrival(data.decode(), "phone", sender.device, files)
    except UnicodeDecodeError:
        abort(400)


def _received(sender: Sender, arrival: Arrival) -> Receipt:
    """Judge while only reading, then write: whoever else writes waits for the writing alone."""
    for _attempt in range(ATTEMPTS):
        with _one_at_a_time:
            found = queries.judge(sender.identity, sender.operation, arrival)
        db.session.rollback()
        try:
            return submissions.receive(found)
        except Moved:
            db.session.rollback()
            begin_reading()
    raise Moved()


def _answered(receipt: Receipt) -> Response:
    door.commit()  # a conflict is kept too, though it is answered with a refusal
    words = {
        ACCEPTED: _("Received."),
        FLAGGED: _("Received. Some answers have to be looked at again in Relais."),
        ASIDE: _("Received, and kept aside: somebody has to say in Relais which household it belongs to."),
        REPEATED: _("This form was received before."),
        CONFLICT: _("Kept aside: other answers are there already. Somebody has to compare them in Relais."),
    }
    return told(words[receipt.state], STATUS[receipt.state])
