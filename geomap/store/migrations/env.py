"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from geomap.store.models import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
