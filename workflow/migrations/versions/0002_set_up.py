"""Setting up in pages: partners, absences, adopted procedures, imports, notices, hand-overs, mistakes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_adoption",
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("current", sa.String(length=64), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "slug", name=op.f("pk_catalogue_adoption")),
    )
    op.create_table(
        "dossiers_handover",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("successor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_handover")),
    )
    with op.batch_alter_table("dossiers_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_handover_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_handover_person"), ["person"], unique=False)

    op.create_table(
        "dossiers_notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("mail_id", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_notice")),
        sa.UniqueConstraint(
            "subject", "version", "what", "person", name=op.f("uq_dossiers_notice_subject_version_what_person")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_dossiers_notice_token_hash")),
    )
    with op.batch_alter_table("dossiers_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_notice_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_notice_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_notice_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_notice_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_notice_subject"), ["subject"], unique=False)

    op.create_table(
        "dossiers_undo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_undo")),
    )
    with op.batch_alter_table("dossiers_undo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_undo_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_undo_person"), ["person"], unique=False)

    op.create_table(
        "exchange_import_mapping",
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "signature", name=op.f("pk_exchange_import_mapping")),
    )
    op.create_table(
        "exchange_import_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_import_run")),
    )
    with op.batch_alter_table("exchange_import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_import_run_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "web_recent",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "kind", "ref", name=op.f("pk_web_recent")),
    )
    op.create_table(
        "operations_partner",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["people_organisation.slug"], name=op.f("fk_operations_partner_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_partner")),
        sa.UniqueConstraint(
            "operation_id", "organisation", name=op.f("uq_operations_partner_operation_id_organisation")
        ),
    )
    with op.batch_alter_table("operations_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_partner_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "people_absence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("substitute_id", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("procedures", sa.JSON(), nullable=False),
        sa.Column("declared_by", sa.String(length=64), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_people_absence_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["people_person.id"], name=op.f("fk_people_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_absence")),
    )
    with op.batch_alter_table("people_absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_absence_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_absence_substitute_id"), ["substitute_id"], unique=False)

    with op.batch_alter_table("catalogue_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("source_name", sa.String(length=120), server_default="", nullable=False))

    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("void_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("void_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.String(length=32), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_dossiers_dossier_officer"), ["officer"], unique=False)
    op.execute("UPDATE dossiers_dossier SET officer = author")

    with op.batch_alter_table("dossiers_household", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lang", sa.String(length=8), server_default="fr", nullable=False))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_dossiers_household_merged_into"), ["merged_into"], unique=False)

    with op.batch_alter_table("filing_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=20), server_default="scan", nullable=False))
        batch_op.add_column(sa.Column("caption", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=32), server_default="", nullable=False))

    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("void_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("void_of", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_filing_paper_void_of"), ["void_of"], unique=False)

    with op.batch_alter_table("operations_building", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("operations_operation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("label", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("description", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("starts", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("regime", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("operations_parameter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("operations_tranche", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dwellings", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("people_assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("chair", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decides", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(  # until now a body decided when somebody was assigned to it
        "UPDATE people_body SET decides = (1 = 1) WHERE EXISTS (SELECT 1 FROM people_assignment a"
        " WHERE a.operation_id = people_body.operation_id AND a.body = people_body.slug)"
    )

    with op.batch_alter_table("people_link", schema=None) as batch_op:
        batch_op.alter_column("account_id", existing_type=sa.VARCHAR(length=32), nullable=True)
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("people_organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email", sa.String(length=320), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_people_person_organisation"), "people_organisation", ["organisation"], ["slug"]
        )
        batch_op.add_column(sa.Column("mails", sa.String(length=10), server_default="each", nullable=False))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tour", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("people_seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM people_link WHERE account_id IS NULL")  # links for somebody who has no account yet
    with op.batch_alter_table("people_seat", schema=None) as batch_op:
        batch_op.drop_column("guest")

    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("tour")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("mails")
        batch_op.drop_constraint(batch_op.f("fk_people_person_organisation"), type_="foreignkey")
        batch_op.drop_column("organisation")

    with op.batch_alter_table("people_organisation", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("address")
        batch_op.drop_column("email")
        batch_op.drop_column("phone")

    with op.batch_alter_table("people_link", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
        batch_op.alter_column("account_id", existing_type=sa.VARCHAR(length=32), nullable=False)

    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.drop_column("decides")
        batch_op.drop_column("chair")
        batch_op.drop_column("version")

    with op.batch_alter_table("people_assignment", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("ended_at")

    with op.batch_alter_table("operations_tranche", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("ends")
        batch_op.drop_column("starts")
        batch_op.drop_column("dwellings")

    with op.batch_alter_table("operations_parameter", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("operations_operation", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("regime")
        batch_op.drop_column("ends")
        batch_op.drop_column("starts")
        batch_op.drop_column("description")
        batch_op.drop_column("label")

    with op.batch_alter_table("operations_building", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("zone")

    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_paper_void_of"))
        batch_op.drop_column("void_of")
        batch_op.drop_column("void_at")

    with op.batch_alter_table("filing_file", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("erased_by")
        batch_op.drop_column("erased_at")
        batch_op.drop_column("caption")
        batch_op.drop_column("part")

    with op.batch_alter_table("dossiers_household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_household_merged_into"))
        batch_op.drop_column("merged_into")
        batch_op.drop_column("lang")

    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_dossier_officer"))
        batch_op.drop_column("void_reason")
        batch_op.drop_column("void_by")
        batch_op.drop_column("void_at")
        batch_op.drop_column("officer")

    with op.batch_alter_table("catalogue_version", schema=None) as batch_op:
        batch_op.drop_column("source_name")
        batch_op.drop_column("source")

    with op.batch_alter_table("people_absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_absence_substitute_id"))
        batch_op.drop_index(batch_op.f("ix_people_absence_person_id"))

    op.drop_table("people_absence")
    with op.batch_alter_table("operations_partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_partner_operation_id"))

    op.drop_table("operations_partner")
    op.drop_table("web_recent")
    with op.batch_alter_table("exchange_import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_import_run_operation_id"))

    op.drop_table("exchange_import_run")
    op.drop_table("exchange_import_mapping")
    with op.batch_alter_table("dossiers_undo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_undo_person"))
        batch_op.drop_index(batch_op.f("ix_dossiers_undo_operation_id"))

    op.drop_table("dossiers_undo")
    with op.batch_alter_table("dossiers_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_notice_subject"))
        batch_op.drop_index(batch_op.f("ix_dossiers_notice_state"))
        batch_op.drop_index(batch_op.f("ix_dossiers_notice_operation_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_notice_mail_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_notice_household_id"))

    op.drop_table("dossiers_notice")
    with op.batch_alter_table("dossiers_handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_handover_person"))
        batch_op.drop_index(batch_op.f("ix_dossiers_handover_operation_id"))

    op.drop_table("dossiers_handover")
    op.drop_table("catalogue_adoption")
