"""cases, notes and checks of procedures

Revision ID: 0002
Revises: 0001
"""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    with op.batch_alter_table("procedures") as batch:
        batch.add_column(sa.Column("in_person", sa.Text()))
        batch.add_column(sa.Column("joined", JSON, nullable=False, server_default="[]"))
        batch.add_column(sa.Column("mistakes", JSON, nullable=False, server_default="[]"))
        batch.add_column(sa.Column("cases", JSON))
    with op.batch_alter_table("procedure_facts") as batch:
        batch.add_column(sa.Column("case_id", sa.String(20)))
        batch.add_column(sa.Column("checked_by", sa.Text()))
        batch.add_column(sa.Column("checked_at", sa.Date()))
        batch.drop_column("verified_by")
        batch.drop_column("verified_at")


def downgrade() -> None:
    with op.batch_alter_table("procedure_facts") as batch:
        batch.add_column(sa.Column("verified_by", sa.Text()))
        batch.add_column(sa.Column("verified_at", sa.DateTime(timezone=True)))
        batch.drop_column("checked_at")
        batch.drop_column("checked_by")
        batch.drop_column("case_id")
    with op.batch_alter_table("procedures") as batch:
        batch.drop_column("cases")
        batch.drop_column("mistakes")
        batch.drop_column("joined")
        batch.drop_column("in_person")
