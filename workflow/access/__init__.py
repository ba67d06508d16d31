"""Who may do what: the whole policy in one place.

Three tables. ROUTES (`routes.py`) says who may come to a page at all; LENSES what a reader sees of answers (the only
place where levels V0 to V4 are cut); ROLES ties a role to its lens and to what it may do in an operation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from forms.visibility import Lens
from workflow.access.routes import OPERATOR as OPERATOR
from workflow.access.routes import PUBLIC, ROUTES, SIGNED_IN, Holding

# -- who is asking --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grant:
    """One assignment in force: `role` held for `organisation` (paid by `employer`) in `operation`.

    on_behalf_of: the absent person whose assignment it is; their substitute reads and acts through it meanwhile.
    procedures: for which kinds of procedure only it is lent; empty: for all.
    """

    role: str
    organisation: str | None
    operation: str | None
    employer: str | None = None
    body: str | None = None
    on_behalf_of: str | None = None
    procedures: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Identity:
    """A person, and what they hold at this moment. What was lent for some kinds of procedure only counts nowhere but
    before a dossier of such a kind: see `at`.
    """

    person: str
    name: str
    lang: str
    grants: tuple[Grant, ...]
    account: str | None = None
    since: datetime | None = None

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(grant.operation for grant in self.grants if grant.operation)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def grants_in(self, operation: str) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.operation == operation and not grant.procedures)

    def at(self, procedure: str) -> Identity:
        """The same person before a dossier of one kind of procedure."""
        if not any(grant.procedures for grant in self.grants):
            return self
        there = (grant for grant in self.grants if not grant.procedures or procedure in grant.procedures)
        return replace(self, grants=tuple(replace(grant, procedures=frozenset()) for grant in there))

    def lent_kinds(self, operation: str) -> frozenset[str]:
        """The kinds of procedure for which alone something was lent in an operation."""
        return frozenset().union(*(grant.procedures for grant in self.grants if grant.operation == operation))

    def bodies_in(self, operation: str) -> frozenset[str]:
        return frozenset(grant.body for grant in self.grants_in(operation) if grant.body)


# -- what a reader sees -----------------------------------------------------------------------------------------------

NAMING = frozenset(("identite", "contact"))
LENSES: dict[str, Lens] = {
    "confided": Lens(levels=frozenset(("V0", "V1", "V2", "V3", "V4"))),
    "author": Lens(levels=frozenset(("V0", "V1", "V2", "V3"))),
    "landlord": Lens(levels=frozenset(("V0", "V1", "V2")), exclude_purposes=frozenset(("accompagnement",))),
    "coordination": Lens(levels=frozenset(("V0", "V1")), exclude_purposes=frozenset(("accompagnement",))),
    "desk": Lens(levels=frozenset(("V0", "V1", "V2"))),
    "household": Lens(levels=frozenset(("V0", "V1", "V2")), exclude_purposes=frozenset(("protection",))),
    "commission": Lens(
        levels=frozenset(("V0", "V1")),
        purposes=frozenset(("besoins", "logement", "composition", "souhaits")),
        exclude_purposes=NAMING | {"accompagnement"},
    ),
    "relay": Lens(levels=frozenset(("V0", "V1", "V2")), purposes=frozenset(("suivi", "contact", "accompagnement"))),
    "expert": Lens(  # from outside, asked for an opinion: what the step shows, never whose it is
        levels=frozenset(("V0", "V1", "V2")), exclude_purposes=NAMING | {"accompagnement", "protection"}
    ),
    "results": Lens(  # of a survey: counted only, and nothing that points at a household
        levels=frozenset(("V0", "V1", "V2")), purposes=frozenset(("satisfaction", "budget")), exclude_purposes=NAMING
    ),
    "aggregates": Lens(levels=frozenset(("V0",)), exclude_purposes=NAMING),
    "nothing": Lens(levels=frozenset()),
}


@dataclass(frozen=True)
class Role:
    """What holding a role gives in its operation.

    lens: what it sees of answers. names: may read households' names and contact data. fill: opens and fills dossiers.
    controller: its organisation answers for the operation, so no agreement of the household is needed to read.
    sets_up: describes the operation, its partners and people. Held without an operation: the whole installation.
    """

    lens: str
    names: bool = False
    fill: bool = False
    controller: bool = False
    papers: tuple[str, ...] = ()
    sets_up: bool = False


NOT_LENT = frozenset(("administrator", "operator"))
"""Roles that looking after somebody's work during an absence does not give."""

OF_THE_TEAM = ("household", "commission", "relay")
"""Audiences whose papers the team of an operation hands out."""

ROLES: dict[str, Role] = {
    "cesf": Role("author", names=True, fill=True, controller=True, papers=OF_THE_TEAM),
    "charge_relogement": Role("author", names=True, fill=True, controller=True, papers=OF_THE_TEAM),
    "agent_relogement": Role("desk", names=True, fill=True, controller=True, papers=OF_THE_TEAM),
    "chef_de_projet": Role("coordination", names=True, controller=True, papers=("commission",), sets_up=True),
    "referent_bailleur": Role("landlord", names=True, papers=("commission",)),
    "siege_commission": Role("commission", papers=("commission",)),
    "travailleur_social": Role("relay", names=True, papers=("relay",)),
    "association": Role("nothing"),
    "operator": Role("nothing"),
    "administrator": Role("nothing", sets_up=True),
}

READING = frozenset(name for name, role in ROLES.items() if role.lens != "nothing")
"""Roles that read answers."""


_WIDEST_FIRST = (
    *("confided", "author", "desk", "landlord", "coordination", "relay", "household", "expert", "commission"),
    *("aggregates", "nothing"),
)


def widest(names: Collection[str]) -> str:
    """The widest of some lenses, by name."""
    return next((name for name in _WIDEST_FIRST if name in names), "nothing")


def lens_of(identity: Identity, operation: str) -> str:
    """The widest lens a person holds in an operation, by name."""
    return widest({ROLES[grant.role].lens for grant in identity.grants_in(operation) if grant.role in ROLES})


def lens_before(identity: Identity, operation: str, confidants: Collection[str]) -> str:
    """The lens through which a person reads one file: health and danger only when the file was confided to them.

    confidants: who wrote the file and who carries it on. Reading in somebody's stead gives nothing of it.
    """
    held = lens_of(identity, operation)
    own = any(ROLES[g.role].lens == "author" for g in identity.grants_in(operation) if _is_own(g))
    return "confided" if held == "author" and own and identity.person in confidants else held


def _is_own(grant: Grant) -> bool:
    return grant.on_behalf_of is None and grant.role in ROLES


def may_read_names(identity: Identity, operation: str) -> bool:
    return any(ROLES[grant.role].names for grant in identity.grants_in(operation) if grant.role in ROLES)


def may_fill(identity: Identity, operation: str) -> bool:
    return any(ROLES[grant.role].fill for grant in identity.grants_in(operation) if grant.role in ROLES)


def reads_by_agreement(identity: Identity, operation: str) -> frozenset[str] | None:
    """Organisations for which the person reads only with the household's agreement; None when none is needed."""
    grants = [grant for grant in identity.grants_in(operation) if grant.role in ROLES]
    if any(ROLES[grant.role].controller for grant in grants):
        return None
    return frozenset(grant.organisation for grant in grants if grant.organisation)


def may_set_up(identity: Identity, operation: str) -> bool:
    """Whether this person describes that operation: its buildings, partners, people. Nobody borrows that."""
    own = (grant for grant in identity.grants_in(operation) if grant.on_behalf_of is None)
    return any(ROLES[grant.role].sets_up for grant in own if grant.role in ROLES)


def may_change_forms_of(identity: Identity, organisation: str) -> bool:
    """Whether this person words the forms for the households of that landlord: who manages an operation on its behalf,
    and whoever looks after the installation. Nobody borrows that.
    """
    own = (one for one in identity.grants if one.on_behalf_of is None and one.organisation == organisation)
    return administers(identity) or any(ROLES[one.role].sets_up for one in own if one.role in ROLES)


def may_enter_households(identity: Identity, operation: str) -> bool:
    """Whether this person adds households to that operation, typed or from a file."""
    return may_set_up(identity, operation) or may_fill(identity, operation)


def administers(identity: Identity) -> bool:
    """Whether this person looks after the whole installation: begins operations, names their first people."""
    return any(grant.role == "administrator" and grant.operation is None for grant in identity.grants)


def covers(reader: Lens, paper: Lens) -> bool:
    """Whether a reader sees everything that a paper cut through the other lens may hold."""
    levels = paper.levels <= reader.levels
    kept = reader.exclude_purposes <= paper.exclude_purposes
    wanted = reader.purposes is None or (paper.purposes is not None and paper.purposes <= reader.purposes)
    return levels and kept and wanted


def may_have_paper(identity: Identity, operation: str, audience: str) -> bool:
    return any(audience in ROLES[grant.role].papers for grant in identity.grants_in(operation) if grant.role in ROLES)


# -- who may come to which page -----------------------------------------------------------------------------------


def may_come(endpoint: str, identity: Identity | None) -> bool:
    """Whether this person may come to this page. A page without a line in ROUTES opens to nobody."""
    rule = ROUTES.get(endpoint)
    if rule == PUBLIC:
        return True
    if rule is None or identity is None:
        return False
    if rule == SIGNED_IN:
        return True
    return isinstance(rule, Holding) and bool(rule.roles & identity.roles)
