"""Figures about the residents."""

from collections import Counter
from collections.abc import Iterable

from app.models import User


def domains(users: Iterable[User]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for user in users:
        domain = user.email.rsplit("@", 1)[1]
        counted[domain.lower()] += 1
    return counted


def names(users: Iterable[User]) -> list[str]:
    found = []
    for user in users:
        name = user.full_name.strip()
        if name:
            found.append(name)
    found.sort()
    return found


def initials(user: User) -> str:
    words = user.full_name.split()
    if not words:
        return user.email[0].upper()
    letters = [word[0].upper() for word in words]
    return "".join(letters)


def summary(users: list[User]) -> str:
    named = names(users)
    largest = domains(users).most_common(1)
    lines = [f"{len(users)} residents, {len(named)} with a name"]
    if largest:
        domain, count = largest[0]
        lines.append(f"{count} at {domain}")
    return "; ".join(lines)
