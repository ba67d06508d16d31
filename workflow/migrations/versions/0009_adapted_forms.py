"""A form is changed in the page, by an operation or a landlord, on top of the common one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_adaptation",
        *_whose(),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", "slug", name=op.f("pk_catalogue_adaptation")),
    )
    op.create_table(
        "catalogue_adaptation_version",
        *_whose(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", "slug", "number", name=op.f("pk_catalogue_adaptation_version")),
    )
    op.create_table(
        "catalogue_landlord_form",
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("landlord", sa.String(length=64), nullable=False),
        sa.Column("current", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "slug", "landlord", name=op.f("pk_catalogue_landlord_form")),
    )


def _whose() -> tuple[sa.Column, sa.Column]:
    holder = sa.Column("holder", sa.String(length=80), nullable=False)
    return holder, sa.Column("slug", sa.String(length=64), nullable=False)


def downgrade() -> None:
    op.drop_table("catalogue_landlord_form")
    op.drop_table("catalogue_adaptation_version")
    op.drop_table("catalogue_adaptation")
