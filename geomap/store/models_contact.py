"""Saved searches, leads and what they need: private, so no change of them is logged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geomap.store.models_base import Base, Row, Versioned


class Search(Versioned, Base):
    """A saved search.

    `known` are the units that fitted at the last check, at change `checked_seq` of the
    record. `mail_state` is "none", "pending", "confirmed" or "stopped".
    """

    __tablename__ = "searches"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    demand: Mapped[dict[str, object]]
    language: Mapped[str]
    known: Mapped[tuple[str, ...]]
    paused: Mapped[bool]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    checked_seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    email: Mapped[str]
    mail_state: Mapped[str]
    mail_token: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failures: Mapped[int]


class SearchHit(Row, Base):
    """A unit that came to fit a saved search."""

    __tablename__ = "search_hits"
    __table_args__ = (UniqueConstraint("search_id", "unit_id"),)
    search_id: Mapped[str]
    unit_id: Mapped[str]
    site_id: Mapped[str]
    found_at: Mapped[datetime]
    score: Mapped[float]
    reasons: Mapped[dict[str, object]]
    gone_at: Mapped[datetime | None]
    mailed: Mapped[bool]


class Lead(Versioned, Base):
    """A wish to visit or a message, for one operator's eyes."""

    __tablename__ = "leads"
    id: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[str] = mapped_column(index=True)
    site_id: Mapped[str]
    unit_id: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    wish: Mapped[str]
    message: Mapped[str]
    visit_at: Mapped[datetime | None]
    consent_version: Mapped[str]
    consent_language: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OperatorKey(Row, Base):
    """The key by which an operator reads its leads; only its hash is kept."""

    __tablename__ = "operator_keys"
    operator_id: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class ContactCount(Row, Base):
    """One thing that someone did lately, counted by a hash of who it was."""

    __tablename__ = "contact_counts"
    __table_args__ = (Index("ix_contact_counts_who", "kind", "who"),)
    kind: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
