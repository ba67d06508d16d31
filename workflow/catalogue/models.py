"""Published procedures: frozen, addressed by the hash of their content."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db import Base, OfOperation

PROPOSED, PUBLISHED = "proposed", "published"
RETURN = "return:"


class ProcedureVersion(Base):
    """Form, circuit and document models as they were when published; a dossier stays on the version it started on."""

    __tablename__ = "catalogue_version"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)  # procedure.yaml
    form_xml: Mapped[str] = mapped_column(Text)  # the contract: parsed, never recompiled
    circuit: Mapped[str] = mapped_column(Text)
    models: Mapped[dict[str, Any]] = mapped_column(JSON)  # {"fiche": {"fr": text, "en": text}}
    source: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # the XLSForm, to fit it to an operation
    source_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    published_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=PUBLISHED, server_default=PUBLISHED)
    operation: Mapped[str] = mapped_column(String(64), default="", server_default="")  # whose own it is; "": common
    note: Mapped[str] = mapped_column(Text, default="", server_default="")  # what changed, in its author's words
    published_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    example: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # answers to try it with
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(64))


class VersionFile(Base):
    """A file beside the form of a version: a list of choices, a picture, a sound. As frozen as the version itself."""

    __tablename__ = "catalogue_file"
    version: Mapped[str] = mapped_column(String(64), ForeignKey("catalogue_version.hash"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Procedure(Base):
    """Which version new dossiers start on; none starts while it is retired."""

    __tablename__ = "catalogue_procedure"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    current: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(64))


class Proposal(Base):
    """A version that waits to be compared and tried: nothing begins on it. Gone once it is in use or thrown away.

    operation: whose own form it is to become; "" for the common form.
    """

    __tablename__ = "catalogue_proposal"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    operation: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64), ForeignKey("catalogue_version.hash"))
    findings: Mapped[list[Any]] = mapped_column(JSON)  # remarks of the check, as data
    note: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class Adoption(OfOperation, Base):
    """A procedure as one operation uses it: its lists of partners and zones are those of the operation."""

    __tablename__ = "catalogue_adoption"
    operation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    base: Mapped[str] = mapped_column(String(64))  # the version it was made from: the common one, or its own
    common: Mapped[str] = mapped_column(String(64), default="", server_default="")  # the common one it knows of
    current: Mapped[str] = mapped_column(String(64))
    adopted_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(64))


class Adaptation(Base):
    """Small changes that an operation, or a landlord, makes to a common form without a workbook.

    holder: `operation:ID`, or `organisation:SLUG` for the households of that landlord in every operation. `changes` is
    in use, `pending` what they are to become, none when nothing waits.
    """

    __tablename__ = "catalogue_adaptation"
    holder: Mapped[str] = mapped_column(String(80), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    changes: Mapped[list[Any]] = mapped_column(JSON)  # see forms.adapting
    pending: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    number: Mapped[int]  # of the version in use; 0 before the first
    version: Mapped[int]  # counts every change: what a page was shown
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


class AdaptationVersion(Base):
    """One state of an adaptation that was put into use."""

    __tablename__ = "catalogue_adaptation_version"
    holder: Mapped[str] = mapped_column(String(80), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    changes: Mapped[list[Any]] = mapped_column(JSON)
    procedure: Mapped[str] = mapped_column(String(64))  # the form this gave, on the day it was put into use
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class LandlordForm(OfOperation, Base):
    """What an operation asks of the households of one landlord, where that landlord has changed the form."""

    __tablename__ = "catalogue_landlord_form"
    operation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    landlord: Mapped[str] = mapped_column(String(64), primary_key=True)
    current: Mapped[str] = mapped_column(String(64))


# -- models of papers ---------------------------------------------------------------------------------------------


class PaperVersion(Base):
    """A model of a paper as it was when published, with everything it calls for: a paper once written from it can be
    written again. clauses, annexed: texts by name, landlords' variants included.
    """

    __tablename__ = "catalogue_paper_version"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    operation: Mapped[str] = mapped_column(String(64))  # whose own it is; "": common
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    clauses: Mapped[dict[str, Any]] = mapped_column(JSON)
    annexed: Mapped[dict[str, Any]] = mapped_column(JSON)  # other models that are compiled in
    examples: Mapped[dict[str, Any]] = mapped_column(JSON)  # {case: data to try it with}; "" is the first case
    note: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(64))  # "": it came with the program
    made_at: Mapped[datetime]


class PaperFile(Base):
    """A picture of a version (holder: its hash) or of a draft (holder: `draft:OPERATION:SLUG`)."""

    __tablename__ = "catalogue_paper_file"
    holder: Mapped[str] = mapped_column(String(140), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PaperModel(Base):
    """Which version of a model new papers are written from: in one operation, or (operation "") everywhere else.

    base: the common version an operation's own one knows of; shipped: mark of the text that last came with the program;
    begun: written from nothing and never published, so that no paper is written from it.
    """

    __tablename__ = "catalogue_paper_model"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64), primary_key=True)
    current: Mapped[str] = mapped_column(String(64))
    base: Mapped[str] = mapped_column(String(64), default="", server_default="")
    shipped: Mapped[str] = mapped_column(String(64), default="", server_default="")
    begun: Mapped[bool] = mapped_column(default=False, server_default=false())
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(64))


class PaperDraft(Base):
    """A model while somebody writes it. version: counts every change, so that nobody overwrites another unseen."""

    __tablename__ = "catalogue_paper_draft"
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    examples: Mapped[dict[str, Any]] = mapped_column(JSON)
    findings: Mapped[list[Any]] = mapped_column(JSON)  # of the last proof, as data
    note: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


class PaperClause(Base):
    """Words that several models call for. name: "duree", or "duree.pluralis" for the households of that landlord.

    operation: whose own words they are; "": common. pending: what they are to become, none when nothing waits.
    """

    __tablename__ = "catalogue_paper_clause"
    name: Mapped[str] = mapped_column(String(125), primary_key=True)
    operation: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)  # none: only a draft so far
    pending: Mapped[str | None] = mapped_column(Text)
    shipped: Mapped[str] = mapped_column(String(64), default="", server_default="")
    version: Mapped[int]
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


class PaperReturn(Base):
    """A Word file that came back from a partner, laid beside a version of a model, until somebody has chosen.

    model: hash of that version; sealed, chosen: what it says and what was chosen, under a key of its own, see
    `queries.paper_returns.Comparison`; none once it was thrown away by itself. version counts every save.
    """

    __tablename__ = "catalogue_paper_return"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), index=True)
    operation: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(64), ForeignKey("catalogue_paper_version.hash"))
    reference: Mapped[str] = mapped_column(String(20))  # of the paper that was sent; "": compared with an example
    case: Mapped[str] = mapped_column(String(80))  # which example
    partner: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    chosen: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]

    @property
    def subject(self) -> str:
        """Under which name its key is kept."""
        return f"{RETURN}{self.id}"
