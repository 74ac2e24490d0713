import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from app.db.base import Base
from app.db.models import Expense, User


def test_no_model_is_forgotten():
    assert len(Base.metadata.tables) == 14


@pytest.mark.parametrize("table", Base.metadata.tables)
def test_a_table_can_be_written_for_postgresql(table):
    ddl = str(CreateTable(Base.metadata.tables[table]).compile(dialect=postgresql.dialect()))
    assert f"CREATE TABLE {table}" in ddl


def test_a_users_expenses_go_with_the_user():
    key, = Expense.__table__.foreign_keys
    assert key.column is User.__table__.c.id
    assert key.ondelete == "CASCADE"
