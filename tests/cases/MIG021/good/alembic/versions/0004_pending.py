"""What the linter minds by its text is none: a type that grows, a column that is new, style."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts ALTER COLUMN email TYPE varchar(300)")
    op.execute("ALTER TABLE accounts ALTER COLUMN email TYPE text")
    op.execute("ALTER TABLE accounts ADD COLUMN boss_id integer REFERENCES accounts (id)")
    op.execute("CREATE TABLE notes (id serial PRIMARY KEY, at timestamp, kind char(3) NOT NULL)")
    op.execute("ALTER TABLE notes ALTER COLUMN kind DROP NOT NULL")
    op.execute("CREATE INDEX notes_at ON notes (at)")


def downgrade() -> None:
    pass
