"""What an audit of papers found: letters in lots, Word files that come back sealed, models begun from nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("writing_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("lot", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("lots", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_writing_run_batch"), ["batch"], unique=False)

    _seal_returns()
    with op.batch_alter_table("catalogue_paper_model", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun", sa.Boolean(), server_default=sa.false(), nullable=False))


def _seal_returns() -> None:
    """What lay open is thrown away: the file is sent once more."""
    op.execute("DELETE FROM catalogue_paper_return")
    with op.batch_alter_table("catalogue_paper_return", schema=None) as batch_op:
        for name in ("told", "lines", "articles", "choices"):
            batch_op.drop_column(name)
        for name in ("sealed", "chosen"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("catalogue_paper_model", schema=None) as batch_op:
        batch_op.drop_column("begun")
    op.execute("DELETE FROM catalogue_paper_return")
    with op.batch_alter_table("catalogue_paper_return", schema=None) as batch_op:
        for name in ("sealed", "chosen"):
            batch_op.drop_column(name)
        for name in ("told", "lines", "articles", "choices"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False))
    with op.batch_alter_table("writing_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_writing_run_batch"))
        for name in ("lots", "lot", "batch"):
            batch_op.drop_column(name)
