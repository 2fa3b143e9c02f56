"""pickups beyond the province, their life at the post, and what their citizens are told

Revision ID: 0004
Revises: 0003
"""
from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STATES = (
    "requested", "confirmed", "assigned", "picked_up", "out_for_delivery", "delivered", "failed_1", "failed_2",
    "returned", "cancelled", "rejected",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f'"{column}" IN (' + ", ".join(repr(value) for value in values) + ")"


def upgrade() -> None:
    with op.batch_alter_table("pickups") as batch:
        batch.alter_column("slot_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("unit_code", existing_type=sa.String(), nullable=True)
        batch.alter_column("booking", existing_type=sa.String(10), nullable=True)
        batch.add_column(sa.Column("zone", sa.String(10), nullable=False, server_default="province"))
        batch.add_column(sa.Column("destination", sa.String(120)))
        batch.add_column(sa.Column("next_visit_on", sa.Date()))
        batch.add_column(sa.Column("post_order", sa.String(60)))
        batch.add_column(sa.Column("tracking", sa.String(40)))
        batch.add_column(sa.Column("consent_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_pickups_consent_id"), "consents", ["consent_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_unique_constraint(op.f("uq_pickups_post_order"), ["post_order"])
        batch.drop_constraint(op.f("ck_pickups_dossier_for_delivery"), type_="check")
        batch.create_check_constraint(
            op.f("ck_pickups_dossier_for_delivery"), "service <> 'deliver' OR dossier_code IS NOT NULL"
        )
        batch.create_check_constraint(op.f("ck_pickups_zone"), _one_of("zone", ("province", "special", "outside")))
        batch.create_check_constraint(
            op.f("ck_pickups_place"), "zone = 'outside' OR (slot_id IS NOT NULL AND unit_code IS NOT NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_pickups_destination"), "zone <> 'outside' OR destination IS NOT NULL"
        )
        batch.create_index("ix_pickups_state", ["state", "id"])
        batch.create_index("ix_pickups_tracking", ["tracking"])
    with op.batch_alter_table("pickup_events") as batch:
        batch.add_column(sa.Column("source", sa.String(10), nullable=False, server_default="citizen"))
        batch.add_column(sa.Column("event_id", sa.String(80)))
        batch.create_check_constraint(
            op.f("ck_pickup_events_source"), _one_of("source", ("citizen", "post", "staff", "system"))
        )
        batch.create_unique_constraint(op.f("uq_pickup_events_pickup_id_event_id"), ["pickup_id", "event_id"])
    op.create_table(
        "pickup_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pickup_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("pickup_state", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("settled_at", TIME),
        sa.CheckConstraint(_one_of("kind", ("move", "eve")), name=op.f("ck_pickup_notices_kind")),
        sa.CheckConstraint(_one_of("pickup_state", STATES), name=op.f("ck_pickup_notices_pickup_state")),
        sa.CheckConstraint(
            _one_of("state", ("waiting", "told", "superseded", "ended")), name=op.f("ck_pickup_notices_state")
        ),
        sa.ForeignKeyConstraint(
            ["pickup_id"], ["pickups.id"], name=op.f("fk_pickup_notices_pickup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_notices")),
        sa.UniqueConstraint("pickup_id", "kind", "about", name=op.f("uq_pickup_notices_pickup_id_kind_about")),
    )
    op.create_index("ix_pickup_notices_state", "pickup_notices", ["state", "id"])


def downgrade() -> None:
    op.drop_table("pickup_notices")
    with op.batch_alter_table("pickup_events") as batch:
        batch.drop_constraint(op.f("uq_pickup_events_pickup_id_event_id"), type_="unique")
        batch.drop_constraint(op.f("ck_pickup_events_source"), type_="check")
        batch.drop_column("event_id")
        batch.drop_column("source")
    # What the older form cannot hold goes: letters beyond the province have neither place nor half-day.
    op.execute("DELETE FROM pickups WHERE zone = 'outside' OR booking IS NULL")
    op.execute("UPDATE pickups SET service = 'collect' WHERE service = 'both' AND dossier_code IS NULL")
    with op.batch_alter_table("pickups") as batch:
        batch.drop_index("ix_pickups_tracking")
        batch.drop_index("ix_pickups_state")
        for name in ("destination", "place", "zone"):
            batch.drop_constraint(op.f(f"ck_pickups_{name}"), type_="check")
        batch.drop_constraint(op.f("ck_pickups_dossier_for_delivery"), type_="check")
        batch.create_check_constraint(
            op.f("ck_pickups_dossier_for_delivery"), "service = 'collect' OR dossier_code IS NOT NULL"
        )
        batch.drop_constraint(op.f("uq_pickups_post_order"), type_="unique")
        batch.drop_constraint(op.f("fk_pickups_consent_id"), type_="foreignkey")
        for name in ("consent_id", "tracking", "post_order", "next_visit_on", "destination", "zone"):
            batch.drop_column(name)
        batch.alter_column("unit_code", existing_type=sa.String(), nullable=False)
        batch.alter_column("slot_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("booking", existing_type=sa.String(10), nullable=False)
