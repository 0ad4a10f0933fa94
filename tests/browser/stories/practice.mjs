// Handing in runs, and the grades that come back.
import { until } from "../lib/control.mjs";
import { titleOf } from "../lib/person.mjs";
import { samplesOf, titleOfSection } from "../lib/samples.mjs";
import { openSection } from "./learning.mjs";

const RUNNING = 180_000; // ms within which the run that is still going must have been graded

/** Reads #ci-runs, comes back to #general, and answers a function that gives the link of a sample by its label. */
export async function copyLinks(person, report) {
  await person.openChannel("ci-runs");
  const message = person.page.getByTestId("message").first();
  await message.waitFor();
  await report.step(person, "sample runs", { phone: true });
  // A line says what the run shows, the next one is its link.
  const lines = (await message.locator(".content").innerText()).split("\n").map((line) => line.trim()).filter(Boolean);
  await person.openChannel("general");
  return (label, practice = "") => {
    const at = lines.findIndex((line) => line.includes(label) && line.includes(practice.toUpperCase()));
    const link = lines[at + 1];
    if (!link?.startsWith("https://")) throw new Error(`#ci-runs has no link for "${label}"`);
    return link;
  };
}

export async function handIn(person, words, link) {
  await person.begin(words.submit);
  await person.pasteOption("link", link);
  return person.send();
}

/** Hands in a run and checks the grade's letter. Answers its message. */
export async function beGraded(person, words, report, link, { title, grade }) {
  const message = await handIn(person, words, link);
  const heading = await titleOf(message);
  report.expectText(heading, new RegExp(`: ${grade} · \\d+\\s?%$`), title);
  const text = await message.innerText();
  report.expectText(text, grade === "S" ? words.everythingFine : words.cost, title);
  await report.step(person, title, { phone: true });
  return message;
}

/** Hands in every sample run of a practice that nobody has taken: each has its letter, and its first section opens. */
export async function handInSamples(person, words, report, linkOf, { practice, lang, taken = [] }) {
  const samples = samplesOf(practice, lang).filter(({ label }) => !taken.includes(label));
  for (const { label, letters, section } of samples) {
    const message = await beGraded(person, words, report, linkOf(label, practice), { title: `${practice}: ${label}`, grade: letters.length > 1 ? `[${letters}]` : letters });
    report.expectText(await titleOf(message), practice.toUpperCase(), `${practice}: ${label}: the practice`);
    if (section) await openSection(person, words, report, message, `${practice}: ${label}`, titleOfSection(section, lang));
  }
}

/** Hands in what is refused. */
export async function beRefused(person, words, report, link, { title, because }) {
  const message = await handIn(person, words, link);
  report.expectText(await message.innerText(), because, title);
  await report.step(person, title);
}

/** Hands in the run that is still going; answers a function that waits for its grade. */
export async function handInRunning(person, words, report, link) {
  const before = await person.page.getByTestId("message").count();
  const message = await handIn(person, words, link);
  report.expectText(await message.innerText(), words.goesOn, "a run that is still going");
  await report.step(person, "a run still going");
  const known = new Set(await person.page.getByTestId("message").evaluateAll((list) => list.map((one) => one.dataset.messageId)));
  report.expect(known.size > before, "the waiting answer is no message of its own");
  return async () => {
    const grade = person.page.locator(".message:has(.embed-footer)", { hasText: "7000000900" }).last();
    await until("the grade of the run that was still going", () => grade.isVisible(), RUNNING);
    report.expectText(await titleOf(grade), / S · \d+\s?%$/, "the grade that came later");
    report.expect(!known.has(await grade.getAttribute("data-message-id")), "the grade that came later overwrote an older message");
    await grade.scrollIntoViewIfNeeded();
    await report.step(person, "the grade that came later");
  };
}
