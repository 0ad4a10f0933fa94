import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorLine, fakeRegistry, lines, openPage, submit } from './page.js';

afterEach(() => vi.unstubAllGlobals());

const ann = { id: 1, email: 'ann@city.test', full_name: 'Ann Brook', status: 'active' };

describe('the form', () => {
  it('adds a resident to the list', async () => {
    fakeRegistry([ann]);
    await openPage();
    submit({ email: 'bob@city.test' });
    await vi.waitFor(() => expect(lines()).toHaveLength(2));
    expect(lines()[1]).toContain('bob@city.test');
    expect(errorLine()).toBeNull();
  });

  it('sends the full_name with the email', async () => {
    const registry = fakeRegistry([]);
    await openPage();
    submit({ email: 'bob@city.test', full_name: 'Bob Hill' });
    await vi.waitFor(() => expect(lines()[0]).toContain('bob@city.test'));
    const post = registry.sent.find(({ method }) => method === 'POST');
    expect(post.body).toMatchObject({ email: 'bob@city.test', full_name: 'Bob Hill' });
  });
});

describe('an error of the API', () => {
  it('is shown when the list does not load', async () => {
    fakeRegistry([ann]).fail(500, 'The database is away');
    await openPage();
    expect(errorLine()).toBe('The database is away');
  });

  it('is shown when a resident cannot be added, and the list stays', async () => {
    const registry = fakeRegistry([ann]);
    await openPage();
    registry.fail(409, 'This email is registered already');
    submit({ email: 'ann@city.test' });
    await vi.waitFor(() => expect(errorLine()).toBe('This email is registered already'));
    expect(lines()).toHaveLength(1);
  });

  it('goes away with the next success', async () => {
    const registry = fakeRegistry([ann]);
    registry.fail(503, 'Come back later');
    await openPage();
    expect(errorLine()).toBe('Come back later');
    submit({ email: 'bob@city.test' });
    await vi.waitFor(() => expect(lines()).toHaveLength(2));
    expect(errorLine()).toBeNull();
  });

  it('is shown when nothing answers at all', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await openPage();
    expect(errorLine()).toBe('The registry does not answer');
  });
});
