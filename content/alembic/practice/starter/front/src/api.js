// The city's API. In development and in preview Vite passes /api on to the back end.
const USERS = '/api/users';

async function request(options) {
  let response;
  try {
    response = await fetch(USERS, options);
  } catch {
    throw new Error('The registry does not answer');
  }
  if (!response.ok) {
    throw new Error(await reasonOf(response));
  }
  return response.json();
}

/** What the API says went wrong: its `detail`, when that is a sentence. */
async function reasonOf(response) {
  const body = await response.json().catch(() => null);
  return typeof body?.detail === 'string'
    ? body.detail
    : `The registry answered ${response.status}`;
}

export function listUsers() {
  return request();
}

export function addUser(user) {
  return request({
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(user),
  });
}
