"""Bring in what was written elsewhere: procedures, an operation with its people, the demonstration."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import Published, current, in_service
from workflow.db import Scope, db, scoped, unscoped
from workflow.dossiers import actions as dossiers
from workflow.dossiers import queries as files
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Dossier, Household
from workflow.exchange.actions.after_the_diagnosis import offers, relays, surveys
from workflow.exchange.actions.of_the_operation import charters
from workflow.exchange.actions.surveying import survey_of_la_duchere
from workflow.exchange.rules.beginning import course_of
from workflow.exchange.rules.demonstration import AFTER, LOG, WITHOUT_DOSSIER
from workflow.exchange.rules.invented import answers as said_by
from workflow.exchange.rules.invented import courses, duchere, households
from workflow.filing import actions as filing
from workflow.operations import actions as operations
from workflow.operations.models import Building
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.models import Person

OF_AN_ORGANISATION = ("phone", "email", "address", "represented_by", "capacity", "deliberation")
CAST_SINCE = timedelta(days=900)  # the cast was there before the first invented interview


def publish_procedures(folder: Path) -> list[str]:
    """Publish every procedure of a folder, and the models of papers beside it; those already published stay as they
    are.
    """
    catalogue.publish_models(folder.parent / "documents")
    return [catalogue.publish(path.parent).slug for path in sorted(folder.glob("*/procedure.yaml"))]


def install(description: dict[str, Any]) -> None:
    """An operation, its organisations, people, bodies and seats, from the shape of templates/operations."""
    since = clock.today() - CAST_SINCE
    for told in description["organisations"]:
        more = {name: told[name] for name in OF_AN_ORGANISATION if told.get(name)}
        people.put_organisation(told["slug"], told["name"], told["kind"], description["city"], **more)
    operations.put_operation(description)
    for person in description["people"]:
        _person(description, person, since)
    with scoped(Scope(frozenset((description["slug"],)))):
        for body in description.get("bodies", ()):
            _body(description, body, since)
        for slug in in_service():
            catalogue.adopt(description["slug"], slug, variant=course_of(description, slug))


def _person(description: dict[str, Any], told: dict[str, Any], since: date) -> None:
    row = people.put_person(told["slug"], told["name"], told["email"], told.get("phone"), told.get("sentence"))
    people.open_account(row)
    for operation in _where(told["role"], description["slug"]):
        people.assign(row.id, told["role"], told["organisation"], operation, since=since, employer=told.get("employer"))


def _where(role: str, operation: str) -> tuple[str | None, ...]:
    """In which operations a role of the cast is held; None is the whole installation."""
    if role == "siege_commission":
        return ()  # a seat is an assignment of its own, made with the body
    if role == "operator":
        return (None,)
    return (None, operation) if role == "administrator" else (operation,)


def _body(description: dict[str, Any], told: dict[str, Any], since: date) -> None:
    row = people.put_body(
        description["slug"],
        told["slug"],
        told["label"],
        told.get("quorum"),
        told.get("rhythm", {}),
        chair=told.get("chair", ""),
        decides=told.get("decides", told["slug"] == COMMISSION),
        secretaries=tuple(told.get("secretaries", ())),
    )
    for seat in told["seats"]:
        people.seat(
            row, seat["organisation"], seat.get("titular"), seat.get("substitute"), guest=bool(seat.get("guest"))
        )
        sitting = (seat.get("titular"), seat.get("substitute")) if row.decides else ()
        for person in filter(None, sitting):
            people.assign(
                person, "siege_commission", seat["organisation"], description["slug"], since=since, body=told["slug"]
            )


COMMISSION = "commission-relogement"


# -- the demonstration --------------------------------------------------------------------------------------------


def demonstrate(description: dict[str, Any]) -> Iterator[str]:
    """Invent households and play sixty diagnoses through the real actions, each at its own past hour.

    Yields one line per stretch of work. The caller commits after each.
    """
    install(description)
    yield "operation"
    slug = description["slug"]
    with scoped(Scope(frozenset((slug,)))):
        published = current("diagnostic-social", slug)
    if published is None:
        raise LookupError("diagnostic-social")
    homes = households(description)
    with scoped(Scope(frozenset((slug,)))):
        known = _households(slug, homes)
        yield "households"
        for _at in _play(description, published, homes, known):
            yield "course"
        offers(_in_state("searching"), [place["slug"] for place in description["places"]])
        yield "offers"
        _later_states(slug, known)
        yield "states"
        relays(_in_state("followed"))
        surveys(_in_state("moved"))
        yield "surveys"
        charters(slug)
        yield "charter"


_MORE: dict[str, Callable[[str], None]] = {}


def register_more(name: str, demonstrate: Callable[[str], None]) -> None:
    """What another part adds to the first operation once everything else is committed; it commits by itself."""
    _MORE[name] = demonstrate


def demonstrate_more(operation: str) -> None:
    for demonstrate in _MORE.values():
        demonstrate(operation)


def demonstrate_survey(model: dict[str, Any]) -> None:
    """A second operation beside the first, with people of its own: its survey was answered. model: of La Duchère."""
    description = _with(model, duchere.DESCRIPTION)
    install(description)
    survey_of_la_duchere(description)


def _with(model: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return model | {name: [*model.get(name, ()), *several] for name, several in more.items()}


def _in_state(state: str) -> list[Household]:
    return list(db.session.scalars(select(Household).where(Household.state == state).order_by(Household.reference)))


def put_households(description: dict[str, Any], count: int) -> None:
    """The first of the invented households, without any diagnosis."""
    with scoped(Scope(frozenset((description["slug"],)))):
        _households(description["slug"], households(description)[:count])


def _households(operation: str, homes: list[dict[str, Any]]) -> dict[int, Household]:
    buildings = {row.slug: row.id for row in db.session.scalars(select(Building))}
    return {
        home["number"]: dossiers.put_household(
            operation,
            {
                "reference": f"MIS-{home['number']:04d}",
                "name": home["display"],
                "building_id": buildings[home["building"]],
                "entrance": str(home["stair"]),
                "floor": str(home["floor"]),
                "dwelling": home["dwelling"],
                "dwelling_type": home["type"],
                "surface": float(home["surface"]),
                "address": home["address"],
                "phone": home["phone"],
                "email": home["email"],
                "persons": len(home["members"]),
                "referent": "claire-maurin" if home["number"] % 3 else "bruno-castel",
                "landlord": home["landlord"],
                "zone": home["zone"],
                "tenant_reference": home["reference"],
            },
            by="demonstration",
        )
        for home in homes
    }


def _play(
    description: dict[str, Any], published: Published, homes: list[dict[str, Any]], known: dict[int, Household]
) -> Iterator[datetime]:
    """Every act of every course, in the order in which they happened."""
    zone = ZoneInfo(description.get("timezone", "Europe/Paris"))
    by_number = {home["number"]: home for home in homes}
    plays = [
        _Play(description, published, by_number[course["household"]], known[course["household"]], course)
        for course in courses(description, homes, clock.today())
    ]
    acts = [(play.begins(), number, -1, play) for number, play in enumerate(plays)]
    acts += [
        (step["at"], number, rank, play)
        for number, play in enumerate(plays)
        for rank, step in enumerate(play.course["steps"])
    ]
    for at, _number, rank, play in sorted(acts, key=lambda act: act[:3]):
        instant = at.replace(tzinfo=zone)
        with clock.at(min(instant, clock.now())):
            if rank < 0:
                play.open()
            else:
                play.act(play.course["steps"][rank])
        yield instant


class _Play:
    """One invented diagnosis, carried through the same actions as a real one."""

    def __init__(
        self,
        description: dict[str, Any],
        published: Published,
        home: dict[str, Any],
        row: Household,
        course: dict[str, Any],
    ) -> None:
        self.description, self.published, self.home, self.row, self.course = description, published, home, row, course
        self.reference = ""
        self.said: dict[str, Any] = {}

    def begins(self) -> datetime:
        first = self.course["steps"][0]["at"] if self.course["steps"] else None
        day = self.course["interviewed"]
        opened = datetime(day.year, day.month, day.day, 9, 0)  # noqa: DTZ001  local, its zone is set by the player
        return min(opened, first - timedelta(minutes=90)) if first else opened

    def open(self) -> None:
        claire = _identity("claire-maurin")
        row, _new = dossiers.open_dossier(claire, self.row, self.published)
        self.reference = row.reference
        # who has a voice in this demonstration's committee may read: the household agreed
        seats = next(body["seats"] for body in self.description["bodies"] if body["slug"] == COMMISSION)
        owner = self.description["owner"]
        agreements = sorted({seat["organisation"] for seat in seats} - {owner} | {self.row.landlord})
        told = said_by(
            self.home,
            self.description,
            officer="Claire Maurin",
            referent="Sonia Mendès",
            today=clock.today(),
            rng=random.Random(self.home["number"]),  # noqa: S311  invented people, not a secret
            interviewed=self.course["interviewed"],
            agreements=agreements,
        )
        self.said = {page: told[page] for page in self.course["pages"] if page in told}
        dossiers.write_answers(claire, self.reference, self.said)

    def act(self, step: dict[str, Any]) -> None:
        given = step.get("with", {})
        if given.get("answers"):
            self.said = _merged(self.said, given["answers"])
            dossiers.write_answers(_identity(step["by"]), self.reference, self.said)
        if step["do"] == "submit":
            dossiers.submit(_identity(step["by"]), self.reference, self._version())
            return
        actor = given.get("recorded_by") or step["by"]
        dossiers.decide(_identity(actor), self.reference, self._decision(step, given))

    def _decision(self, step: dict[str, Any], given: dict[str, Any]) -> Decision:
        row = files.by_reference(self.reference)
        stored = files.present_set(row)
        scan = None
        if given.get("channel") == "paper":
            scan = filing.keep_file(
                row.operation_id, row.subject, _SCAN, "image/png", given.get("recorded_by", "demonstration")
            ).sha256
        return Decision(
            command="".join(part.title() for part in step["do"].split("_")),
            step=given.get("step") or _open_step(row),
            version=self._version(),
            shown=stored.fingerprint,
            reason=given.get("reason") or given.get("remarks") or "",
            sections=tuple(given.get("sections", ())),
            to=given.get("to", "author"),
            channel=given.get("channel", "screen"),
            scan_hash=scan,
            disagreement=bool(given.get("disagreement")),
        )

    def _version(self) -> int:
        return files.file(_identity("claire-maurin"), self.reference).known.course.version


def _open_step(row: Dossier) -> str:
    return next(iter(files.open_steps(row)), "")


def _merged(said: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """`said` with the answers of `more` put over it, group by group."""
    found = dict(said)
    for name, value in more.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = _merged(found[name], value) if both else value
    return found


def _identity(person_id: str) -> Identity:
    person = db.session.get_one(Person, person_id)
    return who.identity_of_person(person)


def _later_states(operation: str, known: dict[int, Household]) -> None:
    """What becomes of households before and after their diagnosis: each status of the trade is met once at least."""
    decided = list(
        db.session.scalars(
            select(Household)
            .where(Household.operation_id == operation, Household.state == "searching")
            .order_by(Household.reference)
        )
    )
    for row, state in zip(decided, AFTER, strict=False):
        if state != row.state:
            dossiers.set_state(row, state, "claire-maurin")
    untouched = [row for row in known.values() if row.state == "to_contact"]
    for row, state in zip(untouched[::4], WITHOUT_DOSSIER, strict=False):
        for kind, words in LOG.get(state, ()):
            dossiers.note_contact(row, kind, words, "bruno-castel")
        dossiers.set_state(row, state, "bruno-castel")
        if state == "purged":
            dossiers.erase_household(row, "nadia-ferhat")


# A scan stands for the paper a household signed: one white pixel, since nobody signed.
_SCAN = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea7359681"
    "0000000049454e44ae426082"
)


def read_operation(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def installed(operation: str) -> bool:
    """Whether this operation is there already."""
    with unscoped("whether the demonstration was made before"):
        return db.session.scalar(select(Household.id).where(Household.operation_id == operation).limit(1)) is not None
