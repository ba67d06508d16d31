"""A dossier may be about the whole operation: it has no household then. Several sent back at once say where they go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _households(nullable=True)
    op.add_column("approvals_batch", sa.Column("destination", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    _refuse_where_there_are_any()
    op.drop_column("approvals_batch", "destination")
    _households(nullable=False)


def _households(*, nullable: bool) -> None:
    for table in ("dossiers_dossier", "dossiers_notice"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("household_id", existing_type=sa.String(length=32), nullable=nullable)


def _refuse_where_there_are_any() -> None:
    """The earlier shape has no place for them, and nobody's dossier is thrown away."""
    asked = sa.text("SELECT COUNT(*) FROM dossiers_dossier WHERE household_id IS NULL")
    count = op.get_bind().execute(asked).scalar_one()
    if count:
        raise SystemExit(f"{count} dossiers are about a whole operation: this version cannot be left with them.")
