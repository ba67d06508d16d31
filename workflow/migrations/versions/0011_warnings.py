"""How often words in open texts were pointed out, kept, put otherwise: counted per operation and month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossiers_remark_count",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("reworded", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_remark_count")),
    )
    with op.batch_alter_table("dossiers_remark_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_remark_count_operation_id"), ["operation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dossiers_remark_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_remark_count_operation_id"))
    op.drop_table("dossiers_remark_count")
