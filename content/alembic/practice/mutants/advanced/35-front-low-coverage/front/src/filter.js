/** Who is shown when something is typed into the search field. */
export function matching(users, words) {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') {
    return users;
  }
  return users.filter((user) => {
    const name = (user.full_name ?? '').toLowerCase();
    const email = user.email.toLowerCase();
    return name.includes(wanted) || email.includes(wanted);
  });
}

export function byStatus(users) {
  const groups = new Map();
  for (const user of users) {
    const group = groups.get(user.status) ?? [];
    group.push(user);
    groups.set(user.status, group);
  }
  return groups;
}

export function byName(users) {
  const sorted = [...users];
  sorted.sort((one, other) => {
    const first = one.full_name || one.email;
    const second = other.full_name || other.email;
    return first.localeCompare(second);
  });
  return sorted;
}
