// Walks through `docent play` in a real browser as Анна (Russian), Ben (English) and Vera, the instructor.
//
// DOCENT: the program; CHROMIUM: the browser; SCREENSHOTS: folder for pictures (default target/browser).
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, openWindow } from "./lib/browser.mjs";
import { controlOf } from "./lib/control.mjs";
import { Person } from "./lib/person.mjs";
import { freshFolder, removeFolder, startDocent } from "./lib/program.mjs";
import { Report } from "./lib/report.mjs";
import { WORDS } from "./lib/words.mjs";
import { walkAsAnna } from "./stories/anna.mjs";
import { walkAsBen } from "./stories/ben.mjs";
import { findEverythingAgain } from "./stories/return.mjs";
import { askForReport, walkAsVera } from "./stories/vera.mjs";

const LOCALES = { ru: "ru-RU", en: "en-US" };

for (const name of ["DOCENT", "CHROMIUM"]) {
  if (!process.env[name]) {
    console.error(`walk: set ${name} to the path of the program; \`just browser\` does`);
    process.exit(2);
  }
}

/** Everybody whose window is open. */
const people = [];

/** Two runs of Docent on the same data. */
async function walk(report) {
  const data = await freshFolder();
  const browser = await launch();
  try {
    const marks = await firstRun(report, browser, data);
    await secondRun(report, browser, data, marks);
  } finally {
    await browser.close();
    await removeFolder(data);
  }
}

/** Everything that people do; answers what a restart must find again. */
async function firstRun(report, browser, data) {
  return whileRunning(report, data, async (address) => {
    const control = controlOf(address);
    const arrive = arriver(browser, address);
    const anna = await arrive("anna", "ru");
    const ben = await arrive("ben", "en");
    const finish = await walkAsAnna(anna, WORDS.ru, report, control);
    await walkAsBen(ben, WORDS.en, report, { control, anna });
    await walkAsVera(await arrive("vera", "en"), WORDS.en, report, control);
    return finish();
  });
}

/** A restart on the same data: Анна looks with a phone, and Vera in Russian. */
async function secondRun(report, browser, data, marks) {
  await whileRunning(report, data, async (address) => {
    const arrive = arriver(browser, address);
    await findEverythingAgain(await arrive("anna", "ru", { phone: true }), WORDS.ru, report, marks);
    await askForReport(await arrive("vera", "ru"), WORDS.ru, report);
  });
}

/** Opens windows, which stay open while the program runs: a closed one would hide what it complained of. */
function arriver(browser, address) {
  return async (name, lang, options = {}) => {
    const person = new Person(name, lang, await openWindow(browser, address, { locale: LOCALES[lang], ...options }));
    await person.arrive();
    people.push(person);
    return person;
  };
}

/** Runs Docent while `story` lasts; it must have kept Discord's rules, and must end well. */
async function whileRunning(report, data, story) {
  const docent = await startDocent(data);
  console.log(`docent is ready: ${docent.page.split("?")[0]}`);
  try {
    const result = await story(docent.page);
    const violations = await controlOf(docent.page).violations();
    report.expect(violations.length === 0, `Discord would have refused: ${JSON.stringify(violations).slice(0, 2000)}`);
    for (const { name, window } of people) window.complaints.forEach((complaint) => report.expect(false, `${name}, in the end: ${complaint}`));
    return result;
  } catch (error) {
    for (const person of people) await report.picture(person, `failed-${person.name}`).catch(() => {});
    console.error(`docent said:\n${docent.output()}`);
    throw error;
  } finally {
    for (const { window } of people.splice(0)) await window.context.close();
    const code = await docent.stop();
    report.expect(code === 0, `docent ended with ${code} after SIGINT:\n${docent.output()}`);
  }
}

const folder = process.env.SCREENSHOTS ?? fileURLToPath(new URL("../../target/browser", import.meta.url));
const report = new Report(resolve(folder));
const began = Date.now();
try {
  await walk(report);
} catch (error) {
  console.error(error);
  report.expect(false, `the walk broke off: ${error.message}`);
}
console.log(`\n${report.steps} steps in ${Math.round((Date.now() - began) / 1000)} s; pictures in ${folder}`);
if (report.problems.length > 0) {
  console.error(`${report.problems.length} problems:\n${report.problems.map((one) => `- ${one}`).join("\n")}`);
  process.exitCode = 1;
}
