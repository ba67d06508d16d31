"""When the answers of a dossier begin to be too old; when a course that was taken up again was last decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossiers_dossier", sa.Column("stale_from", sa.Date(), nullable=True))
    op.add_column("approvals_course", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_dossiers_dossier_stale_from"), "dossiers_dossier", ["stale_from"])


def downgrade() -> None:
    op.drop_index(op.f("ix_dossiers_dossier_stale_from"), table_name="dossiers_dossier")
    op.drop_column("approvals_course", "decided_at")
    op.drop_column("dossiers_dossier", "stale_from")
