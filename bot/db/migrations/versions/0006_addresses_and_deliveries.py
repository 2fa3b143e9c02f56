"""several channels to one conversation, order by the platform's clock, and the way of every message out

Revision ID: 0006
Revises: 0005
"""
from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KINDS = ("text", "command", "contact", "photo", "voice", "file", "sticker", "unknown")
INBOX_BEFORE, INBOX = ("waiting", "done", "failed"), ("fetching", "waiting", "done", "failed")
OUTBOX_BEFORE = ("pending", "sent", "failed", "fetched")
OUTBOX = ("pending", "sending", "held", "sent", "fetched", "expired", "unreachable", "refused")
OPEN = sa.text("state IN ('pending', 'sending')")
OF_ITS_CONVERSATION = "(SELECT a.id FROM addresses a WHERE a.conversation_id = {0}.conversation_id)"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f'"{column}" IN (' + ", ".join(repr(value) for value in values) + ")"


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("sender", sa.String(160), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("blocked_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_addresses_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("channel", "sender", name=op.f("uq_addresses_channel_sender")),
    )
    op.create_index(op.f("ix_addresses_conversation_id"), "addresses", ["conversation_id"])
    op.execute(
        "INSERT INTO addresses (channel, sender, conversation_id, created_at) "
        "SELECT channel, sender, id, created_at FROM conversations"
    )
    op.create_table(
        "link_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_link_codes_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_codes")),
    )
    op.create_index(op.f("ix_link_codes_conversation_id"), "link_codes", ["conversation_id"])

    with op.batch_alter_table("inbox") as batch:
        batch.add_column(sa.Column("address_id", sa.Integer()))
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="text"))
        batch.add_column(sa.Column("media", sa.JSON(none_as_null=True)))
        batch.add_column(sa.Column("sent_at", TIME))
        batch.add_column(sa.Column("platform_order", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("ready_at", TIME))
    op.execute(
        f"UPDATE inbox SET address_id = {OF_ITS_CONVERSATION.format('inbox')}, "
        "sent_at = received_at, ready_at = received_at"
    )
    with op.batch_alter_table("inbox") as batch:
        for name, kind in (("address_id", sa.Integer()), ("sent_at", TIME), ("ready_at", TIME)):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_foreign_key(op.f("fk_inbox_address_id"), "addresses", ["address_id"], ["id"], ondelete="CASCADE")
        batch.drop_constraint(op.f("uq_inbox_conversation_id_message_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_inbox_address_id_message_id"), ["address_id", "message_id"])
        batch.drop_constraint(op.f("ck_inbox_state"), type_="check")
        batch.create_check_constraint(op.f("ck_inbox_state"), _one_of("state", INBOX))
        batch.create_check_constraint(op.f("ck_inbox_kind"), _one_of("kind", KINDS))

    with op.batch_alter_table("outbox") as batch:
        batch.drop_index("ix_outbox_state")
        batch.drop_constraint(op.f("ck_outbox_state"), type_="check")
        batch.alter_column("state", existing_type=sa.String(10), type_=sa.String(12))
        batch.add_column(sa.Column("address_id", sa.Integer()))
        batch.add_column(sa.Column("channel", sa.String(20)))
        batch.add_column(sa.Column("parts_done", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("reason", sa.String(60)))
        batch.add_column(sa.Column("tried", sa.JSON(none_as_null=True)))
        batch.add_column(sa.Column("platform_id", sa.String(80)))
        batch.add_column(sa.Column("due_at", TIME))
        batch.add_column(sa.Column("claimed_at", TIME))
    op.execute(
        f"UPDATE outbox SET address_id = {OF_ITS_CONVERSATION.format('outbox')}, "
        "channel = (SELECT c.channel FROM conversations c WHERE c.id = outbox.conversation_id), "
        "state = CASE WHEN state = 'failed' THEN 'refused' "
        "WHEN state = 'pending' AND inbox_id IS NULL THEN 'held' ELSE state END"
    )
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("channel", existing_type=sa.String(20), nullable=False)
        batch.create_foreign_key(op.f("fk_outbox_address_id"), "addresses", ["address_id"], ["id"], ondelete="CASCADE")
        batch.create_check_constraint(op.f("ck_outbox_state"), _one_of("state", OUTBOX))
        batch.create_index("ix_outbox_state", ["state", "channel", "id"])
        batch.create_index("ix_outbox_platform_id", ["platform_id"])
        batch.create_index("ix_outbox_open", ["address_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.drop_index("ix_outbox_open")
        batch.drop_index("ix_outbox_platform_id")
        batch.drop_index("ix_outbox_state")
        batch.drop_constraint(op.f("ck_outbox_state"), type_="check")
        batch.drop_constraint(op.f("fk_outbox_address_id"), type_="foreignkey")
    op.execute(
        "UPDATE outbox SET state = CASE WHEN state IN ('held', 'sending') THEN 'pending' "
        "WHEN state IN ('expired', 'unreachable', 'refused') THEN 'failed' ELSE state END"
    )
    with op.batch_alter_table("outbox") as batch:
        for name in ("claimed_at", "due_at", "platform_id", "tried", "reason", "parts_done", "channel", "address_id"):
            batch.drop_column(name)
        batch.create_check_constraint(op.f("ck_outbox_state"), _one_of("state", OUTBOX_BEFORE))
        batch.create_index("ix_outbox_state", ["state", "id"])

    # What is still on the platform cannot be fetched by the version before; a linked channel has its own conversation
    # again, and of a message id that two channels share only the first is kept.
    op.execute("UPDATE inbox SET state = 'failed' WHERE state = 'fetching'")
    op.execute(
        "DELETE FROM inbox WHERE id NOT IN (SELECT min(id) FROM inbox GROUP BY conversation_id, message_id)"
    )
    with op.batch_alter_table("inbox") as batch:
        batch.drop_constraint(op.f("ck_inbox_kind"), type_="check")
        batch.drop_constraint(op.f("ck_inbox_state"), type_="check")
        batch.create_check_constraint(op.f("ck_inbox_state"), _one_of("state", INBOX_BEFORE))
        batch.drop_constraint(op.f("uq_inbox_address_id_message_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_inbox_conversation_id_message_id"), ["conversation_id", "message_id"]
        )
        batch.drop_constraint(op.f("fk_inbox_address_id"), type_="foreignkey")
        for name in ("ready_at", "platform_order", "sent_at", "media", "kind", "address_id"):
            batch.drop_column(name)
    op.drop_table("link_codes")
    op.drop_table("addresses")
