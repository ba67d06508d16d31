"""The files that the form of a version reads or shows are kept with the version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_file",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["catalogue_version.hash"], name=op.f("fk_catalogue_file_version_catalogue_version")
        ),
        sa.PrimaryKeyConstraint("version", "name", name=op.f("pk_catalogue_file")),
    )


def downgrade() -> None:
    op.drop_table("catalogue_file")
