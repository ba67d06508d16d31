"""Satisfaction surveys: letters, codes, answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INDEXES = {
    "surveys_survey": ("operation_id",),
    "surveys_recipient": ("household_id", "operation_id"),
    "surveys_answers": ("survey_id", "operation_id"),
    "surveys_call": ("survey_id", "operation_id"),
    "surveys_reread": ("answers_id", "operation_id"),
}


def upgrade() -> None:
    op.create_table(
        "surveys_survey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_survey")),
        sa.UniqueConstraint("campaign", name=op.f("uq_surveys_survey_campaign")),
    )
    op.create_table(
        "surveys_recipient",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), server_default="", nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_how", sa.String(length=12), server_default="", nullable=False),
        sa.Column("reminders", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_why", sa.String(length=12), server_default="", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys_survey.id"], name=op.f("fk_surveys_recipient_survey_id_surveys_survey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_recipient")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_surveys_recipient_code_hash")),
        sa.UniqueConstraint("survey_id", "household_id", name=op.f("uq_surveys_recipient_survey_id_household_id")),
    )
    op.create_table(
        "surveys_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("recipient_id", sa.String(length=32), nullable=False),
        sa.Column("hand", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=64), server_default="", nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saves", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_for", sa.String(length=70), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["surveys_recipient.id"], name=op.f("fk_surveys_answers_recipient_id_surveys_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys_survey.id"], name=op.f("fk_surveys_answers_survey_id_surveys_survey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_answers")),
        sa.UniqueConstraint("finished_for", name=op.f("uq_surveys_answers_finished_for")),
        sa.UniqueConstraint("recipient_id", "hand", name=op.f("uq_surveys_answers_recipient_id_hand")),
    )
    op.create_table(
        "surveys_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("recipient_id", sa.String(length=32), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["surveys_recipient.id"], name=op.f("fk_surveys_call_recipient_id_surveys_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys_survey.id"], name=op.f("fk_surveys_call_survey_id_surveys_survey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_call")),
        sa.UniqueConstraint("recipient_id", name=op.f("uq_surveys_call_recipient_id")),
    )
    op.create_table(
        "surveys_reread",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("answers_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("said", sa.String(length=8), nullable=False),
        sa.Column("words", sa.String(length=32), server_default="", nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["surveys_answers.id"], name=op.f("fk_surveys_reread_answers_id_surveys_answers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys_reread")),
        sa.UniqueConstraint("answers_id", "path", name=op.f("uq_surveys_reread_answers_id_path")),
    )
    for table, columns in INDEXES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
    with op.batch_alter_table("writing_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(length=60), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("writing_run", schema=None) as batch_op:
        batch_op.drop_column("cause")
    for table, columns in reversed(INDEXES.items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
        op.drop_table(table)
