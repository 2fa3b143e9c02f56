"""runs through the guides to accounts

Revision ID: 0005
Revises: 0004
"""
from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f'"{column}" IN (' + ", ".join(repr(value) for value in values) + ")"


def upgrade() -> None:
    op.create_table(
        "guide_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_key", sa.String(40), nullable=False),
        sa.Column("goal", sa.String(60), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.Integer()),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("step_id", sa.String(60), nullable=False),
        sa.Column("code", sa.String(9)),
        sa.Column("code_expires_at", TIME),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("touched_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.CheckConstraint(
            _one_of("state", ("open", "paused", "done", "left", "stuck")), name=op.f("ck_guide_runs_state")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_guide_runs_conversation_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_runs")),
        sa.UniqueConstraint("run_key", name=op.f("uq_guide_runs_run_key")),
        sa.UniqueConstraint("code", name=op.f("uq_guide_runs_code")),
    )
    op.create_index("ix_guide_runs_conversation", "guide_runs", ["conversation_id", "state"])
    op.create_index("ix_guide_runs_goal_started", "guide_runs", ["goal", "started_at"])
    op.create_table(
        "guide_run_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("shown_at", TIME, nullable=False),
        sa.Column("left_at", TIME),
        sa.CheckConstraint(
            _one_of("outcome", ("shown", "done", "stuck", "back")), name=op.f("ck_guide_run_steps_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["guide_runs.id"], name=op.f("fk_guide_run_steps_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_run_steps")),
    )
    op.create_index("ix_guide_run_steps_run", "guide_run_steps", ["run_id", "id"])


def downgrade() -> None:
    op.drop_table("guide_run_steps")
    op.drop_table("guide_runs")
