// What must hold on every screen: nothing sticks out, overlaps or is cut, and everybody reads their own language.
import { readFileSync } from "node:fs";

const LOCALES = new URL("../../../src/text/locales/", import.meta.url);
/** People's names stay as they are in any language. */
const NAMES = ["Анна"];

/** Problems of the layout as sentences. Runs in the page. */
export function findLayoutProblems() {
  const problems = [];
  const width = window.innerWidth;
  const name = (node) => `<${node.tagName.toLowerCase()}${node.className ? ` class="${node.className}"` : ""}> "${(node.textContent ?? "").trim().slice(0, 40)}"`;
  const isShown = (node) => node.checkVisibility() && node.getClientRects().length > 0;
  const scrolls = (node) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX);

  if (document.documentElement.scrollWidth > width) problems.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);
  const scroller = document.getElementById("scroller");
  if (scroller.scrollWidth > scroller.clientWidth) problems.push(`the conversation is ${scroller.scrollWidth} wide in ${scroller.clientWidth}`);

  /** Code blocks may be scrolled sideways; nothing else may. */
  const insideCode = (node) => Boolean(node.closest("pre"));
  for (const node of document.querySelectorAll(".main *, dialog, dialog *")) {
    if (!isShown(node) || insideCode(node) || node.closest("svg, .visually-hidden")) continue;
    const box = node.getBoundingClientRect();
    if (box.width > 0 && (box.right > width + 1 || box.left < -1)) problems.push(`${name(node)} sticks out: ${Math.round(box.left)} to ${Math.round(box.right)} of ${width}`);
  }

  const texts = "#messages :is(.button, .embed-title, dt, dd, .embed-footer, .only-you, .used, .content, .message-head), .me-text *, .members *, .panel-row *";
  for (const node of document.querySelectorAll(texts)) {
    if (isShown(node) && scrolls(node) && node.scrollWidth > node.clientWidth + 1) problems.push(`${name(node)} is cut`);
  }

  // What opens over the conversation by somebody's wish may cover it; nothing else may.
  const isOver = (node) => Boolean(node?.closest(":popover-open, dialog, .panel, .side, #shade, .jump, .inspector"));
  const view = scroller.getBoundingClientRect();
  for (const node of document.querySelectorAll("#messages :is(.button, .select, .embed-title, .only-you, .author)")) {
    const box = node.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (!isShown(node) || y < view.top + 1 || y > view.bottom - 1) continue;
    const top = document.elementFromPoint(x, y);
    if (top && !node.contains(top) && !top.contains(node) && !isOver(top)) problems.push(`${name(node)} is covered by ${name(top)}`);
  }

  const overlaps = (one, other) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  };
  const groups = [document.getElementById("messages"), ...document.querySelectorAll("#messages :is(.message, .row, .body, .components, .action-row, .embed, .embed-text, .fields)")];
  for (const group of groups) {
    const children = [...group.children].filter(isShown);
    children.forEach((one, at) => {
      for (const other of children.slice(at + 1)) if (overlaps(one, other)) problems.push(`${name(one)} overlaps ${name(other)}`);
    });
  }
  return problems;
}

/** Plain sentences of the English texts, by which a Russian screen gives itself away. */
const ENGLISH = ["common", "course", "practice"]
  .flatMap((file) => readFileSync(new URL(`en/${file}.ftl`, LOCALES), "utf8").split("\n"))
  .map((line) => /^[a-z-]+ = ([^{}]{12,})$/.exec(line)?.[1].replaceAll("`", ""))
  .filter(Boolean);

const hasCyrillic = (text) => /[а-яё]/i.test(text);
const excerpt = (text) => text.replace(/\s+/g, " ").slice(0, 120);

/** What private messages say, piece by piece. Runs in the page. */
export function readPrivateMessages() {
  const list = [...document.querySelectorAll("#messages > .message.ephemeral")];
  const all = (node, selector) => [...node.querySelectorAll(selector)].map((one) => one.innerText.trim()).filter(Boolean);
  return list.map((node) => ({
    text: node.innerText,
    hasMark: Boolean(node.querySelector(".only-you")),
    labels: [...all(node, ".button"), ...all(node, ".select-text.placeholder"), ...all(node, ".embed-footer"), ...all(node, "dt"), ...all(node, ".only-you")],
  }));
}

/** Problems of private messages' language, as sentences. */
export function findLanguageProblems(messages, lang) {
  const unmarked = messages.filter((one) => !one.hasMark).map((one) => `a private message is not marked as such: ${excerpt(one.text)}`);
  return [...unmarked, ...messages.flatMap(lang === "ru" ? problemsOfRussian : problemsOfEnglish)];
}

function problemsOfEnglish({ text }) {
  const own = NAMES.reduce((rest, name) => rest.replaceAll(name, ""), text);
  const at = own.search(/[а-яё]/i);
  return at < 0 ? [] : [`Cyrillic in an English message: …${excerpt(own.slice(Math.max(0, at - 30), at + 60))}…`];
}

function problemsOfRussian({ text, labels }) {
  const foreign = ENGLISH.filter((sentence) => text.includes(sentence)).map((sentence) => `English in a Russian message: ${sentence}`);
  // Choices of a question are letters; failures are headed by their number and the name of a tool, which has no Russian.
  const isName = (label) => label.length === 1 || /^\d+\. [\w-]+$/.test(label);
  const bare = labels.filter((label) => !isName(label) && !hasCyrillic(label)).map((label) => `no Russian in a label: ${excerpt(label)}`);
  return hasCyrillic(text) ? [...foreign, ...bare] : [`no Russian in a message: ${excerpt(text)}`, ...foreign, ...bare];
}
