// What the sample runs are expected to be graded, by the cases they come from.
import { readFileSync, readdirSync } from "node:fs";

const ROOT = new URL("../../../", import.meta.url);
const PRACTICE = new URL("content/alembic/practice/", ROOT);

/** The samples of a practice: each with its label, the letters it may earn and the section to read first. */
export function samplesOf(practice, lang) {
  const folders = readdirSync(new URL("samples/", ROOT)).sort();
  const about = folders.map((folder) => JSON.parse(read(`samples/${folder}/sample.json`)));
  return about.filter((one) => one.practice === practice).map((one) => ({ label: one.title[lang], ...expected(one.case) }));
}

/** A model solution earns the best grade; a mistake what its case says. */
function expected(name) {
  const [practice, which] = name.split("/");
  if (which === "gold") return { letters: "S", section: "" };
  const text = readFileSync(new URL(`mutants/${practice}/${which}/mutant.toml`, PRACTICE), "utf8");
  const bands = /^bands = \[(.*)\]$/m.exec(text)[1].match(/[SABC]/g).join("");
  return { letters: bands, section: /^pointer = "(.*)"$/m.exec(text)[1] };
}

/** The title of a section of the course, by its anchor. */
export function titleOfSection(anchor, lang) {
  for (const file of readdirSync(new URL(`content/alembic/${lang}/`, ROOT))) {
    const found = new RegExp(`^#+ (.*?) \\{#${anchor}\\}$`, "m").exec(read(`content/alembic/${lang}/${file}`));
    if (found) return found[1];
  }
  throw new Error(`no section ${anchor} in ${lang}`);
}

function read(path) {
  return readFileSync(new URL(path, ROOT), "utf8");
}
