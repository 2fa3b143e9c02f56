"""following dossiers: notices, one-time codes, verified phones, reviews; what a ticket is about

Revision ID: 0003
Revises: 0002
"""
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True)
TIME = sa.DateTime(timezone=True)
OLD_TOPICS = (
    "talk_to_human", "not_understood", "dossier", "pickup", "account", "payment", "delivery_problem", "feedback",
    "data_request", "scam", "emergency", "system",
)
NEW_TOPICS = ("dossier_withdraw", "dossier_late", "dossier_missing", "dossier_data")


def _topics(values: tuple[str, ...]) -> str:
    return '"topic" IN (' + ", ".join(repr(value) for value in values) + ")"


def upgrade() -> None:
    with op.batch_alter_table("dossiers") as batch:
        batch.add_column(sa.Column("upstream_status", sa.String(80)))
        batch.add_column(sa.Column("supplement_due_at", TIME))
        batch.create_index("ix_dossiers_owner_phone", ["owner_phone"])
    with op.batch_alter_table("dossier_proof_failures") as batch:
        batch.add_column(sa.Column("strength", sa.Integer(), nullable=False, server_default="1"))
        batch.create_index("ix_dossier_proof_failures_strength_at", ["strength", "at"])
    with op.batch_alter_table("dossier_proofs") as batch:
        batch.add_column(sa.Column("mark", sa.String(64)))
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("subject", sa.String(40)))
        batch.drop_constraint(op.f("ck_tickets_topic"), type_="check")
        batch.create_check_constraint(op.f("ck_tickets_topic"), _topics(OLD_TOPICS[:3] + NEW_TOPICS + OLD_TOPICS[3:]))
    op.create_table(
        "verified_phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(160), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("verified_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_phones")),
        sa.UniqueConstraint("asker", "phone", name=op.f("uq_verified_phones_asker_phone")),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(160), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(20)),
        sa.Column("digits", sa.String(8)),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("used_at", TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index("ix_one_time_codes_asker_code", "one_time_codes", ["asker", "code"])
    op.create_index("ix_one_time_codes_code_created", "one_time_codes", ["code", "created_at"])
    op.create_index("ix_one_time_codes_sent", "one_time_codes", ["sent_at", "expires_at"])
    op.create_table(
        "dossier_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(160), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(64)),
        sa.Column("since", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_subscriptions")),
        sa.UniqueConstraint("asker", "code", name=op.f("uq_dossier_subscriptions_asker_code")),
    )
    op.create_index("ix_dossier_subscriptions_code", "dossier_subscriptions", ["code"])
    op.create_table(
        "dossier_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_notices")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["dossier_subscriptions.id"], ondelete="CASCADE",
            name=op.f("fk_dossier_notices_subscription_id"),
        ),
        sa.UniqueConstraint(
            "subscription_id", "kind", "about", name=op.f("uq_dossier_notices_subscription_id_kind_about")
        ),
        sa.CheckConstraint(
            "\"kind\" IN ('change', 'supplement_due', 'result_waiting')", name=op.f("ck_dossier_notices_kind")
        ),
        sa.CheckConstraint(
            "\"state\" IN ('waiting', 'told', 'superseded', 'ended')", name=op.f("ck_dossier_notices_state")
        ),
        sa.CheckConstraint("status BETWEEN 1 AND 10", name=op.f("ck_dossier_notices_status")),
        sa.CheckConstraint("urgent IN (0, 1)", name=op.f("ck_dossier_notices_urgent")),
    )
    op.create_index("ix_dossier_notices_state", "dossier_notices", ["state", "id"])
    op.create_table(
        "dossier_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40)),
        sa.Column("source", sa.String(160), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_reviews")),
        sa.CheckConstraint(
            "\"reason\" IN ('bad_row', 'unknown_status', 'future_event', 'went_backwards', 'event_differs', "
            "'unknown_dossier')",
            name=op.f("ck_dossier_reviews_reason"),
        ),
    )
    op.create_index("uq_dossier_reviews_fingerprint", "dossier_reviews", ["fingerprint"], unique=True)
    op.create_index("ix_dossier_reviews_settled", "dossier_reviews", ["settled_at", "id"])


def downgrade() -> None:
    for table in ("dossier_reviews", "dossier_notices", "dossier_subscriptions", "one_time_codes", "verified_phones"):
        op.drop_table(table)
    topics = ", ".join(repr(topic) for topic in NEW_TOPICS)
    op.execute(f"UPDATE tickets SET topic = 'dossier' WHERE topic IN ({topics})")
    with op.batch_alter_table("tickets") as batch:
        batch.drop_constraint(op.f("ck_tickets_topic"), type_="check")
        batch.create_check_constraint(op.f("ck_tickets_topic"), _topics(OLD_TOPICS))
        batch.drop_column("subject")
    with op.batch_alter_table("dossier_proof_failures") as batch:
        batch.drop_index("ix_dossier_proof_failures_strength_at")
        batch.drop_column("strength")
    with op.batch_alter_table("dossier_proofs") as batch:
        batch.drop_column("mark")
    with op.batch_alter_table("dossiers") as batch:
        batch.drop_index("ix_dossiers_owner_phone")
        batch.drop_column("supplement_due_at")
        batch.drop_column("upstream_status")
