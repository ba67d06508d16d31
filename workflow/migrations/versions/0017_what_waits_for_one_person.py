"""What waits for one person is found by that person, however many an operation has."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_approvals_voter_mine", "approvals_voter", ["person", "decided", "operation_id"])
    op.drop_index("ix_approvals_voter_person", "approvals_voter")


def downgrade() -> None:
    op.create_index("ix_approvals_voter_person", "approvals_voter", ["person"])
    op.drop_index("ix_approvals_voter_mine", "approvals_voter")
