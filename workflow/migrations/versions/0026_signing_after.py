"""After the last signature: who got the file, the evidence beside it, the days that count in its life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signing_delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("mail_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("sends", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("handed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("handed_how", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("handed_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_signing_delivery_room_id_party"), ["room_id", "party"])

    op.create_table(
        "signing_evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_evidence_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_evidence")),
    )
    with op.batch_alter_table("signing_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_evidence_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_evidence_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "signing_milestone",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("on_receipt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told", sa.String(length=32), server_default="", nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects", sa.String(length=32), nullable=True),
        sa.Column("is_void", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_milestone_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_milestone")),
    )
    with op.batch_alter_table("signing_milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_milestone_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_milestone_remind_on"), ["remind_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_milestone_room_id"), ["room_id"], unique=False)


def downgrade() -> None:
    op.drop_table("signing_milestone")
    op.drop_table("signing_evidence")
    with op.batch_alter_table("signing_delivery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_signing_delivery_room_id_party"), type_="unique")
        for name in ("handed_by", "handed_how", "handed_on", "expires_at", "sends", "mail_id", "address"):
            batch_op.drop_column(name)
