import { describe, expect, it } from 'vitest';
import { showUsers } from '../../src/view.js';

describe('a line of the list', () => {
  it('has the parts that are there, between dots', () => {
    const list = document.createElement('ul');
    showUsers(list, [
      { full_name: 'Ann Brook', email: 'ann@city.test', status: 'active' },
      { full_name: '', email: 'bob@city.test', status: 'away' },
    ]);
    const lines = [...list.children].map((line) => line.textContent);
    expect(lines).toEqual(['Ann Brook · ann@city.test · active', 'bob@city.test · away']);
  });
});
