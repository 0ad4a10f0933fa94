/** One line of the list. Text only: what a resident typed is never read as HTML. */
function lineOf(user) {
  const line = document.createElement('li');
  line.textContent = user.email;
  return line;
}

export function showUsers(list, users) {
  if (users.length === 0) {
    const empty = document.createElement('li');
    empty.textContent = 'Nobody is registered yet';
    list.replaceChildren(empty);
    return;
  }
  list.replaceChildren(...users.map(lineOf));
}

export function showError(line, message) {
  line.textContent = message;
  line.hidden = false;
}

export function hideError(line) {
  line.textContent = '';
  line.hidden = true;
}
