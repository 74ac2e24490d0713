from sqlalchemy import Column, Date, Text


class Dated:
    paid_on = Column(Date, nullable=False)


class Noted:
    remark = Column("note", Text)
