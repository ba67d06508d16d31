"""Versions of a form are proposed, put into use and retired; each set of answers knows the version it was given under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RETIRED = ("catalogue_version", "catalogue_procedure", "catalogue_adoption")
_TEXT = {"nullable": False, "server_default": ""}


def upgrade() -> None:
    _more_of_versions()
    _proposals()
    _changes_of_version()
    op.add_column("dossiers_answer_set", sa.Column("procedure", sa.String(length=64), **_TEXT))
    op.execute(
        "UPDATE dossiers_answer_set SET procedure = "
        "(SELECT procedure FROM dossiers_dossier WHERE dossiers_dossier.id = dossiers_answer_set.dossier_id)"
    )
    op.execute("UPDATE catalogue_adoption SET common = base")


def _more_of_versions() -> None:
    for column in (
        sa.Column("state", sa.String(length=10), nullable=False, server_default="published"),
        sa.Column("operation", sa.String(length=64), **_TEXT),
        sa.Column("note", sa.Text(), **_TEXT),
        sa.Column("published_by", sa.String(length=64), **_TEXT),
        sa.Column("example", sa.JSON(), nullable=True),
    ):
        op.add_column("catalogue_version", column)
    for name in RETIRED:
        op.add_column(name, sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(name, sa.Column("retired_by", sa.String(length=64), nullable=True))
    op.add_column("catalogue_adoption", sa.Column("common", sa.String(length=64), **_TEXT))


def _proposals() -> None:
    op.create_table(
        "catalogue_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.hash"], name=op.f("fk_catalogue_proposal_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_proposal")),
    )
    op.create_index(op.f("ix_catalogue_proposal_slug"), "catalogue_proposal", ["slug"])


def _changes_of_version() -> None:
    op.create_table(
        "dossiers_version_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_version_change")),
    )
    op.create_index(op.f("ix_dossiers_version_change_operation_id"), "dossiers_version_change", ["operation_id"])


def downgrade() -> None:
    op.drop_table("dossiers_version_change")
    op.drop_table("catalogue_proposal")
    op.drop_column("dossiers_answer_set", "procedure")
    op.drop_column("catalogue_adoption", "common")
    for name in RETIRED:
        op.drop_column(name, "retired_by")
        op.drop_column(name, "retired_at")
    for column in ("example", "published_by", "note", "operation", "state"):
        op.drop_column("catalogue_version", column)
