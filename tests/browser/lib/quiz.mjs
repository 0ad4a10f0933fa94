// Answering quizzes: buttons, menus and the form for typed answers.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const BANKS = new URL("../../../quizzes/alembic/", import.meta.url);

/** The first answer there is, and a word for a typed one. */
export const anyAnswer = () => ({ positions: [0], text: "alembic" });

/** Right answers of a bank in JSON or YAML, by what the bot sent: `choices` are the texts in the order shown. */
export function rightAnswer(bank, lang) {
  const { questions } = parse(readFileSync(new URL(bank, BANKS), "utf8"));
  return ({ description }) => {
    const question = questions.find((one) => description.startsWith(one.prompt[lang]));
    if (!question) throw new Error(`no question of ${bank} begins this: ${description}`);
    if (question.kind === "short") return { text: question.accept[0] };
    const right = question.choices.filter((one) => one.correct).map((one) => one.text[lang]);
    const shown = [...description.matchAll(/^\*\*[A-J]\.\*\* (.*)$/gm)].map((match) => match[1]);
    return { positions: shown.flatMap((text, at) => (right.includes(text) ? [at] : [])) };
  };
}

/** Which way a question is answered: "press", "select", "type", or null when the message is no question. */
async function kindOf(message) {
  for (const kind of ["press", "select", "type"]) {
    if (await message.locator(`[data-custom-id^="quiz-${kind}:"]`).count()) return kind;
  }
  return null;
}

/**
 * Answers questions until the result is there.
 * `answer({description})` says what to answer; `onQuestion(kind, message)` may look at each. Answers the result's message.
 */
export async function takeQuiz(person, first, { answer, readMessage, onQuestion = () => {} }) {
  let message = first;
  for (let question = 1; question <= 40; question += 1) {
    const kind = await kindOf(message);
    if (!kind) return message;
    await onQuestion(kind, message);
    const id = await message.getAttribute("data-message-id");
    const { description } = (await readMessage(id)).embeds[0];
    const { positions, text } = answer({ description });
    message = await give(person, message, kind, { positions, text, onForm: () => onQuestion("form", message) });
  }
  throw new Error(`${person.name}'s quiz does not end`);
}

async function give(person, message, kind, { positions, text, onForm }) {
  if (kind === "select") return person.choose(message, positions);
  if (kind === "press") {
    const buttons = message.locator('[data-custom-id^="quiz-press:"]');
    return person.settled(() => buttons.nth(positions[0]).click());
  }
  await message.locator('[data-custom-id^="quiz-type:"]').click();
  const modal = person.page.getByTestId("modal");
  await modal.waitFor();
  await onForm();
  await modal.locator("input, textarea").first().fill(text);
  const answered = await person.settled(() => modal.getByTestId("modal-submit").click());
  await modal.waitFor({ state: "detached" });
  return answered;
}
