"""Word files that come back from partners, until somebody has chosen what is taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_paper_return",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("partner", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["model"],
            ["catalogue_paper_version.hash"],
            name=op.f("fk_catalogue_paper_return_model"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_paper_return")),
    )
    with op.batch_alter_table("catalogue_paper_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_paper_return_slug"), ["slug"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("catalogue_paper_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_paper_return_slug"))
    op.drop_table("catalogue_paper_return")
