"""Papers written outside a procedure; who represents an organisation when one is signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = {
    "writing_written": ("household_id", "run_id", "operation_id"),
    "writing_run": ("operation_id",),
    "writing_line": ("household_id", "operation_id"),
}
SIGNING = {"represented_by": 200, "capacity": 200, "deliberation": 200}


def upgrade() -> None:
    op.create_table(
        "writing_written",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("sitting", sa.String(length=32), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("annexes", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("void_reason", sa.String(length=32), server_default="", nullable=False),
        sa.Column("handed_how", sa.String(length=12), server_default="", nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("handed_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writing_written")),
    )
    op.create_table(
        "writing_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("large", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told", sa.String(length=32), server_default="", nullable=False),
        sa.Column("asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writing_run")),
    )
    op.create_table(
        "writing_line",
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(length=32), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("written_id", sa.String(length=32), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["writing_run.id"], name=op.f("fk_writing_line_run_id_writing_run")),
        sa.PrimaryKeyConstraint("run_id", "rank", name=op.f("pk_writing_line")),
        sa.UniqueConstraint("run_id", "household_id", name=op.f("uq_writing_line_run_id_household_id")),
    )
    for table, columns in TABLES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    with op.batch_alter_table("people_organisation", schema=None) as batch_op:
        for name, width in SIGNING.items():
            batch_op.add_column(sa.Column(name, sa.String(length=width), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("people_organisation", schema=None) as batch_op:
        for name in reversed(SIGNING):
            batch_op.drop_column(name)
    for table, columns in reversed(TABLES.items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
        op.drop_table(table)
