"""Sittings of a body: its secretaries, who attends, the dossiers of the agenda and what was entered for each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("secretaries", sa.JSON(), server_default="[]", nullable=False))
    _sitting()
    _attendance()
    _item()


def _sitting() -> None:
    op.create_table(
        "approvals_sitting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("guests", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals_sitting")),
        sa.UniqueConstraint(
            "operation_id", "body", "number", name=op.f("uq_approvals_sitting_operation_id_body_number")
        ),
    )
    _of_operation("approvals_sitting")


def _attendance() -> None:
    op.create_table(
        "approvals_attendance",
        sa.Column("sitting_id", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("substitute", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        _at_a_sitting("approvals_attendance"),
        sa.PrimaryKeyConstraint("sitting_id", "seat", name=op.f("pk_approvals_attendance")),
    )
    _of_operation("approvals_attendance")


def _item() -> None:
    op.create_table(
        "approvals_sitting_item",
        sa.Column("sitting_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=True),
        sa.Column("positions", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("withdrawn", sa.JSON(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried", sa.String(length=10), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        _at_a_sitting("approvals_sitting_item"),
        sa.PrimaryKeyConstraint("sitting_id", "subject", name=op.f("pk_approvals_sitting_item")),
    )
    _of_operation("approvals_sitting_item")
    op.create_index(op.f("ix_approvals_sitting_item_subject"), "approvals_sitting_item", ["subject"], unique=False)


def _at_a_sitting(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_sitting_id_approvals_sitting"
    return sa.ForeignKeyConstraint(["sitting_id"], ["approvals_sitting.id"], name=op.f(name))


def _of_operation(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_operation_id"), table, ["operation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("approvals_sitting_item")
    op.drop_table("approvals_attendance")
    op.drop_table("approvals_sitting")
    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.drop_column("secretaries")
