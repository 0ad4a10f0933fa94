// After a restart Анна finds what she did, this time on a phone.

export async function findEverythingAgain(anna, words, report, { ticks, practice, progress }) {
  const shown = await anna.command(words.progress);
  const text = await shown.locator(".embed").innerText();
  report.expectText(text, /AL1: \d+ (из|of) \d+/, "the quiz mark after a restart");
  report.expectText(text, new RegExp(`^${ticks.done} из \\d+$`, "m"), "ticks after a restart");
  report.expectText(text, `${practice}: S`, "the grade after a restart");
  report.expect(text === progress, `progress before:\n${progress}\nand after a restart:\n${text}`);
  await report.step(anna, "progress after a restart");

  const list = await anna.command(words.checklist);
  report.expectText(await list.innerText(), words.ticked(ticks.done, ticks.total), "the checklist after a restart");
  report.expect(await list.locator(".button.success").count() === ticks.done, "ticked items are not shown as ticked after a restart");
  await report.step(anna, "checklist after a restart");
  await anna.openSide();
  await report.step(anna, "channels on a phone");
  await anna.closeSide();
}
