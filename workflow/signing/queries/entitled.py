"""Who may have a paper signed, who comes to a room, who runs it."""

from __future__ import annotations

from workflow import access
from workflow.access import Identity
from workflow.errors import NotFound
from workflow.filing.models import READY, Paper
from workflow.filing.queries.shelves import Wanted, on_shelves
from workflow.people import queries as people
from workflow.signing.models import Room
from workflow.signing.queries.rooms import Open, room
from workflow.signing.rules.course import RUNS


def may_have(identity: Identity, paper: Paper) -> bool:
    """Whether a paper stands in the list of all papers for this reader: whoever keeps it says so."""
    return len(on_shelves(identity, Wanted(paper.operation_id, only=frozenset((paper.id,))))) > 0


def coordinates(identity: Identity, operation: str) -> bool:
    """Whoever sets up the operation or follows its households: they have papers signed."""
    return access.may_set_up(identity, operation) or access.may_fill(identity, operation)


def may_ask_to_sign(identity: Identity, paper: Paper) -> bool:
    """Whether somebody may open a room for a paper: it is there, it counts, and they may have it."""
    there = paper.state == READY and paper.void_at is None and paper.void_of is None
    return there and coordinates(identity, paper.operation_id) and may_have(identity, paper)


def runs(identity: Identity, row: Room) -> bool:
    """Whoever prepared or opened the room, and who coordinates the operation. Nobody borrows that."""
    if identity.person in (row.made_by, row.opened_by):
        return row.operation_id in identity.operations
    own = (one for one in identity.grants_in(row.operation_id) if one.on_behalf_of is None)
    return any(one.role in RUNS for one in own)


def managers(row: Room) -> frozenset[str]:
    """Whoever coordinates the operation, and whoever opened the room while they hold something here."""
    opened = {one for one in (row.made_by, row.opened_by) if one and _is_there(one, row.operation_id)}
    return frozenset(opened | {one.person_id for one in people.holders(row.operation_id, RUNS)})


def followers(row: Room) -> frozenset[str]:
    """Whoever opened it: they are told how it goes."""
    return frozenset(one for one in (row.opened_by or row.made_by,) if _is_there(one, row.operation_id))


def _is_there(person: str, operation: str) -> bool:
    return any(one.operation == operation for one in people.grants_of(person))


def come_in(identity: Identity, reference: str) -> Open:
    """A room for who runs it, who signs in it, and who may have its paper. Raises NotFound for everybody else."""
    found = Open(room(reference))
    if runs(identity, found.row) or found.of_person(identity.person) or may_have(identity, found.paper):
        return found
    raise NotFound()


def prepare_in(identity: Identity, reference: str) -> Open:
    """A room for who runs it. Raises NotFound."""
    found = Open(room(reference))
    if not runs(identity, found.row):
        raise NotFound()
    return found
