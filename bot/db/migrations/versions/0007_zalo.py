"""the Zalo account, its grant and its uploads

Revision ID: 0007
Revises: 0006
"""
from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "zalo_grants",
        sa.Column("oa_id", sa.String(40), nullable=False),
        sa.Column("app_id", sa.String(40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text()),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("refresh_expires_at", TIME, nullable=False),
        sa.Column("refreshing_at", TIME),
        sa.Column("dead_at", TIME),
        sa.Column("dead_reason", sa.String(40)),
        sa.PrimaryKeyConstraint("oa_id", name=op.f("pk_zalo_grants")),
    )
    op.create_table(
        "zalo_accounts",
        sa.Column("oa_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160)),
        sa.Column("oa_type", sa.Integer()),
        sa.Column("endpoint", sa.String(4)),
        sa.Column("human_reply_at", TIME),
        sa.Column("login_state_hash", sa.String(64)),
        sa.Column("login_until", TIME),
        sa.Column("checked_at", TIME),
        sa.CheckConstraint("\"endpoint\" IN ('v3', 'v2', 'none')", name=op.f("ck_zalo_accounts_endpoint")),
        sa.PrimaryKeyConstraint("oa_id", name=op.f("pk_zalo_accounts")),
    )
    op.create_table(
        "zalo_uploads",
        sa.Column("oa_id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("uploaded_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("oa_id", "digest", name=op.f("pk_zalo_uploads")),
    )


def downgrade() -> None:
    op.drop_table("zalo_uploads")
    op.drop_table("zalo_accounts")
    op.drop_table("zalo_grants")
