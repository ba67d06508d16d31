"""Letterheads; what lists say of a paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filing_letterhead",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("used_by", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_letterhead")),
        sa.UniqueConstraint("used_by", name=op.f("uq_filing_letterhead_used_by")),
    )
    with op.batch_alter_table("filing_letterhead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filing_letterhead_organisation"), ["organisation"], unique=False)
    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parties", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("search", sa.String(length=1000), server_default="", nullable=False))
        batch_op.create_index("ix_filing_paper_alike", ["subject", "kind", "audience", "lang", "version"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.drop_index("ix_filing_paper_alike")
        batch_op.drop_column("search")
        batch_op.drop_column("parties")
        batch_op.drop_column("title")
    with op.batch_alter_table("filing_letterhead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_letterhead_organisation"))
    op.drop_table("filing_letterhead")
