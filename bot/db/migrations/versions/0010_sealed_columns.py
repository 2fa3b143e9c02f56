"""columns that are sealed are texts; which keys have sealed them

Revision ID: 0010
Revises: 0009

Nothing is sealed here: a server does it while it runs (bot/upkeep/resealing.py), so nobody waits. Down again opens all.
"""
from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Table, column, its length before, and what its values are for the seal.
TEXTS = (
    ("dossiers", "owner_phone", 20, "phone"),
    ("dossiers", "owner_id_number", 20, "identity_number"),
    ("dossiers", "fingerprint", 64, "fingerprint"),
    ("pickups", "phone", 20, "phone"),
    ("verified_phones", "phone", 20, "phone"),
    ("one_time_codes", "phone", 20, "phone"),
    ("dossier_proofs", "mark", 64, "mark"),
    ("dossier_subscriptions", "mark", 64, "mark"),
)
AT_ONCE = 5_000


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite looks at no length; a longer text is no new table there
        for table, column, _, _ in TEXTS:
            op.alter_column(table, column, type_=sa.Text())
        op.alter_column("dossier_reviews", "payload", type_=sa.Text(), postgresql_using="payload::text")
    op.create_table(
        "sealing_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_keys")),
    )


def downgrade() -> None:
    for table, column, _, purpose in TEXTS:
        _open(table, column, purpose)
    _open("dossier_reviews", "payload", "json")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length, _ in TEXTS:
            op.alter_column(table, column, type_=sa.String(length))
        op.alter_column("dossier_reviews", "payload", type_=sa.JSON(), postgresql_using="payload::json")
    op.drop_table("sealing_keys")


def _open(table: str, column: str, purpose: str) -> None:
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id", sa.Integer), sa.column(column, sa.Text))
    value, last = rows.c[column], 0
    change = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values({column: sa.bindparam("opened")})
    while found := connection.execute(
        sa.select(rows.c.id, value).where(rows.c.id > last, value.like("~1.%")).order_by(rows.c.id).limit(AT_ONCE)
    ).all():
        sealer = connection.dialect.motcua_sealer
        connection.execute(change, [{"row": id, "opened": sealer.open(text, purpose)} for id, text in found])
        last = found[-1].id
