import { expect, test } from '@playwright/test';

// Each test has residents of its own, so that the order and what is in the database do not matter.
let counter = 0;
function newEmail(name) {
  counter += 1;
  return `${name}-${Date.now()}-${process.pid}-${counter}@city.test`;
}

function lineOf(page, email) {
  return page.getByRole('list', { name: 'Residents' }).getByRole('listitem').filter({ hasText: email });
}

async function add(page, email, fullName) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Full name').fill(fullName);
  await page.getByRole('button', { name: 'Add' }).click();
}

test.beforeEach(async ({ page }) => {
  await page.goto('/');
});

test('the page opens without an error', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'City registry' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Residents' }).getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('a resident who was added is still there after a reload', async ({ page }) => {
  const email = newEmail('ann');
  await add(page, email, 'Ann Brook');
  await expect(lineOf(page, email)).toHaveCount(1);
  await page.reload();
  await expect(lineOf(page, email)).toHaveCount(1);
});

test('the full_name and the status of a resident are shown', async ({ page }) => {
  const email = newEmail('bob');
  await add(page, email, 'Bob Hill');
  await expect(lineOf(page, email)).toContainText('Bob Hill');
  await expect(lineOf(page, email)).toContainText('active');
});

test('an email that is taken gives an error line, in capitals too', async ({ page }) => {
  const email = newEmail('eve');
  await add(page, email, 'Eve Moor');
  await expect(lineOf(page, email)).toHaveCount(1);
  await add(page, email.toUpperCase(), 'Eve Again');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('alert')).not.toBeEmpty();
  await page.reload();
  await expect(lineOf(page, email)).toHaveCount(1);
});
