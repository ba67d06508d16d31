"""Two people on one form: who is there, who took which section; a row taken away may come back; a page sent too late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "web_presence",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "person", name=op.f("pk_web_presence")),
    )
    op.create_table(
        "web_kept_page",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "path", name=op.f("pk_web_kept_page")),
    )


def downgrade() -> None:
    op.drop_table("web_kept_page")
    op.drop_table("web_presence")
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.drop_column("removed")
    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.drop_column("taken")
