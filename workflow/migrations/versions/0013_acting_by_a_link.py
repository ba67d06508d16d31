"""Acting by a personal link, without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossiers_personal_link",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("link_by", sa.String(length=10), nullable=False),
        sa.Column("code_by", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=32), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("mail_id", sa.String(length=32), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_by", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("visit_hash", sa.String(length=64), nullable=True),
        sa.Column("visit_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_dossiers_personal_link_token_hash")),
    )
    with op.batch_alter_table("dossiers_personal_link", schema=None) as batch_op:
        for column in ("operation_id", "subject", "mail_id"):
            batch_op.create_index(batch_op.f(f"ix_dossiers_personal_link_{column}"), [column], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dossiers_personal_link", schema=None) as batch_op:
        for column in ("mail_id", "subject", "operation_id"):
            batch_op.drop_index(batch_op.f(f"ix_dossiers_personal_link_{column}"))
    op.drop_table("dossiers_personal_link")
