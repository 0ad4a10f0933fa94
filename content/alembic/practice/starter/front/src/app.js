import { addUser, listUsers } from './api.js';
import { hideError, showError, showUsers } from './view.js';

/** Ties the page together: shows the list, and adds who is typed into the form. */
export async function start(page) {
  const form = page.querySelector('#add');
  const list = page.querySelector('#users');
  const error = page.querySelector('#error');

  async function refresh() {
    showUsers(list, await listUsers());
  }

  async function attempt(work) {
    try {
      await work();
      hideError(error);
    } catch (problem) {
      showError(error, problem.message);
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    attempt(async () => {
      await addUser({ email: fields.get('email') });
      form.reset();
      await refresh();
    });
  });

  await attempt(refresh);
}
