"""One table: when this is recorded, those jobs follow (outbox rows written in the same transaction)."""

REACTIONS: dict[str, tuple[str, ...]] = {
    "ResetAsked": ("people.send_reset_link",),
    "Assigned": ("approvals.refresh",),
    "Completed": ("dossiers.make_papers",),
    "SentBack": ("dossiers.tell_author",),
}
