"""first"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY_SQLITE = [
    f"CREATE TRIGGER record_event_no_{verb.lower()} BEFORE {verb} ON record_event "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
APPEND_ONLY_POSTGRESQL = [
    "CREATE FUNCTION record_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$",
    "CREATE TRIGGER record_event_append_only BEFORE UPDATE OR DELETE ON record_event "
    "FOR EACH ROW EXECUTE FUNCTION record_event_refuse()",
    "CREATE TRIGGER record_event_no_truncate BEFORE TRUNCATE ON record_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_event_refuse()",
]


def _protect() -> None:
    """The database itself refuses to change or remove what was recorded."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in APPEND_ONLY_POSTGRESQL if postgresql else APPEND_ONLY_SQLITE:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "approvals_course",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_approvals_course")),
    )
    with op.batch_alter_table("approvals_course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_course_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_course_phase"), ["phase"], unique=False)

    op.create_table(
        "approvals_task",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "step", name=op.f("pk_approvals_task")),
    )
    with op.batch_alter_table("approvals_task", schema=None) as batch_op:
        batch_op.create_index("ix_approvals_task_due", ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_task_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "approvals_voter",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "step", "person", "role", "organisation", name=op.f("pk_approvals_voter")),
    )
    with op.batch_alter_table("approvals_voter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_voter_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_voter_person"), ["person"], unique=False)

    op.create_table(
        "catalogue_procedure",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("current", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_catalogue_procedure")),
    )
    op.create_table(
        "catalogue_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("form_xml", sa.Text(), nullable=False),
        sa.Column("circuit", sa.Text(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_catalogue_version")),
    )
    with op.batch_alter_table("catalogue_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_version_slug"), ["slug"], unique=False)

    op.create_table(
        "filing_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=64), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_file")),
    )
    with op.batch_alter_table("filing_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filing_file_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_filing_file_subject"), ["subject"], unique=False)

    op.create_table(
        "filing_paper",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("pdf_name", sa.String(length=200), nullable=True),
        sa.Column("docx_name", sa.String(length=200), nullable=True),
        sa.Column("pdf_size", sa.Integer(), nullable=True),
        sa.Column("docx_size", sa.Integer(), nullable=True),
        sa.Column("missing_characters", sa.String(length=200), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_paper")),
        sa.UniqueConstraint("reference", name=op.f("uq_filing_paper_reference")),
    )
    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filing_paper_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index("ix_filing_paper_pdf_sha256", ["pdf_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_filing_paper_subject"), ["subject"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("to", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_table(
        "operations_operation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_operation")),
    )
    op.create_table(
        "operations_parameter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_parameter")),
        sa.UniqueConstraint(
            "operation_id", "code", "since", name=op.f("uq_operations_parameter_operation_id_code_since")
        ),
    )
    with op.batch_alter_table("operations_parameter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_parameter_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "operations_tranche",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_tranche")),
        sa.UniqueConstraint("operation_id", "slug", name=op.f("uq_operations_tranche_operation_id_slug")),
    )
    with op.batch_alter_table("operations_tranche", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_tranche_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_state_next_at", ["state", "next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_subject"), ["subject"], unique=False)

    op.create_table(
        "people_body",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("rhythm", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_body")),
        sa.UniqueConstraint("operation_id", "slug", name=op.f("uq_people_body_operation_id_slug")),
    )
    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_body_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "people_organisation",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_people_organisation")),
    )
    op.create_table(
        "people_person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("sentence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_person")),
    )
    op.create_table(
        "record_chain",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_chain")),
    )
    op.create_table(
        "record_event",
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_record_event")),
        sa.UniqueConstraint("subject", "version", name=op.f("uq_record_event_subject_version")),
    )
    with op.batch_alter_table("record_event", schema=None) as batch_op:
        batch_op.create_index("ix_record_event_subject_kind", ["subject", "kind"], unique=False)

    op.create_table(
        "record_key",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_record_key")),
    )
    op.create_table(
        "record_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_text")),
    )
    with op.batch_alter_table("record_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_text_subject"), ["subject"], unique=False)

    op.create_table(
        "web_attempt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_attempt")),
    )
    with op.batch_alter_table("web_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_web_attempt_bucket_at", ["bucket", "at"], unique=False)

    op.create_table(
        "web_done_request",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_web_done_request")),
    )
    op.create_table(
        "web_sensitive_read",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("levels", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sensitive_read")),
    )
    with op.batch_alter_table("web_sensitive_read", schema=None) as batch_op:
        batch_op.create_index("ix_web_sensitive_read_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "operations_building",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("landlord", sa.String(length=64), nullable=False),
        sa.Column("tranche_id", sa.String(length=32), nullable=True),
        sa.Column("dwellings", sa.Integer(), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["tranche_id"], ["operations_tranche.id"], name=op.f("fk_operations_building_tranche_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_building")),
        sa.UniqueConstraint("operation_id", "slug", name=op.f("uq_operations_building_operation_id_slug")),
    )
    with op.batch_alter_table("operations_building", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_building_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "people_account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_people_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_account")),
        sa.UniqueConstraint("login", name=op.f("uq_people_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_people_account_person_id")),
    )
    op.create_table(
        "people_assignment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=True),
        sa.Column("employer", sa.String(length=64), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=True),
        sa.Column("body", sa.String(length=64), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["employer"], ["people_organisation.slug"], name=op.f("fk_people_assignment_employer")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["people_organisation.slug"], name=op.f("fk_people_assignment_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_people_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_assignment")),
    )
    with op.batch_alter_table("people_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_assignment_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_assignment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "people_seat",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("body_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("substitute_id", sa.String(length=64), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["people_body.id"], name=op.f("fk_people_seat_body_id")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["people_organisation.slug"], name=op.f("fk_people_seat_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_person.id"], name=op.f("fk_people_seat_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["people_person.id"], name=op.f("fk_people_seat_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_seat")),
    )
    with op.batch_alter_table("people_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_seat_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_seat_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "dossiers_household",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("building_id", sa.String(length=32), nullable=True),
        sa.Column("entrance", sa.String(length=40), nullable=False),
        sa.Column("floor", sa.String(length=20), nullable=False),
        sa.Column("dwelling", sa.String(length=40), nullable=False),
        sa.Column("dwelling_type", sa.String(length=10), nullable=False),
        sa.Column("surface", sa.Double(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("tenant_reference", sa.String(length=60), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referent", sa.String(length=64), nullable=True),
        sa.Column("landlord", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("search", sa.String(length=800), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["operations_building.id"], name=op.f("fk_dossiers_household_building_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_household")),
        sa.UniqueConstraint("operation_id", "reference", name=op.f("uq_dossiers_household_operation_id_reference")),
    )
    with op.batch_alter_table("dossiers_household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_household_building_id"), ["building_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_household_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_household_referent"), ["referent"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_household_state"), ["state"], unique=False)

    op.create_table(
        "people_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["people_account.id"], name=op.f("fk_people_link_account_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_people_link")),
    )
    op.create_table(
        "dossiers_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=32), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["dossiers_household.id"], name=op.f("fk_dossiers_contact_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_contact")),
    )
    with op.batch_alter_table("dossiers_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_contact_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_contact_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "dossiers_dossier",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("household_id", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("open_key", sa.String(length=140), nullable=True),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["dossiers_household.id"], name=op.f("fk_dossiers_dossier_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_dossier")),
        sa.UniqueConstraint("open_key", name=op.f("uq_dossiers_dossier_open_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_dossiers_dossier_reference")),
    )
    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_dossier_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_dossier_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "dossiers_agreement",
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers_dossier.id"], name=op.f("fk_dossiers_agreement_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "organisation", name=op.f("pk_dossiers_agreement")),
    )
    with op.batch_alter_table("dossiers_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_agreement_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "dossiers_answer_set",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("deprecated_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_from", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers_dossier.id"], name=op.f("fk_dossiers_answer_set_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers_answer_set")),
        sa.UniqueConstraint("dossier_id", "revision", name=op.f("uq_dossiers_answer_set_dossier_id_revision")),
    )
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_answer_set_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_answer_set_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "dossiers_fact",
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=True),
        sa.Column("number", sa.Numeric(precision=14, scale=4, asdecimal=False), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("level", sa.String(length=2), nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers_dossier.id"], name=op.f("fk_dossiers_fact_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "path", name=op.f("pk_dossiers_fact")),
    )
    with op.batch_alter_table("dossiers_fact", schema=None) as batch_op:
        batch_op.create_index("ix_dossiers_fact_name_text", ["name", "text"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_fact_operation_id"), ["operation_id"], unique=False)

    _protect()


def downgrade() -> None:
    with op.batch_alter_table("dossiers_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_fact_operation_id"))
        batch_op.drop_index("ix_dossiers_fact_name_text")

    op.drop_table("dossiers_fact")
    with op.batch_alter_table("dossiers_answer_set", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_answer_set_operation_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_answer_set_dossier_id"))

    op.drop_table("dossiers_answer_set")
    with op.batch_alter_table("dossiers_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_agreement_operation_id"))

    op.drop_table("dossiers_agreement")
    with op.batch_alter_table("dossiers_dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_dossier_operation_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_dossier_household_id"))

    op.drop_table("dossiers_dossier")
    with op.batch_alter_table("dossiers_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_contact_operation_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_contact_household_id"))

    op.drop_table("dossiers_contact")
    op.drop_table("people_link")
    with op.batch_alter_table("dossiers_household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_household_state"))
        batch_op.drop_index(batch_op.f("ix_dossiers_household_referent"))
        batch_op.drop_index(batch_op.f("ix_dossiers_household_operation_id"))
        batch_op.drop_index(batch_op.f("ix_dossiers_household_building_id"))

    op.drop_table("dossiers_household")
    with op.batch_alter_table("people_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_seat_operation_id"))
        batch_op.drop_index(batch_op.f("ix_people_seat_body_id"))

    op.drop_table("people_seat")
    with op.batch_alter_table("people_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_assignment_person_id"))
        batch_op.drop_index(batch_op.f("ix_people_assignment_operation_id"))

    op.drop_table("people_assignment")
    op.drop_table("people_account")
    with op.batch_alter_table("operations_building", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_building_operation_id"))

    op.drop_table("operations_building")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_account_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("web_sensitive_read", schema=None) as batch_op:
        batch_op.drop_index("ix_web_sensitive_read_subject_at")

    op.drop_table("web_sensitive_read")
    op.drop_table("web_done_request")
    with op.batch_alter_table("web_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_web_attempt_bucket_at")

    op.drop_table("web_attempt")
    with op.batch_alter_table("record_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_text_subject"))

    op.drop_table("record_text")
    op.drop_table("record_key")
    with op.batch_alter_table("record_event", schema=None) as batch_op:
        batch_op.drop_index("ix_record_event_subject_kind")

    op.drop_table("record_event")
    op.drop_table("record_chain")
    op.drop_table("people_person")
    op.drop_table("people_organisation")
    with op.batch_alter_table("people_body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_body_operation_id"))

    op.drop_table("people_body")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_subject"))
        batch_op.drop_index("ix_outbox_state_next_at")

    op.drop_table("outbox")
    with op.batch_alter_table("operations_tranche", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_tranche_operation_id"))

    op.drop_table("operations_tranche")
    with op.batch_alter_table("operations_parameter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operations_parameter_operation_id"))

    op.drop_table("operations_parameter")
    op.drop_table("operations_operation")
    op.drop_table("mail")
    with op.batch_alter_table("filing_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_paper_subject"))
        batch_op.drop_index("ix_filing_paper_pdf_sha256")
        batch_op.drop_index(batch_op.f("ix_filing_paper_operation_id"))

    op.drop_table("filing_paper")
    with op.batch_alter_table("filing_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_file_subject"))
        batch_op.drop_index(batch_op.f("ix_filing_file_operation_id"))

    op.drop_table("filing_file")
    with op.batch_alter_table("catalogue_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_version_slug"))

    op.drop_table("catalogue_version")
    op.drop_table("catalogue_procedure")
    with op.batch_alter_table("approvals_voter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_voter_person"))
        batch_op.drop_index(batch_op.f("ix_approvals_voter_operation_id"))

    op.drop_table("approvals_voter")
    with op.batch_alter_table("approvals_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_task_operation_id"))
        batch_op.drop_index("ix_approvals_task_due")

    op.drop_table("approvals_task")
    with op.batch_alter_table("approvals_course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_course_phase"))
        batch_op.drop_index(batch_op.f("ix_approvals_course_operation_id"))

    op.drop_table("approvals_course")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION record_event_refuse()")
