import { expect, test } from '@playwright/test';

const email = 'mayor@city.test';

test('the mayor is registered', async ({ page, request }) => {
  await page.goto('/');
  const list = page.getByRole('list', { name: 'Residents' });
  await expect(list).not.toBeEmpty();
  if ((await list.getByText(email).count()) === 0) {
    // The page is not loaded anew, so it cannot know of this resident yet.
    await request.post('/api/users', { data: { email, full_name: 'The Mayor' } });
  }
  await expect(list.getByText(email)).toHaveCount(1, { timeout: 1_000 });
});
