import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeRegistry, lines, openPage } from './page.js';

afterEach(() => vi.unstubAllGlobals());

const ann = { id: 1, email: 'ann@city.test', full_name: 'Ann Brook', status: 'active' };
const bob = { id: 2, email: 'bob@city.test', full_name: '', status: 'away' };

describe('the list', () => {
  it('has a line for each resident', async () => {
    fakeRegistry([ann, bob]);
    await openPage();
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toContain('ann@city.test');
    expect(lines()[1]).toContain('bob@city.test');
  });

  it('says so when nobody is registered', async () => {
    fakeRegistry([]);
    await openPage();
    expect(lines()).toEqual(['Nobody is registered yet']);
  });

  it('never reads what a resident typed as HTML', async () => {
    fakeRegistry([{ ...ann, email: '<b>x</b>@city.test', full_name: '<img src=x>' }]);
    await openPage();
    expect(document.querySelector('#users b, #users img')).toBeNull();
    expect(lines()[0]).toContain('<b>x</b>@city.test');
  });

  it('shows the full_name of a resident', async () => {
    fakeRegistry([ann]);
    await openPage();
    expect(lines()[0]).toContain('Ann Brook');
  });

  it('shows the status of a resident', async () => {
    fakeRegistry([ann, bob]);
    await openPage();
    expect(lines()[0]).toContain('active');
    expect(lines()[1]).toContain('away');
  });

  it('shows no undefined or null in place of an empty full_name', async () => {
    fakeRegistry([bob, { ...bob, full_name: null }]);
    await openPage();
    expect(lines().join(' ')).toContain('bob@city.test');
    expect(lines().join(' ')).not.toMatch(/undefined|null/);
  });
});
