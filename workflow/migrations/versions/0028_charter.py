"""Contributions to a draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "charter_commitment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("bearer", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=500), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_commitment")),
    )
    op.create_index(
        op.f("ix_charter_commitment_consultation_id"), "charter_commitment", ["consultation_id"], unique=False
    )
    op.create_index(op.f("ix_charter_commitment_operation_id"), "charter_commitment", ["operation_id"], unique=False)
    op.create_table(
        "charter_consultation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("objective", sa.Text(), server_default="", nullable=False),
        sa.Column("limits", sa.Text(), server_default="", nullable=False),
        sa.Column("moderation", sa.Text(), server_default="", nullable=False),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("current", sa.Integer(), server_default="1", nullable=False),
        sa.Column("counted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("signers", sa.String(length=32), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_consultation")),
        sa.UniqueConstraint("reference", name=op.f("uq_charter_consultation_reference")),
    )
    op.create_index(
        op.f("ix_charter_consultation_operation_id"), "charter_consultation", ["operation_id"], unique=False
    )
    op.create_table(
        "charter_contribution",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=32), server_default="", nullable=False),
        sa.Column("lang", sa.String(length=8), server_default="", nullable=False),
        sa.Column("said_by", sa.String(length=12), nullable=False),
        sa.Column("organisation", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person", sa.String(length=64), server_default="", nullable=False),
        sa.Column("author", sa.String(length=32), server_default="", nullable=False),
        sa.Column("address", sa.String(length=32), server_default="", nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("recorder", sa.String(length=64), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("theme_id", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=10), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=32), server_default="", nullable=False),
        sa.Column("in_edition", sa.Integer(), nullable=True),
        sa.Column("led_to", sa.String(length=40), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_contribution")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_charter_contribution_consultation_id_number")),
    )
    op.create_index(
        op.f("ix_charter_contribution_article"),
        "charter_contribution",
        ["consultation_id", "article", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_charter_contribution_operation_id"), "charter_contribution", ["operation_id"], unique=False
    )
    op.create_index(op.f("ix_charter_contribution_theme_id"), "charter_contribution", ["theme_id"], unique=False)
    op.create_table(
        "charter_edition",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_edition")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_charter_edition_consultation_id_number")),
    )
    op.create_index(op.f("ix_charter_edition_operation_id"), "charter_edition", ["operation_id"], unique=False)
    op.create_table(
        "charter_invited",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_invited")),
        sa.UniqueConstraint(
            "consultation_id", "organisation", name=op.f("uq_charter_invited_consultation_id_organisation")
        ),
    )
    op.create_index(op.f("ix_charter_invited_operation_id"), "charter_invited", ["operation_id"], unique=False)
    op.create_table(
        "charter_passage",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("edition_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("numbered", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_passage")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_charter_passage_edition_id_key")),
    )
    op.create_index(op.f("ix_charter_passage_operation_id"), "charter_passage", ["operation_id"], unique=False)
    op.create_table(
        "charter_theme",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_theme")),
    )
    op.create_index(op.f("ix_charter_theme_consultation_id"), "charter_theme", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_charter_theme_operation_id"), "charter_theme", ["operation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("charter_theme")
    op.drop_table("charter_passage")
    op.drop_table("charter_invited")
    op.drop_table("charter_edition")
    op.drop_table("charter_contribution")
    op.drop_table("charter_consultation")
    op.drop_table("charter_commitment")
