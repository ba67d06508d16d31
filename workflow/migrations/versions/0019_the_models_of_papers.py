"""The models of papers: versions, which is in use, drafts, clauses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_paper_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("annexed", sa.JSON(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_catalogue_paper_version")),
    )
    with op.batch_alter_table("catalogue_paper_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_paper_version_slug"), ["slug"], unique=False)
    op.create_table(
        "catalogue_paper_file",
        sa.Column("holder", sa.String(length=140), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("holder", "name", name=op.f("pk_catalogue_paper_file")),
    )
    op.create_table(
        "catalogue_paper_model",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("current", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), server_default="", nullable=False),
        sa.Column("shipped", sa.String(length=64), server_default="", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("slug", "operation", name=op.f("pk_catalogue_paper_model")),
    )
    op.create_table(
        "catalogue_paper_draft",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", "operation", name=op.f("pk_catalogue_paper_draft")),
    )
    op.create_table(
        "catalogue_paper_clause",
        sa.Column("name", sa.String(length=125), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("shipped", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "operation", name=op.f("pk_catalogue_paper_clause")),
    )


def downgrade() -> None:
    op.drop_table("catalogue_paper_clause")
    op.drop_table("catalogue_paper_draft")
    op.drop_table("catalogue_paper_model")
    op.drop_table("catalogue_paper_file")
    with op.batch_alter_table("catalogue_paper_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_paper_version_slug"))
    op.drop_table("catalogue_paper_version")
