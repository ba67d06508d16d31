"""What the sections of an answer set are worth, kept beside it: a decision need not open the answers again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.drop_column("marks")
