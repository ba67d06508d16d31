"""Under which rules of the operation the first day of stale answers was worked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossiers_dossier", sa.Column("stale_under", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("dossiers_dossier", "stale_under")
