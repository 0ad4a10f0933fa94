// Reading, being asked and ticking: what a learner does before a practice.
import { titleOf } from "../lib/person.mjs";
import { takeQuiz } from "../lib/quiz.mjs";

/** `/help`, and the commands that a learner is offered. */
export async function askForHelp(person, words, report) {
  const offered = await person.listCommands();
  report.expect(offered.length >= 6, `${person.name} is offered only ${offered.join(", ")}`);
  report.expect(!offered.some((one) => one.includes(words.report)), `${person.name}, a learner, is offered /${words.report}`);
  await report.step(person, "commands", { phone: true });
  await person.clearComposer();
  const reply = await person.command(words.help);
  report.expectText(await reply.innerText(), words.helpLine, "help");
  report.expectText(await reply.innerText(), words.onlyYou, "help is private");
  await report.step(person, "help", { phone: true });
}

/** A lesson chosen from suggestions and read to its last page. Answers its message. */
export async function readLesson(person, words, report, { typed, title }) {
  await person.begin(words.lesson);
  const suggestions = await person.typeOption("module", typed);
  report.expect(suggestions.some((one) => one.includes(title)), `suggestions for ${typed} lack ${title}: ${suggestions.join(", ")}`);
  await report.step(person, "suggestions", { phone: true });
  await person.pickSuggestion(title);
  const lesson = await person.send();
  await report.step(person, "lesson, first page", { phone: true });
  await turnPages(person, words, report, lesson);
  await report.step(person, "lesson, last page", { phone: true });
  return lesson;
}

/** The other modules, each read to its last page. */
export async function readModules(person, words, report, codes) {
  for (const code of codes) {
    await person.begin(words.lesson);
    await person.typeOption("module", code);
    await person.pickSuggestion(code);
    const lesson = await person.send();
    await report.step(person, `lesson ${code}, first page`);
    await turnPages(person, words, report, lesson);
    await report.step(person, `lesson ${code}, last page`, { phone: true });
  }
}

/** Begins the quiz of a module and answers its first question. */
export async function beginQuiz(person, words, code) {
  await person.begin(words.quiz);
  await person.typeOption("topic", code);
  await person.pickSuggestion(code);
  return person.send();
}

async function turnPages(person, words, report, lesson) {
  const seen = new Set();
  for (;;) {
    const [, page, pages] = words.page.exec(await lesson.locator(".embed-footer").innerText()) ?? [];
    const text = await lesson.locator(".embed-text").innerText();
    report.expect(Number(page) === seen.size + 1, `page ${page} of ${pages} came after ${seen.size} pages`);
    report.expect(!seen.has(text), `page ${page} of ${pages} repeats another`);
    seen.add(text);
    const next = lesson.locator(".button", { hasText: words.next });
    if (page === pages) {
      report.expect(await next.isDisabled(), "the last page can be turned");
      report.expect(seen.size > 1, "the lesson has only one page");
      return;
    }
    await person.press(lesson, words.next);
    if (seen.size === 1) await report.step(person, "lesson, second page");
  }
}

/** Goes to a section by the lesson's menu. */
export async function jumpInLesson(person, words, report, lesson) {
  await person.openMenu(lesson);
  await report.step(person, "lesson, menu of sections", { phone: true });
  await person.page.keyboard.press("Escape");
  const before = await titleOf(lesson);
  await person.choose(lesson, [1]);
  report.expect(await titleOf(lesson) !== before, "the menu of sections leads nowhere");
  await report.step(person, "lesson, a section from the menu");
}

/** Answers a quiz and checks its result. `first` is its first question. Answers {message, correct, total}. */
export async function answerQuiz(person, words, report, first, { answer, readMessage, seen = new Set() }) {
  const onQuestion = async (kind) => {
    if (seen.has(kind)) return;
    seen.add(kind);
    await report.step(person, `quiz, ${kind}`, { phone: true });
  };
  const message = await takeQuiz(person, first, { answer, readMessage, onQuestion });
  const title = await titleOf(message);
  const [, correct, total] = (words.result.exec(title) ?? []).map(Number);
  report.expect(total >= 10 && total <= 20, `a quiz of ${total} questions: ${title}`);
  report.expectText(title, correct / total >= 0.8 ? words.passed : words.notPassed, "the result's title");
  return { message, correct, total };
}

/** Quizzes with any answers until every kind of question was met. */
export async function failQuizzes(person, words, report, first, options) {
  const seen = new Set();
  let message = first;
  for (let quiz = 1; quiz <= 8; quiz += 1) {
    const result = await answerQuiz(person, words, report, message, { ...options, seen });
    if (quiz === 1) await report.step(person, "quiz, result", { phone: true });
    if (["press", "select", "type"].every((kind) => seen.has(kind))) return result;
    message = await person.press(result.message, words.again);
  }
  throw new Error(`eight quizzes had only these kinds of questions: ${[...seen].join(", ")}`);
}

/** Opens the first section of a message's menu, which is the `expected` one when that is given. */
export async function openSection(person, words, report, message, title, expected) {
  const options = await person.openMenu(message);
  const section = (await options.locator("[role=option] .option-text > span").first().innerText()).trim();
  await report.step(person, `${title}, menu of sections`);
  await person.page.keyboard.press("Escape");
  if (expected) report.expectText(section, expected, `${title}: the first section to read again`);
  const lesson = await person.choose(message, [0]);
  report.expectText(await titleOf(lesson), section, "the section from the menu");
  report.expectText(await lesson.innerText(), words.page, "the section from the menu is a lesson's page");
  await report.step(person, `${title}, the section`, { phone: true });
}

/** Ticks every item but the last, the first of them twice too often. Answers how many are ticked, of how many. */
export async function tickChecklist(person, words, report) {
  const list = await person.command(words.checklist);
  const items = list.locator('[data-custom-id^="tick:"]');
  const total = await items.count();
  report.expectText(await list.innerText(), words.ticked(0, total), "a fresh checklist");
  const press = (at) => person.settled(() => items.nth(at).click());
  for (let at = 0; at < total - 1; at += 1) {
    await press(at);
    report.expectText(await list.innerText(), words.ticked(at + 1, total), "the checklist after a tick");
  }
  await press(0);
  report.expectText(await list.innerText(), words.ticked(total - 2, total), "the checklist after taking a tick back");
  await press(0);
  await report.step(person, "checklist", { phone: true });
  return { done: total - 1, total };
}
