"""Whole sets of answers that arrive are kept as they came; devices send them under a token of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossiers_submission",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=100), nullable=False),
        sa.Column("twin", sa.String(length=64), nullable=False),
        sa.Column("deprecated_id", sa.String(length=100), nullable=True),
        sa.Column("form_id", sa.String(length=120), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.String(length=32), nullable=True),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers_dossier.id"], name=op.f("fk_dossiers_submission_dossier_id_dossiers_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_submission")),
        sa.UniqueConstraint(
            "operation_id", "instance_id", "twin", name=op.f("uq_dossiers_submission_operation_id_instance_id_twin")
        ),
    )
    op.create_index(op.f("ix_dossiers_submission_operation_id"), "dossiers_submission", ["operation_id"])
    op.create_index(op.f("ix_dossiers_submission_dossier_id"), "dossiers_submission", ["dossier_id"])
    op.create_index(op.f("ix_dossiers_submission_state"), "dossiers_submission", ["state"])
    op.create_table(
        "people_device",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_people_device_person_id_people_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_people_device_token_hash")),
    )
    op.create_index(op.f("ix_people_device_person_id"), "people_device", ["person_id"])


def downgrade() -> None:
    op.drop_table("people_device")
    op.drop_table("dossiers_submission")
