"""Every page of the application, and who comes there: the same list for all tests that look at every page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from PIL import Image
from werkzeug.routing import Map

from forms.adapting import Change
from tests import factories
from tests.cast import BRUNO, CLAIRE, HELENE, INES, NADIA, SONIA
from tests.features.dossiers.playing import Played
from tests.features.dossiers.sending import filled
from tests.journeys.discussing import Discussed, discussed
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.surveying import Surveyed, a_survey_under_way
from workflow import clock
from workflow.app import ROOT
from workflow.approvals import actions as approvals
from workflow.approvals.actions import several
from workflow.approvals.actions.personal_links import Aim, make, print_letter
from workflow.approvals.queries.foreseeing import Deed
from workflow.approvals.queries.personal_links import hashed
from workflow.catalogue import actions as catalogue
from workflow.catalogue.actions import adapting, paper_clauses, paper_drafts
from workflow.catalogue.actions.paper_returns import Came, choose, keep_return
from workflow.catalogue.models import Procedure
from workflow.catalogue.queries.adapting import Holder
from workflow.catalogue.queries.paper_drafts import concerned, written
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.catalogue.queries.paper_returns import opened, to_choose
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import asking_outside, attaching, leaving, personal_links, submissions
from workflow.dossiers.models import Dossier, Household, Notice, VersionChange
from workflow.dossiers.queries import Departure, Succession
from workflow.exchange.actions import importing
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.mail import Mail
from workflow.operations.models import Building, Operation, Parameter, Partner, Tranche
from workflow.people.models import Assignment, Body, Seat
from workflow.signing.actions import delivering, milestones, on_paper, opening, preparing, returning
from workflow.signing.actions.milestones import Told as ToNote
from workflow.signing.actions.on_paper import Handed
from workflow.signing.actions.preparing import Draft
from workflow.signing.models import Room
from workflow.signing.queries import deliveries, rooms
from workflow.signing.queries.arrivals import Opened
from workflow.signing.queries.rooms import Words
from workflow.signing.rules.milestones import KINDS as DAYS
from workflow.signing.rules.returned import Fault, Found
from workflow.web.press import returned
from workflow.writing import actions as writing
from workflow.writing.actions import letters
from workflow.writing.queries.facts import around
from workflow.writing.queries.orders import Wish

NOT_PAGES = frozenset(
    (
        "catalogue.adapt_workbook",
        "catalogue.paper_file",
        *("charter.paper", "charter.public_paper"),
        *("static", "bootstrap.static", "web.font", "web.health"),
        *("dossiers.households_xlsx", "dossiers.paper", "dossiers.draft", "dossiers.progress", "dossiers.attachment"),
        *("dossiers.bundle", "filing.letterhead_file"),
        *("dossiers.answer_file", "dossiers.arrived_file", "dossiers.medium", "dossiers.present_now"),
        *("openrosa.form_list", "openrosa.form", "openrosa.manifest", "openrosa.medium"),
        *("catalogue.download", "dossiers.version_change_progress", "approvals.batch_progress"),
        *("approvals.sitting_paper", "approvals.sitting_scanned"),
        *("writing.paper", "writing.progress", "writing.run_progress", "writing.draft_letter"),
        *("writing.bundle_letters", "writing.letter_rows_sheet", "surveys.report_file"),
        *("signing.file", "signing.page", "signing.scan", "signing.by_link_file", "signing.by_link_page"),
        *("signing.evidence_file", "signing.working_copy", "signing.receipt", "signing.arrival_file"),
        *("dossiers.handover_sheet", "exchange.import_template", "exchange.import_wrong", "exchange.import_progress"),
    )
)
"""Addresses that answer with a file, a part of a page, or a word for machines."""

REDIRECTS = frozenset(("dashboards.home", "operations.take_charge"))
"""Pages that lead on at once; an operation one describes already need not be taken in charge."""
ADVISER, OFFICER, MANAGER, REFERENT = "Claire Maurin", "Bruno Castel", "Nadia Ferhat", "Sonia Mendès"
SEAT, ASSOCIATION, OPERATOR, NOBODY = "Hélène Vasseur", "Monique Tallard", "Olivier Garance", ""
ADMINISTRATOR = "Inès Carpentier"
EVERYBODY = (NOBODY, ADVISER, OFFICER, MANAGER, REFERENT, SEAT, ASSOCIATION, OPERATOR, ADMINISTRATOR)
HERE = "/operations/mistral"
COPY = "the-link-to-a-signed-charter"
NOTICES = "/operations/mistral/notices"
COMMITTEE = "commission-relogement"
DIAGNOSIS = "diagnostic-social"
OF_A_HOUSEHOLD = ("attachments/new", "merge", "change", "referent")
OF_AN_OPERATION = ("partners", "tranches", "buildings", "parameters", "zones", "bodies")
AT_A_STEP = ("send-back", "approve", "reassign", "ask-advice")
IN_A_SITTING = ("/change", "/drop", "/agenda", "/agenda?tick=all", "/order", "/attendance", "/close", "/sheet")
OF_A_MODEL = ("/write", "/example", "/example?case=new", "/pictures", "/publish", "/discard", "/compare", "/retire")
MANAGING = ("reassign", "remind", "extend-deadline")
FIRST = Home.SCENE


@dataclass
class Scene:
    """Dossiers in every situation: their references, by what they wait for."""

    households: list[str] = field(default_factory=list)
    draft: str = ""
    sent_back: str = ""
    at_the_landlord: str = ""
    at_the_household: str = ""
    at_the_committee: str = ""
    charter: str = ""  # of the operation: its first page is written
    validated: str = ""
    paper: str = ""
    mail: str = ""
    notice: str = ""
    subject: str = ""  # of the mail, in the language of its reader
    file: str = ""
    link: str = ""  # the secret of a personal link
    expert_link: str = ""  # the id of one that an expert has
    handover: str = ""
    batch: str = ""  # what Sonia is about to do for several
    sittings: list[str] = field(default_factory=list)  # of the committee: one open, one closed
    run: str = ""
    written: str = ""  # a letter of Claire to the first household
    letters: list[str] = field(default_factory=list)  # to many: one being prepared, one written
    arrived: list[str] = field(default_factory=list)  # forms received: of nobody, against other answers
    to_sign: list[str] = field(default_factory=list)  # papers: no room, being prepared, open, away, complete
    asked: dict[str, str] = field(
        default_factory=dict
    )  # in the open room: {who: id}; link: the secret of a link to sign
    rows: dict[str, str] = field(default_factory=dict)  # one id of each thing that describes the operation
    discussed: Discussed = field(default_factory=Discussed)
    surveyed: Surveyed = field(default_factory=Surveyed)


def set_up(relais: Installation) -> Scene:
    """Play the dossiers through the real actions; the worker makes their papers and writes their mails."""
    scene = Scene()
    makers: dict[str, Callable[[int], Dossier]] = {
        "draft": _half_filled,
        "sent_back": _sent_back,
        "at_the_landlord": factories.a_submitted_dossier,
        "at_the_household": factories.a_dossier_before_the_household,
        "at_the_committee": factories.a_dossier_before_the_committee,
        "validated": factories.a_validated_dossier,
    }
    with relais.inside():
        for rank, (name, make) in enumerate(makers.items(), start=FIRST):
            row = make(rank)
            setattr(scene, name, row.reference)
            scene.households.append(row.household_id)
        scene.households.append(factories.a_household(FIRST + len(makers)).id)
        written_to_sign = [charter_to_sign() for _each in range(5)]
    relais.wait_for_jobs()
    with relais.inside():
        subject = queries.by_reference(scene.validated).subject
        scene.paper = db.session.query(Paper).filter_by(subject=subject, audience="commission").one().reference
        mail = db.session.query(Mail).order_by(Mail.made_at).first()
        scene.mail, scene.subject = mail.id, mail.subject
        scene.batch = _several(scene.at_the_landlord)
        scene.sittings = _sittings(scene.at_the_committee)
        scene.notice = db.session.query(Notice).filter_by(person="").order_by(Notice.made_at).first().id
        _set_up_the_rest(scene)
        scene.to_sign = [filing.papers(subject)[0].reference for subject in written_to_sign]
        scene.asked = _rooms(scene.to_sign)
    return scene


def _several(reference: str) -> str:
    """Sonia looks at what approving would lead to."""
    asked = [(queries.by_reference(reference).subject, "visa_bailleur")]
    made = several.prepare(factories.identity(SONIA), Deed("Approve"), asked).id
    db.session.commit()
    return made


def _sittings(reference: str) -> list[str]:
    """Bruno keeps the committee: one sitting is open with a dossier on its agenda, one is over."""
    bruno, [committee] = factories.identity(BRUNO), db.session.query(Body).filter_by(slug=COMMITTEE)
    told = approvals.SittingDraft(clock.today())
    opened, over = (approvals.open_sitting(bruno, committee, told) for _each in range(2))
    approvals.put_agenda(bruno, opened.id, [queries.by_reference(reference).subject], 1)
    seats = db.session.query(Seat).filter(Seat.body_id == committee.id, Seat.person_id.is_not(None))
    there = [approvals.Seated(seat.id, str(seat.person_id)) for seat in seats]
    approvals.put_attendance(bruno, opened.id, there, ["Rose Amblard"], 2)
    approvals.close_sitting(bruno, over.id)
    db.session.commit()
    return [opened.id, over.id]


def _set_up_the_rest(scene: Scene) -> None:
    """A file, a departure that is planned, a list on its way in, and what the operation is described with."""
    household = db.session.get_one(Household, scene.households[0])
    photo = BytesIO()
    Image.new("RGB", (40, 30), "white").save(photo, "PNG")
    kept = attaching.attach(
        factories.identity(CLAIRE), household, photo.getvalue(), "image/png", caption="Bail", shared=False
    )
    scene.file = kept.id
    scene.charter = _charter()
    scene.discussed = discussed()
    scene.written, scene.letters = _papers_outside(household)
    scene.link = _personal_link(scene.at_the_household)
    scene.expert_link = _expert_link(scene.at_the_landlord)
    draft = queries.by_reference(scene.draft)
    scene.arrived = [_received(filled(draft, reference=told)) for told in ("", None)]
    later = clock.now() + timedelta(days=90)
    asked = Succession((Departure(BRUNO, "mistral"),), CLAIRE, "leaves", later)
    scene.handover = leaving.leave(asked, NADIA)[0].id
    line = "Nom;Bâtiment;Logement\nFamille Essai;Drac A;A-900\nFamille Sans Porte;Drac A;\n"
    scene.run = importing.take_file("mistral", "menages.csv", line.encode(), INES).id
    for name, model in DESCRIBED.items():
        scene.rows[name] = db.session.query(model).filter_by(operation_id="mistral").first().id
    committee = db.session.query(Body).filter_by(operation_id="mistral", slug=COMMITTEE).one()
    scene.rows["seat"] = db.session.query(Seat).filter_by(body_id=committee.id).first().id
    parameter = db.session.get_one(Parameter, scene.rows["parameter"])
    scene.rows["code"] = parameter.code
    scene.rows["version"] = db.session.get_one(Procedure, DIAGNOSIS).current
    scene.surveyed = a_survey_under_way()
    _set_up_newer_versions(scene)
    _set_up_an_adapted_form()
    _set_up_a_model_being_written()
    _set_up_a_word_file_that_came_back(scene)


def _papers_outside(home: Household) -> tuple[str, list[str]]:
    """Claire writes to one household, and prepares a letter to three."""
    claire, place = factories.identity(CLAIRE), db.session.get_one(Operation, "mistral")
    known, model = around(place), model_in_use("mistral", "convocation")
    told = {ask.name: ask.choices[0] if ask.choices else "2026-12-14" for ask in model.asks}
    wish = Wish(model, known, clock.today(), household=home, asked=told)
    written = writing.write(claire, wish, ["household"])
    homes = db.session.query(Household).order_by(Household.reference).limit(3).all()
    ahead, going = (letters.begin(claire, known, model, "household", homes, large=False) for _each in range(2))
    db.session.commit()
    letters.answer(ahead, told | {"heure": ""}, 1)
    db.session.commit()
    letters.answer(going, told, 1)
    db.session.commit()
    letters.start(claire, going, 2)
    db.session.commit()
    return written.id, [ahead.id, going.id]


def charter_to_sign() -> str:
    """Written by Nadia for the partners: the subject of its paper."""
    known, model = around(db.session.get_one(Operation, "mistral")), model_in_use("mistral", "charte-de-relogement")
    words = {"date": "2026-12-14", "number": 12, "text": "selon ce qui a été convenu"}
    told = {ask.name: ask.choices[0] if ask.choices else words[ask.type] for ask in model.asks}
    row = writing.write(factories.identity(NADIA), Wish(model, known, clock.today(), asked=told), ["partner"])
    subject = row.subject
    db.session.commit()
    return subject


def _rooms(references: list[str]) -> dict[str, str]:
    """One room is being prepared; in the other Hélène signs from her pages, Paule Mercier by a link on a letter."""
    nadia = factories.identity(NADIA)
    ahead, going, away = (preparing.prepare(nadia, filing.by_reference(one)) for one in references[1:4])
    for one in rooms.signatories(going.id):
        preparing.remove_signatory(nadia, going.reference, one.id, going.version)
    told = {"organisation": "grenoble", "mandate": "responsibility", "field": "grenoble"}
    words = Words(
        "Hélène Vasseur", "adjointe", "Ville de Grenoble", "helene@example.net", why="Le conseil se réunit jeudi."
    )
    helene = Draft(words, 1, "screen", person=HELENE, **told)
    paule = Draft(Words("Paule Mercier", "directrice", "ACTIS", "paule@example.net"), 1, "screen", field="actis")
    asked = {"ahead": rooms.signatories(ahead.id)[0].id}
    asked |= {
        name: preparing.put_signatory(nadia, going.reference, one, going.version).id
        for name, one in (("helene", helene), ("paule", paule))
    }
    opening.open_room(nadia, going.reference, going.version)
    aim = Aim("mistral", going.subject, "rank-1-2", f"signatory:{asked['paule']}", "signing.send_link", "Europe/Paris")
    link = make(aim, personal_links.Wish("letter", "letter"), NADIA)
    asked["link"] = print_letter(link, NADIA)
    db.session.commit()
    return asked | _away(away) | _complete(references[4])


def _away(room: Room) -> dict[str, str]:
    """Hélène signs in another tool; one file came back and waits, another one was not hers."""
    nadia = factories.identity(NADIA)
    for one in rooms.signatories(room.id):
        preparing.remove_signatory(nadia, room.reference, one.id, room.version)
    told = {"organisation": "grenoble", "mandate": "responsibility", "field": "grenoble", "level": "qualified"}
    words = Words("Hélène Vasseur", "adjointe", mail="helene@example.net", why="Le conseil se réunit jeudi.")
    helene = Draft(words, 1, "parapheur", person=HELENE, **told)
    ident = preparing.put_signatory(nadia, room.reference, helene, room.version).id
    opening.open_room(nadia, room.reference, room.version)
    known = rooms.Open(room)
    who = returning.signer_elsewhere(nadia, known, known.party(ident))
    out, now, day = returning.out_for(known, known.party(ident)), clock.now(), timedelta(days=300)
    found = Found("grenoble", "VASSEUR Hélène", "AC Exemple", "0" * 64, now - day, now + day, now)
    several = Opened(Fault("unsigned", "Nobody has signed this document.")), Opened(None, (found,))
    for number, told in enumerate(several):
        last = returning.keep_arrival(who, out, b"%PDF-" + bytes([number]), told, NADIA)
    db.session.commit()
    return {"away": ident, "arrival": last.id}


def _complete(reference: str) -> dict[str, str]:
    """Everybody signed on paper: one copy is to be handed over, another one waits behind a link; one day is noted."""
    nadia = factories.identity(NADIA)
    room = preparing.prepare(nadia, filing.by_reference(reference))
    for one in rooms.signatories(room.id):
        preparing.remove_signatory(nadia, room.reference, one.id, room.version)
    for name in ("Hélène Vasseur", "Paule Mercier"):
        words = Words(name, "directrice", "ACTIS", postal="12 rue du Drac, 38000 Grenoble")
        preparing.put_signatory(nadia, room.reference, Draft(words, 1, "paper"), room.version)
    opening.open_room(nadia, room.reference, room.version)
    scan = BytesIO()
    Image.new("RGB", (40, 30), "white").save(scan, "PNG")
    everybody = tuple(one.id for one in rooms.signatories(room.id))
    told = Handed(everybody, scan.getvalue(), clock.today(), "Grenoble", attested=True)
    on_paper.record(nadia, room.reference, told, {})
    delivering.begin(room)
    first = deliveries.of_room(room.id)[0]
    first.how, first.sends, first.is_sent, first.sent_at = "mail", 1, True, clock.now()
    first.token_hash, first.expires_at = hashed(COPY), clock.now() + timedelta(days=30)
    noted = milestones.note_day(nadia, room.reference, ToNote("ends", clock.today() + timedelta(days=400)))
    db.session.commit()
    return {"copy": first.id, "noted": noted.id}


def _set_up_an_adapted_form() -> None:
    """What Mistral changes in the form, without using it yet."""
    ours, asker = Holder("operation", "mistral"), factories.identity(INES)
    typed = {"label": {"fr": "Bâtiment ou allée"}}
    adapting.amend(asker, ours, DIAGNOSIS, Change("text", "A/A_logement/A1", typed), seen=0)
    adapting.amend(asker, ours, DIAGNOSIS, Change("hide", "B/B3"), seen=1)


def _set_up_a_model_being_written() -> None:
    """The amendment of Mistral has a version of its own and a draft; one clause is worded otherwise, another waits."""
    nadia, avenant = factories.identity(NADIA), written("avenant", "mistral")
    text = avenant.text.replace("restent en vigueur", "demeurent en vigueur")
    paper_drafts.save_draft(nadia, "avenant", "mistral", text, 0)
    checked = written("avenant", "mistral").content().hash
    paper_drafts.publish_draft(nadia, "avenant", "mistral", 1, checked=checked)
    paper_drafts.save_draft(nadia, "avenant", "mistral", avenant.text + "\nUn dernier mot.\n", 0)
    slugs = [one.slug for one in concerned("duree", "mistral")]
    paper_clauses.save_clause(nadia, "duree", "mistral", "## Article – Durée {#duree}\n\nTrois ans.\n", 0)
    paper_clauses.publish_clause(nadia, "duree", "mistral", 1, agreed=slugs)
    paper_clauses.save_clause(nadia, "litiges", "mistral", "## Article – Différends {#litiges}\n\nUn médiateur.\n", 0)


def _set_up_a_word_file_that_came_back(scene: Scene) -> None:
    """A partner changed one article of the amendment and wrote a new one; one choice is made."""
    model, said = model_in_use("mistral", "avenant"), {"ordered": False, "changes": [], "remarks": [], "left": []}
    words = (("title", "Avenant"), ("heading", "Article 1 – Motif"), ("paragraph", "Un motif nouveau."))
    words += (("heading", "Article 2 – Visites"), ("paragraph", "Les partenaires visitent ensemble."))
    lines = [{"kind": kind, "cells": [text], "level": 1, **said} for kind, text in words]
    told = {"lang": "fr", "reference": "", "day": "2026-11-23", "issuer": "", "organisation": "", "address": []}
    around = {"clauses": dict(model.library.clauses), "files": {}, "models": dict(model.library.models)}
    read = returned(model.text, dict(model.example), **told, **around, lines=lines)
    came = Came(
        b"", "avenant.docx", "Habitat du Drac", clock.today(), model.hash, {"data": model.example, **told}, read
    )
    row = keep_return(factories.identity(NADIA), "avenant", "mistral", came)
    choose(factories.identity(NADIA), row, 1, {str(to_choose(opened(row).articles)[0]): {"do": "keep"}})
    scene.rows["returned"] = row.id


def _set_up_newer_versions(scene: Scene) -> None:
    """A version of the form that waits, and what would become of an open file under it."""
    form = (ROOT / "templates" / "procedures" / DIAGNOSIS / "form.md").read_text("utf-8")
    sent = form.replace("| Numéro du logement |", "| Numéro de la porte |").encode()
    scene.rows["proposal"] = catalogue.propose(factories.identity(INES), DIAGNOSIS, sent, "form.md").id
    row = db.session.query(Dossier).filter_by(reference=scene.draft).one()
    told = {"dossier": row.id, "reference": row.reference, "code": "loses", "lost": ["/data/A/A_logement/A2"]}
    change = VersionChange(
        id="f" * 32,
        operation_id="mistral",
        slug=DIAGNOSIS,
        target=scene.rows["version"],
        state="looked",
        chosen=[row.id],
        done=1,
        lines=[told | {"left": row.procedure, "to": scene.rows["version"]}],
        made_by=INES,
        made_at=clock.now(),
    )
    db.session.add(change)
    scene.rows["change"] = change.id


def _received(xml: str) -> str:
    """A form that a telephone of Claire sends: the id under which it waits."""
    found = queries.judge(factories.identity(CLAIRE), "mistral", queries.Arrival(xml, "phone"))
    return submissions.receive(found).id


DESCRIBED = {
    "partner": Partner,
    "tranche": Tranche,
    "building": Building,
    "parameter": Parameter,
    "assignment": Assignment,
}


def _personal_link(reference: str) -> str:
    """On a letter, with a code on paper that a colleague would print."""
    bruno, on_paper = factories.identity(BRUNO), personal_links.Wish("letter", "letter")
    made = personal_links.make_link(bruno, reference, on_paper)
    _row, secret = personal_links.print_letter(bruno, reference, made.id)
    db.session.commit()
    return secret


def _expert_link(reference: str) -> str:
    """Of somebody outside whose opinion the landlord's referent awaits."""
    expert = asking_outside.Expert("Odile Ferrand", "odile@ergo.example", "Le logement convient-il à un fauteuil ?")
    wish = personal_links.Wish("mail", "mail", expert.address)
    made = asking_outside.ask_outside(factories.identity(SONIA), reference, expert, wish)
    db.session.commit()
    return made.id


def _charter() -> str:
    """Nadia has framed it: it waits for contributions."""
    charter = Played("charte")
    charter.hand_on(NADIA)
    return charter.reference


def _half_filled(rank: int) -> Dossier:
    """Two sections are complete, the others are not begun, one answer is wrong."""
    row = factories.a_dossier(rank)
    said = factories.said(row.household)
    some = {name: said[name] for name in ("A", "B")}
    some["B"]["B2"] = "le printemps"
    actions.write_answers(factories.identity(CLAIRE), row.reference, some)
    db.session.commit()
    return row


def _sent_back(rank: int) -> Dossier:
    row = factories.a_submitted_dossier(rank)
    why = "Le loyer noté n’est pas celui de la dernière quittance."
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason=why, sections=("D",))
    return row


# -- the list -----------------------------------------------------------------------------------------------------


def places(scene: Scene) -> dict[str, list[str]]:
    """{who: addresses}; nobody is who is not signed in."""
    return {
        NOBODY: [
            *("/sign-in", "/forgotten", "/forgotten?sent=1", "/reset/unknown", "/accessibility", "/verify"),
            *("/first/unknown", "/code", "/invitation/unknown", "/address/unknown"),
            *(f"/verify/{scene.paper}", "/verify/RL-2222-2222", "/no/such/page"),
            *("/a/unknown", *(f"/a/{scene.link}{more}" for more in ("", "/code", "/read", "/answer"))),
            *("/r/unknown", f"/r/{COPY}", *scene.surveyed.of_nobody()),
            *scene.discussed.by_anybody(),
            *("/s/unknown", *(f"/s/{scene.asked['link']}{more}" for more in ("", "/code", "/sign", "/refuse"))),
            *(f"/s/{scene.asked['link']}{more}" for more in ("/elsewhere", f"/arrivals/{scene.asked['arrival']}")),
        ],
        ADVISER: [
            *("/waiting", "/households", "/households?q=zzzz", "/households?state=to_contact&mine=1"),
            *(f"/households/{household}" for household in (scene.households[0], scene.households[-1])),
            f"/dossiers/{scene.draft}/fill",
            *(f"/dossiers/{scene.draft}/fill/{section}" for section in "ABCDEFIJ"),
            *(
                f"/dossiers/{scene.draft}/fill/B?strict=1",
                f"/dossiers/{scene.draft}/check",
                f"/dossiers/{scene.draft}/copy",
                f"/dossiers/{scene.draft}/earlier",
                f"/dossiers/{scene.draft}/print",
            ),
            *(f"/dossiers/{one}" for one in (scene.draft, scene.sent_back, scene.validated)),
            *(f"/dossiers/{scene.validated}/{what}" for what in ("refresh", "versions", "course")),
            *(f"/dossiers/{scene.sent_back}/fill/{section}" for section in "AD"),
            *(f"/dossiers/{scene.sent_back}/check", f"/dossiers/{scene.draft}/decide/withdraw/dossier"),
            *(
                f"/households/{scene.households[0]}/{what}"
                for what in ("attachments/new", "merge", "change", "referent")
            ),
            *(f"/dossiers/{scene.draft}/{what}" for what in ("attachments/new", "move")),
            *(f"/attachments/{scene.file}/{what}" for what in ("move", "remove")),
            *("/search", "/search?q=drac", "/help", "/tour", "/me", "/me/password", "/me/absences/new"),
            *("/me/devices", f"{HERE}/arrived", f"{HERE}/arrived?state=all", f"/dossiers/{scene.draft}/key"),
            *(f"/arrived/{one}" for one in scene.arrived),
            *(f"/households/{scene.households[0]}/{what}" for what in ("papers", "write/convocation")),
            *(f"/written/{scene.written}{more}" for more in ("", "/annul")),
            *(f"{HERE}/letters{more}" for more in ("", "/new", *(f"/{one}" for one in scene.letters))),
            *(f"{HERE}/letters/{scene.letters[0]}/{what}" for what in ("answers", "rows")),
            *(f"{HERE}/households/new", f"{HERE}/referents", f"{HERE}/who-acts", f"{HERE}/handovers/{scene.handover}"),
        ],
        OFFICER: [
            f"/drafts/{scene.discussed.open}/record",
            *scene.surveyed.of_the_desk(),
            *(f"{HERE}/bodies/{COMMITTEE}/sittings{more}" for more in ("", "/new")),
            *(f"/sittings/{scene.sittings[0]}{more}" for more in ("", "?tick=all", *IN_A_SITTING)),
            f"/sittings/{scene.sittings[0]}/dossiers/{scene.at_the_committee}",
            *(f"/sittings/{scene.sittings[1]}{more}" for more in ("", "/sheet", "/scan")),
            *(f"{HERE}/bodies/{COMMITTEE}/{what}" for what in ("papers", "write/ordre-du-jour")),
            *("/waiting", f"/dossiers/{scene.at_the_household}", f"/dossiers/{scene.at_the_household}/sign"),
            *(f"/dossiers/{scene.at_the_household}/links{more}" for more in ("", "/new")),
            *(f"{NOTICES}{more}" for more in ("", "?state=all", "?q=zzzz", "/letters", f"/{scene.notice}")),
            *(f"{NOTICES}/letters?notice={scene.notice}", "/n/unknown"),
        ],
        MANAGER: [
            *scene.surveyed.of_the_manager(),
            *("/waiting", "/households", f"/dossiers/{scene.at_the_committee}", "/people", f"/people/{SONIA}"),
            *(f"{HERE}/files", f"/dossiers/{scene.charter}", f"/dossiers/{scene.charter}/fill/B"),
            *scene.discussed.by_who_writes(),
            *(f"{HERE}/{what}" for what in ("written", "write/avenant", "write/charte-de-relogement")),
            *(f"{HERE}/rooms", f"{HERE}/rooms?q=zzzz", f"/papers/{scene.to_sign[0]}/sign"),
            *(f"{HERE}/rooms?state=late", f"/rooms/{scene.to_sign[2]}/links"),
            f"/rooms/{scene.to_sign[2]}/signatories/{scene.asked['paule']}/link",
            *(f"/rooms/{scene.to_sign[1]}{more}" for more in ("", "/manner", "/drop", "/signatories/new")),
            *(f"/rooms/{scene.to_sign[1]}/signatories/{scene.asked['ahead']}{more}" for more in ("", "/remove")),
            *(f"/rooms/{scene.to_sign[2]}{more}" for more in ("", "/extend", "/withdraw", "/paper", "/originals")),
            *(f"/rooms/{scene.to_sign[3]}{more}" for more in ("", f"/arrivals/{scene.asked['arrival']}")),
            f"/rooms/{scene.to_sign[3]}/signatories/{scene.asked['away']}/elsewhere",
            *(f"/rooms/{scene.to_sign[4]}{more}" for more in ("", *(f"/life/{kind}" for kind in DAYS))),
            *(f"/rooms/{scene.to_sign[4]}/copies/{scene.asked['copy']}/{what}" for what in ("send", "hand-over")),
            *(f"/rooms/{scene.to_sign[4]}/life/{scene.asked['noted']}/{what}" for what in ("correct", "take-out")),
            *(
                f"/rooms/{scene.to_sign[2]}/signatories/{scene.asked['paule']}/{what}"
                for what in ("address", "delegate")
            ),
            *(f"{HERE}/under-way", f"{HERE}/under-way?late=1", f"{HERE}/late", "/several"),
            *("/models", "/models?q=zzzz", "/models/avenant", "/clauses", f"{HERE}/clauses"),
            *(f"{HERE}/models/avenant{more}" for more in ("", *OF_A_MODEL)),
            *(f"{HERE}/models/new", f"{HERE}/models/avenant/from-word"),
            *(f"{HERE}/models/avenant/from-word/{scene.rows['returned']}{more}" for more in ("", "/result", "/forget")),
            *(f"{HERE}/clauses/{one}" for one in ("litiges", "litiges/publish", "litiges/discard", "duree/give-up")),
            *(HERE, f"{HERE}/who-acts", f"{HERE}/referents", f"{HERE}/handovers", f"{HERE}/handovers/{scene.handover}"),
            *(
                f"/people/{SONIA}/leave",
                f"{HERE}/missions/actis/end",
                f"/dossiers/{scene.validated}/decide/cancel/dossier",
                f"/dossiers/{scene.validated}/decide/reopen/dossier",
                *(f"/dossiers/{scene.at_the_committee}/decide/{what}/validation" for what in MANAGING),
            ),
        ],
        REFERENT: [
            *("/waiting", "/households", f"/households/{scene.households[2]}", f"/dossiers/{scene.at_the_landlord}"),
            *(f"/dossiers/{scene.at_the_landlord}/decide/{what}/visa_bailleur" for what in AT_A_STEP),
            f"/dossiers/{scene.at_the_landlord}/decide/comment/dossier",
            *(f"/dossiers/{scene.at_the_landlord}/links{more}" for more in ("", "/expert")),
            f"/dossiers/{scene.at_the_landlord}/links/{scene.expert_link}/anew",
            *(f"{HERE}/papers{more}" for more in ("", "?tick=all", "?q=zzzz", "?state=signing")),
            *("/waiting?step=diagnostic-social/visa_bailleur", "/several", f"/several/{scene.batch}"),
        ],
        SEAT: [
            f"/rooms/{scene.to_sign[2]}",
            *(f"/rooms/{scene.to_sign[2]}/signatories/{scene.asked['helene']}/{what}" for what in ("sign", "refuse")),
            *("/waiting", "/households", f"/households/{scene.households[4]}", f"/dossiers/{scene.at_the_committee}"),
            f"/dossiers/{scene.at_the_committee}/decide/refuse/validation",
            *(f"/dossiers/{scene.validated}", f"/dossiers/{scene.draft}"),
        ],
        ASSOCIATION: [
            *scene.discussed.by_who_contributes(),
            *("/waiting", "/households", f"{HERE}/files", f"{HERE}/files?q=zzzz", f"{HERE}/papers"),
            *(f"/dossiers/{scene.charter}{more}" for more in ("", "/fill", "/fill/B", "/course")),
        ],
        ADMINISTRATOR: [
            *("/operations", "/operations/new", "/operations/new/guided", "/operations/new/copy/mistral"),
            *("/operations/new/model/severine", HERE, f"{HERE}/change", f"{HERE}/import", f"{HERE}/import/{scene.run}"),
            *(
                f"{HERE}/{what}"
                for what in ("partners", "tranches", "buildings", "parameters", "zones", "places", "bodies")
            ),
            *(f"{HERE}/{what}/new" for what in ("partners", "tranches", "buildings", "parameters", "zones", "bodies")),
            *(f"{HERE}/{name}s/{scene.rows[name]}" for name in ("partner", "tranche", "building")),
            *(f"{HERE}/{name}s/{scene.rows[name]}/remove" for name in ("partner", "tranche", "building")),
            *(f"{HERE}/zones/zac", f"{HERE}/zones/zac/remove"),
            *(f"{HERE}/parameters/{scene.rows['code']}{more}" for more in ("", "/new", f"/{scene.rows['parameter']}")),
            f"{HERE}/parameters/{scene.rows['code']}/{scene.rows['parameter']}/remove",
            *(f"{HERE}/bodies/{COMMITTEE}{more}" for more in ("", "/change", "/remove", "/seats/new")),
            *(f"{HERE}/bodies/{COMMITTEE}/seats/{scene.rows['seat']}{more}" for more in ("", "/remove")),
            *("/people", "/people?q=zzzz", "/people/new", "/people/assignments/new?operation=mistral"),
            *(f"/people/{CLAIRE}{more}" for more in ("", "/change", "/leave", "/absences/new")),
            *(f"/people/assignments/{scene.rows['assignment']}{more}" for more in ("", "/end")),
            "/organisations/actis/letterhead",
            *("/organisations", "/organisations/new", "/organisations/actis", "/forms", "/forms/try"),
            *(
                f"/forms/{DIAGNOSIS}{more}"
                for more in ("", "/compare", f"/try/{scene.rows['version']}", f"/print/{scene.rows['version']}")
            ),
            *(f"/forms/{DIAGNOSIS}{more}" for more in ("/propose", "/uses", "/retire", "/bring-back")),
            *(f"/forms/{DIAGNOSIS}/proposals/{scene.rows['proposal']}{more}" for more in ("", "/try")),
            *(f"/forms/{DIAGNOSIS}/versions/{scene.rows['version']}{more}" for more in ("", "/example")),
            *(f"{HERE}/forms/{DIAGNOSIS}/newer{more}" for more in ("", f"/{scene.rows['change']}")),
            *(f"{HERE}/forms/{DIAGNOSIS}/{more}" for more in ("adapt?section=B", "try", "use", "discard", "history")),
            f"{HERE}/forms/{DIAGNOSIS}/course",
            *(f"{HERE}/forms/{DIAGNOSIS}/{more}?at=B/B1" for more in ("question", "text", "choices", "move")),
            *(f"{HERE}/forms/{DIAGNOSIS}/add?into=B&after=B/B1", f"/organisations/actis/forms/{DIAGNOSIS}/adapt"),
        ],
        OPERATOR: [
            *("/operator", "/operator/jobs?state=done", "/operator/mails", f"/operator/mails/{scene.mail}"),
            "/waiting",
        ],
    }


def endpoints_of(addresses: Iterable[str], rules: Map) -> set[str]:
    """What the addresses lead to."""
    here = rules.bind("127.0.0.1")
    known = (path.partition("?")[0] for path in addresses if path != "/no/such/page")
    return {here.match(path, method="GET")[0] for path in known}


def pages_of(rules: Map) -> set[str]:
    """Every endpoint that answers GET with a page."""
    answering = {rule.endpoint for rule in rules.iter_rules() if "GET" in (rule.methods or ())}
    return answering - NOT_PAGES - REDIRECTS
