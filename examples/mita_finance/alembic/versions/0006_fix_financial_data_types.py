"""CRITICAL: Fix financial data types

1. expenses.amount from Float to Numeric(12, 2)
2. proper precision for users.annual_income
3. foreign keys on the tables that lack them
4. indexes for the financial queries
5. checks on the amounts

Revision ID: 0006_fix_financial_data_types
Revises: a0d5ecc53667
Create Date: 2025-07-23 08:47:30.660125

"""
import sqlalchemy as sa
from alembic import op

revision = "0006_fix_financial_data_types"
down_revision = "a0d5ecc53667"
branch_labels = None
depends_on = None

# Tables of 0001_initial whose user_id was a bare UUID.
TABLES_WITHOUT_FK = ["transactions", "expenses", "subscriptions", "daily_plan", "habits"]


def upgrade() -> None:
    op.alter_column(
        "expenses",
        "amount",
        existing_type=sa.Float(),
        type_=sa.Numeric(12, 2),
        existing_nullable=False,
        postgresql_using="amount::numeric(12,2)",
    )
    op.alter_column(
        "users",
        "annual_income",
        existing_type=sa.Numeric(),
        type_=sa.Numeric(12, 2),
        existing_nullable=True,
    )

    for table in TABLES_WITHOUT_FK:
        op.create_foreign_key(
            f"{table}_user_id_fkey", table, "users", ["user_id"], ["id"], ondelete="CASCADE"
        )

    op.create_index("ix_transactions_user_id_spent_at", "transactions", ["user_id", "spent_at"])
    op.create_index("ix_expenses_user_id_date", "expenses", ["user_id", "date"])
    op.create_index("ix_goals_user_id", "goals", ["user_id"])

    op.create_check_constraint("ck_transactions_amount_positive", "transactions", "amount > 0")
    op.create_check_constraint("ck_expenses_amount_positive", "expenses", "amount > 0")
    op.create_check_constraint("ck_goals_target_positive", "goals", "target_amount > 0")
    op.create_check_constraint("ck_users_income_not_negative", "users", "annual_income >= 0")


def downgrade() -> None:
    op.drop_constraint("ck_users_income_not_negative", "users", type_="check")
    op.drop_constraint("ck_goals_target_positive", "goals", type_="check")
    op.drop_constraint("ck_expenses_amount_positive", "expenses", type_="check")
    op.drop_constraint("ck_transactions_amount_positive", "transactions", type_="check")

    op.drop_index("ix_goals_user_id", table_name="goals")
    op.drop_index("ix_expenses_user_id_date", table_name="expenses")
    op.drop_index("ix_transactions_user_id_spent_at", table_name="transactions")

    for table in reversed(TABLES_WITHOUT_FK):
        op.drop_constraint(f"{table}_user_id_fkey", table, type_="foreignkey")

    op.alter_column(
        "users",
        "annual_income",
        existing_type=sa.Numeric(12, 2),
        type_=sa.Numeric(),
        existing_nullable=True,
    )
    op.alter_column(
        "expenses",
        "amount",
        existing_type=sa.Numeric(12, 2),
        type_=sa.Float(),
        existing_nullable=False,
    )
