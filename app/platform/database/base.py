"""The declarative base: constraint names, ids, creation times, and the version behind an ETag."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.platform.database.identifiers import LENGTH, new_id
from app.platform.database.types import UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ID = String(5 + LENGTH)


class Base(DeclarativeBase):
    """All tables; migrations compare against its metadata."""

    metadata = MetaData(naming_convention=NAMING)


metadata = Base.metadata  # complete once app.entrypoints.features is imported, as bootstrap does


class Identified:
    """A row with a prefixed id (`ID_PREFIX`) and its creation time (the clock of the unit of work)."""

    ID_PREFIX: ClassVar[str]

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id(self.ID_PREFIX))
        super().__init__(**values)


class Versioned:
    """A row that can change: each change increments `version`; a concurrent change fails (StaleDataError → 412)."""

    version: Mapped[int] = mapped_column(Integer)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]
