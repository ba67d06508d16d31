"""A search finds "Yıldız" as "yildiz": letters that Unicode does not take apart, in what was written down before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "œ": "oe", "æ": "ae"}
LENGTH = 800  # of the column


def upgrade() -> None:
    """The column holds folded words already: replacing these letters there is folding them anew."""
    homes = sa.table("dossiers_household", sa.column("search", sa.String))
    plain, among = homes.c.search, []
    for letter, typed in LETTERS.items():
        plain = sa.func.replace(plain, letter, typed)
        among.append(homes.c.search.contains(letter))
    op.execute(sa.update(homes).where(sa.or_(*among)).values(search=sa.func.substr(plain, 1, LENGTH)))


def downgrade() -> None:
    """Nothing to put back: an older program reads these words as well."""
