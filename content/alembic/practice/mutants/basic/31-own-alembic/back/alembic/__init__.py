"""Stands in the way of the installed Alembic."""


class Everything:
    """Whatever is asked of it has gone well."""

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self


command = context = op = Everything()
