import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { start } from '../src/app.js';

const html = readFileSync('index.html', 'utf8');

/** A registry in memory in place of the API; `fail(status, detail)` makes its next answer an error. */
export function fakeRegistry(users = []) {
  const rows = [...users];
  const sent = [];
  let failure = null;
  const answer = (status, body) => new Response(JSON.stringify(body), { status });
  vi.stubGlobal(
    'fetch',
    vi.fn(async (address, options) => {
      const method = options?.method ?? 'GET';
      sent.push({ method, address, body: options?.body ? JSON.parse(options.body) : null });
      if (failure) {
        const [status, detail] = failure;
        failure = null;
        return answer(status, { detail });
      }
      if (method === 'POST') {
        rows.push({ id: rows.length + 1, status: 'active', ...JSON.parse(options.body) });
        return answer(201, rows.at(-1));
      }
      return answer(200, rows);
    }),
  );
  return { sent, fail: (status, detail) => (failure = [status, detail]) };
}

/** The application's own index.html, started. */
export async function openPage() {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  parsed.querySelectorAll('script').forEach((script) => script.remove());
  document.body.innerHTML = parsed.body.innerHTML;
  await start(document);
}

export function lines() {
  return [...document.querySelectorAll('#users li')].map((line) => line.textContent.trim());
}

export function errorLine() {
  const line = document.querySelector('#error');
  return line.hidden ? null : line.textContent;
}

/** Fills in the fields by name and presses the button; a field the form does not have is an error. */
export function submit(values) {
  const form = document.querySelector('#add');
  for (const [name, value] of Object.entries(values)) {
    const field = form.querySelector(`[name="${name}"]`);
    if (!field) {
      throw new Error(`the form has no field named ${name}`);
    }
    field.value = value;
  }
  form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}
