"""Signatures with a certificate of one's own, and files that come back from another signing tool."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_certificate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("revision_id", sa.String(length=32), nullable=False),
        sa.Column("signatory_id", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims_qualified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_certificate_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_certificate")),
    )
    with op.batch_alter_table("signing_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_certificate_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_certificate_room_id"), ["room_id"], unique=False)

    op.create_table(
        "signing_arrival",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("signatory_id", sa.String(length=32), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), server_default="", nullable=False),
        sa.Column("told", sa.String(length=32), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_arrival_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_arrival")),
    )
    with op.batch_alter_table("signing_arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_arrival_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_arrival_room_id"), ["room_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signing_arrival", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_arrival_room_id"))
        batch_op.drop_index(batch_op.f("ix_signing_arrival_operation_id"))

    op.drop_table("signing_arrival")
    with op.batch_alter_table("signing_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_certificate_room_id"))
        batch_op.drop_index(batch_op.f("ix_signing_certificate_operation_id"))

    op.drop_table("signing_certificate")
