"""What roles, kinds of organisations and rhythms are called. English msgids; the doors translate them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoleWords:
    """label: how the role is called; opens: one sentence on what it gives.

    whole: may be held for the whole installation. seat: comes with a seat in a body, is never given by itself.
    """

    label: str
    opens: str
    whole: bool = False
    seat: bool = False


ROLES: dict[str, RoleWords] = {
    "cesf": RoleWords(
        "Social adviser", "Meets households, fills in their diagnosis with them and follows them to the end."
    ),
    "charge_relogement": RoleWords(
        "Relocation officer", "Meets households and fills in their diagnosis, on behalf of whoever runs the operation."
    ),
    "agent_relogement": RoleWords(
        "Desk and follow-up officer", "Keeps the desk, follows households and records what they confirm."
    ),
    "chef_de_projet": RoleWords(
        "Relocation manager", "Coordinates the operation, sees what waits, names its people; reads no sensitive answer."
    ),
    "referent_bailleur": RoleWords(
        "Landlord's referent", "Checks lease, rent and dwelling of the households who agree to it, then gives a visa."
    ),
    "siege_commission": RoleWords(
        "Member of a committee",
        "Reads the needs, without names or amounts, and gives the voice of the organisation.",
        seat=True,
    ),
    "travailleur_social": RoleWords(
        "Social worker of a partner service",
        "Receives the relay sheets to which a household agreed, and says whether the service takes over.",
    ),
    "association": RoleWords("Tenants' association", "Sees how the operation gets on, never a household's file."),
    "operator": RoleWords(
        "Operator of the server", "Watches over jobs, mails and backups, without reading any answer.", whole=True
    ),
    "administrator": RoleWords(
        "Administrator", "Describes operations, partners and people; reads no household's answers.", whole=True
    ),
}

SEATED = "siege_commission"
"""The role that comes with a seat in a body that decides."""

KINDS: dict[str, str] = {
    "city": "Town or city",
    "landlord": "Landlord",
    "state": "State service",
    "department": "Département",
    "region": "Region",
    "benefits": "Family benefits office",
    "social-action": "Social action centre",
    "health": "Health service",
    "provider": "Provider",
    "association": "Association",
    "other": "Other organisation",
}
"""What an organisation is by itself. The codes are those of operations/rules, which stands above."""

RHYTHMS: dict[int, str] = {
    1: "Every week",
    2: "Every two weeks",
    4: "Every month",
    8: "Every two months",
    13: "Every three months",
    17: "Three times a year",
    26: "Twice a year",
    52: "Once a year",
}
"""How often a body meets, by weeks between two meetings."""
