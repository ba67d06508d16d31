"""Who may do what: the whole policy on one page.

Three tables. ROUTES says who may come to a page at all; LENSES what a reader sees of answers (the only place where
levels V0 to V4 are cut); ROLES ties a role to its lens and to what it may do in an operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forms.visibility import Lens

# -- who is asking --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grant:
    """One assignment in force: `role` held for `organisation` (paid by `employer`) in `operation`."""

    role: str
    organisation: str | None
    operation: str | None
    employer: str | None = None
    body: str | None = None


@dataclass(frozen=True)
class Identity:
    """A person, and what they hold at this moment."""

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
        return tuple(grant for grant in self.grants if grant.operation == operation)

    def bodies_in(self, operation: str) -> frozenset[str]:
        return frozenset(grant.body for grant in self.grants_in(operation) if grant.body)


# -- what a reader sees -----------------------------------------------------------------------------------------------

NAMING = frozenset(("identite", "contact"))
LENSES: dict[str, Lens] = {
    "author": Lens(levels=frozenset(("V0", "V1", "V2", "V3"))),
    "landlord": Lens(levels=frozenset(("V0", "V1", "V2")), exclude_purposes=frozenset(("accompagnement",))),
    "coordination": Lens(levels=frozenset(("V0", "V1")), exclude_purposes=frozenset(("accompagnement",))),
    "household": Lens(levels=frozenset(("V0", "V1", "V2"))),
    "commission": Lens(
        levels=frozenset(("V0", "V1")),
        purposes=frozenset(("besoins", "logement", "composition", "souhaits")),
        exclude_purposes=NAMING | {"accompagnement"},
    ),
    "aggregates": Lens(levels=frozenset(("V0",)), exclude_purposes=NAMING),
    "nothing": Lens(levels=frozenset()),
}


@dataclass(frozen=True)
class Role:
    """What holding a role gives in its operation.

    lens: what it sees of answers. names: may read households' names and contact data. fill: opens and fills dossiers.
    controller: its organisation answers for the operation, so no agreement of the household is needed to read.
    """

    lens: str
    names: bool = False
    fill: bool = False
    controller: bool = False
    papers: tuple[str, ...] = ()


ROLES: dict[str, Role] = {
    "cesf": Role("author", names=True, fill=True, controller=True, papers=("household", "commission")),
    "agent_relogement": Role("household", names=True, fill=True, controller=True, papers=("household", "commission")),
    "chef_de_projet": Role("coordination", names=True, controller=True, papers=("commission",)),
    "referent_bailleur": Role("landlord", names=True, papers=("commission",)),
    "siege_commission": Role("commission", papers=("commission",)),
    "association": Role("nothing"),
    "operator": Role("nothing"),
}


def lens_of(identity: Identity, operation: str) -> str:
    """The widest lens a person holds in an operation, by name."""
    order = ("author", "household", "landlord", "coordination", "commission", "aggregates", "nothing")
    held = {ROLES[grant.role].lens for grant in identity.grants_in(operation) if grant.role in ROLES}
    return next((name for name in order if name in held), "nothing")


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


def covers(reader: Lens, paper: Lens) -> bool:
    """Whether a reader sees everything that a paper cut through the other lens may hold."""
    levels = paper.levels <= reader.levels
    kept = reader.exclude_purposes <= paper.exclude_purposes
    wanted = reader.purposes is None or (paper.purposes is not None and paper.purposes <= reader.purposes)
    return levels and kept and wanted


def may_have_paper(identity: Identity, operation: str, audience: str) -> bool:
    return any(audience in ROLES[grant.role].papers for grant in identity.grants_in(operation) if grant.role in ROLES)


# -- who may come to which page -----------------------------------------------------------------------------------

PUBLIC = "public"  # anybody
SIGNED_IN = "signed in"  # any account; the page itself shows only what its reader may see


@dataclass(frozen=True)
class Holding:
    """Whoever holds one of these roles, anywhere; loading then goes through their scope."""

    roles: frozenset[str]


def holding(*roles: str) -> Holding:
    return Holding(frozenset(roles))


CASEWORK = holding("cesf", "agent_relogement", "chef_de_projet", "referent_bailleur", "siege_commission")
FIELD = holding("cesf", "agent_relogement")
OPERATOR = holding("operator")

ROUTES: dict[str, str | Holding] = {
    "static": PUBLIC,
    "bootstrap.static": PUBLIC,
    "web.font": PUBLIC,
    "web.health": PUBLIC,
    "web.accessibility": PUBLIC,
    "people.sign_in": PUBLIC,
    "people.enter": PUBLIC,
    "people.sign_out": PUBLIC,
    "people.forgotten": PUBLIC,
    "people.reset": PUBLIC,
    "filing.verify": PUBLIC,
    "filing.verify_reference": PUBLIC,
    "approvals.waiting": SIGNED_IN,
    "dossiers.households": CASEWORK,
    "dossiers.households_xlsx": CASEWORK,
    "dossiers.household": CASEWORK,
    "dossiers.open_dossier": FIELD,
    "dossiers.dossier": CASEWORK,
    "dossiers.fill": FIELD,
    "dossiers.save_section": FIELD,
    "dossiers.check_answers": FIELD,
    "dossiers.submit": FIELD,
    "dossiers.decide": CASEWORK,
    "dossiers.sign": FIELD,
    "dossiers.progress": CASEWORK,
    "dossiers.paper": CASEWORK,
    "dossiers.contact": FIELD,
    "dashboards.operator": OPERATOR,
    "dashboards.run_again": OPERATOR,
    "dashboards.mail": OPERATOR,
    "dashboards.verify_record": OPERATOR,
    "dashboards.home": PUBLIC,
}


def may_come(endpoint: str, identity: Identity | None) -> bool:
    """Whether this person may come to this page. A page without a line here opens to nobody."""
    rule = ROUTES.get(endpoint)
    if rule == PUBLIC:
        return True
    if rule is None or identity is None:
        return False
    if rule == SIGNED_IN:
        return True
    return isinstance(rule, Holding) and bool(rule.roles & identity.roles)
