"""Rooms in which a paper is signed: who, in what order, by which channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_room",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("paper_subject", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=True),
        sa.Column("accession_to", sa.String(length=32), nullable=True),
        sa.Column("seal", sa.String(length=5), nullable=False),
        sa.Column("archive", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("original", sa.String(length=5), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_room")),
        sa.UniqueConstraint("reference", name=op.f("uq_signing_room_reference")),
    )
    with op.batch_alter_table("signing_room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_room_accession_to"), ["accession_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_room_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_room_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_room_paper_subject"), ["paper_subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_room_replaces"), ["replaces"], unique=False)

    op.create_table(
        "signing_bytes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("signatory_id", sa.String(length=32), nullable=True),
        sa.Column("before", sa.String(length=64), server_default="", nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_bytes_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_bytes")),
        sa.UniqueConstraint("room_id", "seq", name=op.f("uq_signing_bytes_room_id_seq")),
    )
    with op.batch_alter_table("signing_bytes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_bytes_after"), ["after"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_bytes_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "signing_delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("is_sent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_delivery_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_delivery")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signing_delivery_token_hash")),
    )
    with op.batch_alter_table("signing_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_delivery_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_delivery_room_id"), ["room_id"], unique=False)

    op.create_table(
        "signing_original",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("keeper", sa.String(length=32), server_default="", nullable=False),
        sa.Column("holder", sa.String(length=32), server_default="", nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_original_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_original")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_signing_original_room_id_number")),
    )
    with op.batch_alter_table("signing_original", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_original_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "signing_scan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), server_default="", nullable=False),
        sa.Column("attested_by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_scan_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_scan")),
    )
    with op.batch_alter_table("signing_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_scan_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_scan_room_id"), ["room_id"], unique=False)

    op.create_table(
        "signing_signatory",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=20), server_default="", nullable=False),
        sa.Column("needed", sa.Integer(), server_default="1", nullable=False),
        sa.Column("field", sa.String(length=80), server_default="", nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("mandate", sa.String(length=16), server_default="", nullable=False),
        sa.Column("mandate_number", sa.String(length=80), server_default="", nullable=False),
        sa.Column("mandate_day", sa.Date(), nullable=True),
        sa.Column("mandate_file", sa.String(length=32), nullable=True),
        sa.Column("voucher", sa.String(length=64), server_default="", nullable=False),
        sa.Column("delegate", sa.String(length=32), server_default="", nullable=False),
        sa.Column("delegate_person", sa.String(length=64), nullable=True),
        sa.Column("delegation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_signatory_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_signatory")),
    )
    with op.batch_alter_table("signing_signatory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_signatory_delegate_person"), ["delegate_person"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_signatory_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_signatory_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_signing_signatory_room", ["room_id", "rank", "place"], unique=False)

    op.create_table(
        "signing_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["signing_room.id"], name=op.f("fk_signing_view_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_view")),
    )
    with op.batch_alter_table("signing_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_view_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_view_room_id"), ["room_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signing_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_view_room_id"))
        batch_op.drop_index(batch_op.f("ix_signing_view_operation_id"))

    op.drop_table("signing_view")
    with op.batch_alter_table("signing_signatory", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_signatory_room")
        batch_op.drop_index(batch_op.f("ix_signing_signatory_person_id"))
        batch_op.drop_index(batch_op.f("ix_signing_signatory_operation_id"))
        batch_op.drop_index(batch_op.f("ix_signing_signatory_delegate_person"))

    op.drop_table("signing_signatory")
    with op.batch_alter_table("signing_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_scan_room_id"))
        batch_op.drop_index(batch_op.f("ix_signing_scan_operation_id"))

    op.drop_table("signing_scan")
    with op.batch_alter_table("signing_original", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_original_operation_id"))

    op.drop_table("signing_original")
    with op.batch_alter_table("signing_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_delivery_room_id"))
        batch_op.drop_index(batch_op.f("ix_signing_delivery_operation_id"))

    op.drop_table("signing_delivery")
    with op.batch_alter_table("signing_bytes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_bytes_operation_id"))
        batch_op.drop_index(batch_op.f("ix_signing_bytes_after"))

    op.drop_table("signing_bytes")
    with op.batch_alter_table("signing_room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_room_replaces"))
        batch_op.drop_index(batch_op.f("ix_signing_room_paper_subject"))
        batch_op.drop_index(batch_op.f("ix_signing_room_paper_id"))
        batch_op.drop_index(batch_op.f("ix_signing_room_operation_id"))
        batch_op.drop_index(batch_op.f("ix_signing_room_accession_to"))

    op.drop_table("signing_room")
