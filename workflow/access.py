"""Who may do what: the whole policy on one page.

Three tables. ROUTES says who may come to a page at all; LENSES what a reader sees of answers (the only place where
levels V0 to V4 are cut); ROLES ties a role to its lens and to what it may do in an operation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from forms.visibility import Lens

# -- who is asking --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grant:
    """One assignment in force: `role` held for `organisation` (paid by `employer`) in `operation`.

    on_behalf_of: the absent person whose assignment it is; their substitute reads and acts through it meanwhile.
    """

    role: str
    organisation: str | None
    operation: str | None
    employer: str | None = None
    body: str | None = None
    on_behalf_of: str | None = None


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


def lens_of(identity: Identity, operation: str) -> str:
    """The widest lens a person holds in an operation, by name."""
    order = ("author", "desk", "landlord", "coordination", "relay", "commission", "aggregates", "nothing")
    held = {ROLES[grant.role].lens for grant in identity.grants_in(operation) if grant.role in ROLES}
    return next((name for name in order if name in held), "nothing")


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

PUBLIC = "public"  # anybody
SIGNED_IN = "signed in"  # any account; the page itself shows only what its reader may see


@dataclass(frozen=True)
class Holding:
    """Whoever holds one of these roles, anywhere; loading then goes through their scope."""

    roles: frozenset[str]


def holding(*roles: str) -> Holding:
    return Holding(frozenset(roles))


FIELD = holding("cesf", "charge_relogement", "agent_relogement")
CASEWORK = Holding(FIELD.roles | {"chef_de_projet", "referent_bailleur", "siege_commission", "travailleur_social"})
OPERATOR = holding("operator")
SETTING_UP = holding("administrator", "chef_de_projet")
TELLING = Holding(FIELD.roles | SETTING_UP.roles)
ADMINISTRATOR = holding("administrator")
FOLLOWING = holding("cesf", "agent_relogement", "chef_de_projet", "referent_bailleur", "administrator")
WORKING = Holding(CASEWORK.roles | SETTING_UP.roles)
FILLING = Holding(FIELD.roles | {"referent_bailleur", "travailleur_social"})
"""Who may fill a form, as its circuit says: a landlord's referent what is brought up to date, a partner's social worker
the answer to a relay."""
ENTERING = Holding(FIELD.roles | SETTING_UP.roles)

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
    "people.confirm_address": PUBLIC,
    "people.first": PUBLIC,
    "people.invitation": PUBLIC,
    "people.code": PUBLIC,
    "people.me": SIGNED_IN,
    "people.my_password": SIGNED_IN,
    "people.my_devices": FIELD,
    "people.withdraw_device": FIELD,
    "people.my_absence": SIGNED_IN,
    "people.withdraw_absence": SIGNED_IN,
    "people.person": SIGNED_IN,
    "people.persons": SETTING_UP,
    "people.new_person": SETTING_UP,
    "people.change_person": SETTING_UP,
    "people.new_absence": SETTING_UP,
    "people.invite": SETTING_UP,
    "people.withdraw_invitation": SETTING_UP,
    "people.print_code": SETTING_UP,
    "people.new_assignment": SETTING_UP,
    "people.change_assignment": SETTING_UP,
    "people.end_assignment": SETTING_UP,
    "people.organisations": SETTING_UP,
    "people.new_organisation": SETTING_UP,
    "people.organisation": SETTING_UP,
    "people.bodies": SETTING_UP,
    "people.body": SETTING_UP,
    "people.new_body": SETTING_UP,
    "people.change_body": SETTING_UP,
    "people.remove_body": SETTING_UP,
    "people.new_seat": SETTING_UP,
    "people.change_seat": SETTING_UP,
    "people.remove_seat": SETTING_UP,
    "filing.verify": PUBLIC,
    "filing.verify_reference": PUBLIC,
    "approvals.waiting": SIGNED_IN,
    "approvals.who_acts": WORKING,
    "dossiers.leave": SETTING_UP,
    "dossiers.end_mission": SETTING_UP,
    "dossiers.handovers": SETTING_UP,
    "dossiers.handover": SIGNED_IN,
    "dossiers.handover_sheet": SIGNED_IN,
    "dossiers.cancel_handover": SETTING_UP,
    "dossiers.referents": FOLLOWING,
    "dossiers.move_referents": FOLLOWING,
    "dossiers.referent": FOLLOWING,
    "openrosa.anybody": PUBLIC,  # each of these looks by itself at the secret in its address
    "openrosa.submission": PUBLIC,
    "openrosa.form_list": PUBLIC,
    "openrosa.form": PUBLIC,
    "openrosa.manifest": PUBLIC,
    "openrosa.medium": PUBLIC,
    "dossiers.change_version": SETTING_UP,
    "dossiers.version_change": SETTING_UP,
    "dossiers.version_change_progress": SETTING_UP,
    "dossiers.start_version_change": SETTING_UP,
    "dossiers.earlier_answers": FIELD,
    "dossiers.households": CASEWORK,
    "dossiers.households_xlsx": CASEWORK,
    "dossiers.household": CASEWORK,
    "dossiers.open_dossier": FIELD,
    "dossiers.dossier": CASEWORK,
    "dossiers.print_form": FILLING,
    "dossiers.start_filling": FILLING,
    "dossiers.present_now": FILLING,
    "dossiers.take_section": FILLING,
    "dossiers.give_section_back": FILLING,
    "dossiers.copy": CASEWORK,
    "dossiers.fill": FILLING,
    "dossiers.save_section": FILLING,
    "dossiers.key": FILLING,
    "dossiers.arrived": FIELD,
    "dossiers.submission": FIELD,
    "dossiers.give_submission": FIELD,
    "dossiers.take_submission": FIELD,
    "dossiers.leave_submission": FIELD,
    "dossiers.check_answers": FILLING,
    "dossiers.submit": FILLING,
    "dossiers.refresh": FILLING,
    "dossiers.versions": CASEWORK,
    "dossiers.happening": FIELD,
    "dossiers.decide": CASEWORK,
    "dossiers.sign": FIELD,
    "dossiers.progress": CASEWORK,
    "dossiers.paper": CASEWORK,
    "dossiers.contact": FIELD,
    "dossiers.answer_file": CASEWORK,
    "dossiers.medium": CASEWORK,
    "dossiers.attach": CASEWORK,
    "dossiers.attach_to_dossier": CASEWORK,
    "dossiers.attachment": CASEWORK,
    "dossiers.move_attachment": CASEWORK,
    "dossiers.remove_attachment": CASEWORK,
    "dossiers.move": CASEWORK,
    "dossiers.merge_household": CASEWORK,
    "dossiers.undo": CASEWORK,
    "dossiers.new_household": ENTERING,
    "dossiers.change_household": ENTERING,
    "exchange.import_file": ENTERING,
    "exchange.import_template": ENTERING,
    "exchange.import_run": ENTERING,
    "exchange.import_columns": ENTERING,
    "exchange.import_start": ENTERING,
    "exchange.import_drop": ENTERING,
    "exchange.import_wrong": ENTERING,
    "exchange.import_progress": ENTERING,
    "dossiers.own_link": SIGNED_IN,
    "dossiers.notices": TELLING,
    "dossiers.hand_over": TELLING,
    "dossiers.letters": TELLING,
    "dossiers.notice": TELLING,
    "dossiers.settle_notice": TELLING,
    "dossiers.write_in": TELLING,
    "operations.every": SETTING_UP,
    "operations.take_charge": ADMINISTRATOR,
    "operations.change": SETTING_UP,
    "operations.partners": SETTING_UP,
    "operations.new_partner": SETTING_UP,
    "operations.partner": SETTING_UP,
    "operations.remove_partner": SETTING_UP,
    "operations.tranches": SETTING_UP,
    "operations.new_tranche": SETTING_UP,
    "operations.tranche": SETTING_UP,
    "operations.remove_tranche": SETTING_UP,
    "operations.buildings": SETTING_UP,
    "operations.new_building": SETTING_UP,
    "operations.building": SETTING_UP,
    "operations.remove_building": SETTING_UP,
    "operations.parameters": SETTING_UP,
    "operations.parameter": SETTING_UP,
    "operations.new_parameter": SETTING_UP,
    "operations.new_value": SETTING_UP,
    "operations.correct_value": SETTING_UP,
    "operations.remove_value": SETTING_UP,
    "operations.names": SETTING_UP,
    "operations.new_named": SETTING_UP,
    "operations.named": SETTING_UP,
    "operations.remove_named": SETTING_UP,
    "catalogue.procedures": SETTING_UP,
    "catalogue.versions": SETTING_UP,
    "catalogue.compare": SETTING_UP,
    "catalogue.try_form": SETTING_UP,
    "catalogue.try_version": SETTING_UP,
    "catalogue.adapt": SETTING_UP,
    "catalogue.adapt_question": SETTING_UP,
    "catalogue.adapt_turn": SETTING_UP,
    "catalogue.adapt_undo": SETTING_UP,
    "catalogue.adapt_use": SETTING_UP,
    "catalogue.adapt_discard": SETTING_UP,
    "catalogue.adapt_text": SETTING_UP,
    "catalogue.adapt_choices": SETTING_UP,
    "catalogue.adapt_move": SETTING_UP,
    "catalogue.adapt_add": SETTING_UP,
    "catalogue.adapt_try": SETTING_UP,
    "catalogue.adapt_workbook": SETTING_UP,
    "catalogue.adapt_history": SETTING_UP,
    "catalogue.propose": SETTING_UP,
    "catalogue.proposal": SETTING_UP,
    "catalogue.try_proposal": SETTING_UP,
    "catalogue.release": SETTING_UP,
    "catalogue.withdraw": SETTING_UP,
    "catalogue.version": SETTING_UP,
    "catalogue.try_example": SETTING_UP,
    "catalogue.use_version": SETTING_UP,
    "catalogue.retire": SETTING_UP,
    "catalogue.bring_back": SETTING_UP,
    "catalogue.download": SETTING_UP,
    "catalogue.uses": SETTING_UP,
    "catalogue.print_version": SETTING_UP,
    "exchange.begin": ADMINISTRATOR,
    "exchange.begin_guided": ADMINISTRATOR,
    "exchange.begin_copy": ADMINISTRATOR,
    "exchange.begin_model": ADMINISTRATOR,
    "exchange.overview": SETTING_UP,
    "exchange.adopt": SETTING_UP,
    "dashboards.operator": OPERATOR,
    "dashboards.run_again": OPERATOR,
    "dashboards.jobs": OPERATOR,
    "dashboards.mails": OPERATOR,
    "dashboards.mail": OPERATOR,
    "dashboards.verify_record": OPERATOR,
    "dashboards.home": PUBLIC,
    "dashboards.search": SIGNED_IN,
    "dashboards.help_pages": SIGNED_IN,
    "dashboards.tour": SIGNED_IN,
    "dashboards.tour_step": SIGNED_IN,
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
