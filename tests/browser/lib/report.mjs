// The record of a walk: steps with pictures, and what was wrong. A walk goes on after a complaint, so that one run
// tells all of them.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DESKTOP, PHONE } from "./browser.mjs";
import { findLanguageProblems, findLayoutProblems, readPrivateMessages } from "./checks.mjs";

export class Report {
  problems = [];
  #pictures = 0;
  #folder;

  constructor(folder) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    // Pictures of an earlier walk would pass for this one's.
    const old = readdirSync(folder).filter((name) => /^(\d+|failed)-.*\.png$/.test(name));
    for (const name of old) rmSync(join(folder, name));
  }

  get steps() {
    return this.#pictures;
  }

  /** Notes a problem when `holds` is false. */
  expect(holds, sentence) {
    if (!holds) this.#note(sentence);
  }

  /** Notes a problem unless `text` contains (or matches) `wanted`. */
  expectText(text, wanted, where) {
    const found = wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted);
    this.expect(found, `${where}: expected ${wanted} in: ${text.replace(/\s+/g, " ").slice(0, 300)}`);
  }

  /** Looks at the person's screen in the window's own size, and in a phone's when asked; takes pictures. */
  async step(person, title, { phone = false } = {}) {
    console.log(`- ${person.name}: ${title}`);
    this.#pictures += 1;
    const name = `${String(this.#pictures).padStart(2, "0")}-${person.name}-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    await this.#look(person, title, name);
    if (phone) {
      await person.page.setViewportSize(PHONE);
      await this.#look(person, `${title} (phone)`, `${name}-phone`);
      await person.page.setViewportSize(DESKTOP);
    }
    const language = findLanguageProblems(await person.page.evaluate(readPrivateMessages), person.lang);
    const heard = person.window.complaints.splice(0);
    for (const problem of [...language, ...heard]) this.#note(`${person.name}, ${title}: ${problem}`);
  }

  async #look(person, title, name) {
    // Two frames: one for the layout, one for observers that answer to it.
    await person.page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    await this.picture(person, name);
    for (const problem of await person.page.evaluate(findLayoutProblems)) this.#note(`${person.name}, ${title}: ${problem}`);
  }

  picture(person, name) {
    return person.page.screenshot({ path: join(this.#folder, `${name}.png`) });
  }

  #note(sentence) {
    if (this.problems.includes(sentence)) return;
    console.log(`  PROBLEM: ${sentence}`);
    this.problems.push(sentence);
  }
}
