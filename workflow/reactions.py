"""One table: when this is recorded, those jobs follow (outbox rows written in the same transaction)."""

REACTIONS: dict[str, tuple[str, ...]] = {
    "ResetAsked": ("people.send_reset_link",),
    **dict.fromkeys(("PartnerPut", "PartnerRemoved", "ZonePut", "ZoneRemoved"), ("catalogue.refit",)),
    **dict.fromkeys(("PlacePut", "PlaceRemoved", "OperationChanged"), ("catalogue.refit",)),
    "ProcedureReleased": ("catalogue.follow",),
    "BodyPut": ("catalogue.refit",),  # its quorum is the one the circuit asks for
    "Assigned": ("approvals.refresh",),
    "AssignmentEnded": ("approvals.refresh",),
    "AssignmentChanged": ("approvals.refresh",),
    "Invited": ("people.send_invitation",),
    "Completed": ("dossiers.make_papers", "dossiers.tell"),
    "StageEntered": ("dossiers.tell",),
    "Withdrawn": ("dossiers.tell",),
    "Cancelled": ("dossiers.tell",),
    "TakenBack": ("dossiers.tell",),
    "Reassigned": ("dossiers.tell",),
    "Reminded": ("dossiers.tell",),
    "StepOverdue": ("dossiers.tell",),
    "Escalated": ("dossiers.tell",),
    "AddressChanged": ("people.tell_address",),
    "CodePrinted": ("people.tell_code",),
    "RoleTaken": ("people.tell_role_taken",),
    "AbsencePut": ("approvals.refresh", "people.tell_absence"),
    "AbsenceWithdrawn": ("approvals.refresh",),
    "SubstituteChanged": ("approvals.refresh",),
    "HandedOver": ("dossiers.tell_successors", "dossiers.ask_handover_sheet"),
}
