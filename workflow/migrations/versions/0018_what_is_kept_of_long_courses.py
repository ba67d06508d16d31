"""The state of a long course, kept so that it need not be folded from its beginning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals_kept",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_approvals_kept")),
    )
    with op.batch_alter_table("approvals_kept", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_kept_operation_id"), ["operation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("approvals_kept", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_kept_operation_id"))
    op.drop_table("approvals_kept")
