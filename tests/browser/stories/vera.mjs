// Vera, the instructor, sees how the class is doing.

/** The class report. Answers its message. */
export async function askForReport(vera, words, report) {
  const table = await vera.command(words.report);
  const text = await table.innerText();
  for (const wanted of ["Анна", "Ben", words.learners]) report.expectText(text, wanted, "the class report");
  report.expect(!/\bVera\b/.test(await table.locator("pre").innerText()), "the instructor is among the learners");
  await report.step(vera, "class report", { phone: true });
  return table;
}

export async function walkAsVera(vera, words, report, control) {
  const offered = await vera.listCommands();
  report.expect(offered.some((one) => one.includes(words.report)), `the instructor is offered only ${offered.join(", ")}`);
  await vera.clearComposer();
  const help = await vera.command(words.help);
  report.expectText(await help.innerText(), "/report class", "an instructor's help");
  await report.step(vera, "help");

  const table = await askForReport(vera, words, report);
  await vera.page.getByTestId("inspector-toggle").click();
  await vera.page.locator("[data-testid=log] li").first().waitFor();
  report.expect((await control.violations()).length === 0, "the inspector shows violations");
  await report.step(vera, "inspector");
  const bottom = await table.locator(".only-you").boundingBox();
  const composer = await vera.page.locator("#composer").boundingBox();
  report.expect(bottom.y + bottom.height <= composer.y + 1, "the inspector pushes the newest message out of sight");
}
