"""the desk: staff who sign in, chats, calls, drafts, what was understood, the learning loop, practice

Revision ID: 0008
Revises: 0007
"""
from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STILL = sa.text("state IN ('waiting', 'taken')")
def _columns() -> dict[str, list[sa.Column]]:
    """Return new columns by table: a column belongs to one table at a time."""
    return {
        "staff": [
            sa.Column("team", sa.String(40)),
            sa.Column("totp_sealed", sa.Text()),
            sa.Column("totp_step", sa.BigInteger()),
            sa.Column("failed", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("locked_until", TIME),
        ],
        "tickets": [
            sa.Column("team", sa.String(40)),
            sa.Column("warned_at", TIME),
            sa.Column("taken_at", TIME),
            sa.Column("resolution", sa.Text()),
        ],
        "inbox": [
            sa.Column("understood", sa.JSON()),
            sa.Column("topic", sa.String(12)),
            sa.Column("outcome", sa.String(14)),
        ],
    }


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(repr(value) for value in values)
    return sa.CheckConstraint(f'"{column}" IN ({listed})', name=op.f(f"ck_{table}_{column}"))


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _to(column: str, table: str, *, ondelete: str | None = None, nullable: bool = True, unique: bool = False) -> sa.Column:
    return sa.Column(
        column, sa.Integer(), sa.ForeignKey(f"{table}.id", ondelete=ondelete), nullable=nullable, unique=unique
    )


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_inbox_conversation_id_seq", "inbox", ["conversation_id", "seq"])
    op.create_index(
        "ix_inbox_received_at", "inbox", ["received_at", "address_id", "conversation_id", "topic", "outcome"]
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _to("staff_id", "staff", ondelete="CASCADE", nullable=False),
        sa.Column("proved_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "chats",
        _id(),
        _to("conversation_id", "conversations", ondelete="CASCADE", nullable=False),
        _to("ticket_id", "tickets", ondelete="SET NULL"),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("team", sa.String(40)),
        _to("staff_id", "staff"),
        sa.Column("waiting_since", TIME, nullable=False),
        sa.Column("taken_at", TIME),
        sa.Column("replied_at", TIME),
        sa.Column("ended_at", TIME),
        _one_of("chats", "state", "waiting", "taken", "ended"),
    )
    op.create_index(
        "uq_chats_still", "chats", ["conversation_id"], unique=True, sqlite_where=STILL, postgresql_where=STILL
    )
    op.create_index("ix_chats_state_waiting_since", "chats", ["state", "waiting_since"])
    op.create_index("ix_chats_staff_id_state", "chats", ["staff_id", "state"])
    op.create_table(
        "notes",
        _id(),
        _to("conversation_id", "conversations", ondelete="CASCADE"),
        _to("ticket_id", "tickets", ondelete="CASCADE"),
        _to("staff_id", "staff", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("ix_notes_conversation_id", "notes", ["conversation_id"])
    op.create_index("ix_notes_ticket_id", "notes", ["ticket_id"])
    op.create_table(
        "canned_phrases",
        _id(),
        sa.Column("shortcut", sa.String(24), nullable=False, unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        _to("written_by", "staff"),
        sa.Column("written_at", TIME, nullable=False),
    )
    op.create_table(
        "drafts",
        _id(),
        _to("conversation_id", "conversations", ondelete="CASCADE", nullable=False),
        _to("inbox_id", "inbox", ondelete="CASCADE", nullable=False),
        _to("address_id", "addresses", ondelete="CASCADE", nullable=False),
        sa.Column("topic", sa.String(12), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        _to("decided_by", "staff"),
        sa.Column("decided_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        _one_of("drafts", "state", "waiting", "sent", "changed", "dropped"),
    )
    op.create_index("ix_drafts_conversation_id", "drafts", ["conversation_id"])
    op.create_index("ix_drafts_state", "drafts", ["state", "id"])
    op.create_table(
        "approved_topics",
        sa.Column("topic", sa.String(12), primary_key=True),
        sa.Column("since", TIME, nullable=False),
        _to("set_by", "staff"),
    )
    op.create_table(
        "calls",
        _id(),
        _to("conversation_id", "conversations", ondelete="CASCADE", nullable=False, unique=True),
        _to("staff_id", "staff", nullable=False),
        _to("ticket_id", "tickets", ondelete="SET NULL"),
        sa.Column("note", sa.Text()),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
    )
    op.create_index("ix_calls_staff_id_began_at", "calls", ["staff_id", "began_at"])
    op.create_table(
        "review_items",
        _id(),
        _to("inbox_id", "inbox", ondelete="SET NULL", unique=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shape", sa.String(160), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("intent", sa.String(40)),
        sa.Column("confidence", sa.Float()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("label", sa.String(8)),
        sa.Column("value", sa.Text()),
        sa.Column("asked_at", TIME, nullable=False),
        _to("decided_by", "staff"),
        sa.Column("decided_at", TIME),
        _one_of("review_items", "why", "not_understood", "unsure", "handed_off", "corrected", "reported"),
        _one_of("review_items", "state", "open", "accepted", "rejected", "trained"),
        _one_of("review_items", "label", "intent", "alias", "answer"),
    )
    op.create_index("ix_review_items_state_shape", "review_items", ["state", "shape"])
    op.create_table(
        "practice_runs",
        _id(),
        _to("staff_id", "staff", ondelete="CASCADE", nullable=False),
        sa.Column("scenario", sa.String(60), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
    )
    op.create_index("ix_practice_runs_staff_id_began_at", "practice_runs", ["staff_id", "began_at"])


def downgrade() -> None:
    for table in (
        "practice_runs", "review_items", "calls", "approved_topics", "drafts", "canned_phrases", "notes", "chats",
        "staff_sessions",
    ):
        op.drop_table(table)
    op.drop_index("ix_inbox_received_at", "inbox")
    op.drop_index("ix_inbox_conversation_id_seq", "inbox")
    for table, columns in _columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
