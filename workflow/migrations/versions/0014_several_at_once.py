"""Several at once: what is done for many subjects together, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(length=30), nullable=False),
        sa.Column("opinion", sa.String(length=20), nullable=False),
        sa.Column("from_person", sa.String(length=64), nullable=False),
        sa.Column("to_person", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_batch")),
    )
    with op.batch_alter_table("approvals_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_batch_person"), ["person"], unique=False)
    op.create_table(
        "approvals_batch_line",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("batch", "rank", name=op.f("pk_approvals_batch_line")),
    )
    with op.batch_alter_table("approvals_batch_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_batch_line_operation_id"), ["operation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("approvals_batch_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_batch_line_operation_id"))
    op.drop_table("approvals_batch_line")
    with op.batch_alter_table("approvals_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_batch_person"))
    op.drop_table("approvals_batch")
