// Анна reads, answers, ticks and hands in, all in Russian.
import { titleOf } from "../lib/person.mjs";
import { anyAnswer, rightAnswer } from "../lib/quiz.mjs";
import { answerQuiz, askForHelp, beginQuiz, failQuizzes, jumpInLesson, openSection, readLesson, readModules, tickChecklist } from "./learning.mjs";
import { beGraded, beRefused, copyLinks, handInRunning, handInSamples } from "./practice.mjs";
import { privateMessageReader } from "./reading.mjs";

/** Answers a function that waits for the grade still to come and answers what a restart must find again. */
export async function walkAsAnna(anna, words, report, control) {
  const readMessage = privateMessageReader(anna, control);
  await report.step(anna, "welcome", { phone: true });
  await askForHelp(anna, words, report);

  const lesson = await readLesson(anna, words, report, { typed: "al", title: "AL1" });
  await jumpInLesson(anna, words, report, lesson);
  const first = await anna.press(lesson, words.takeQuiz);
  const failed = await failQuizzes(anna, words, report, first, { answer: anyAnswer, readMessage });
  await openSection(anna, words, report, failed.message, "quiz");
  await resumeQuiz(anna, words, report, { readMessage });
  await readModules(anna, words, report, ["AL2", "AL3", "AL4", "AL5"]);
  await answerQuiz(anna, words, report, await beginQuiz(anna, words, "AL1"), { answer: rightAnswer("al1.yaml", "ru"), readMessage });
  await answerQuiz(anna, words, report, await beginQuiz(anna, words, "AL3"), { answer: anyAnswer, readMessage });
  const ticks = await tickChecklist(anna, words, report);

  const linkOf = await copyLinks(anna, report);
  const waitForGrade = await handInRunning(anna, words, report, linkOf("ещё идёт"));
  const perfect = await beGraded(anna, words, report, linkOf("образцовое решение", "basic"), { title: "a perfect run", grade: "S" });
  const practice = (await titleOf(perfect)).split(":")[0];
  await beRefused(anna, words, report, linkOf("образцовое решение", "basic"), { title: "the same run again", because: words.repeated });
  await handInSamples(anna, words, report, linkOf, { practice: "advanced", lang: "ru" });

  const progress = async () => {
    const reply = await anna.command(words.progress);
    return reply.locator(".embed").innerText();
  };
  report.expectText(await progress(), words.waiting, "progress while a run is going on");
  const finish = async () => {
    await waitForGrade();
    const all = await progress();
    report.expectText(all, words.nextStep, "progress");
    await report.step(anna, "progress", { phone: true });
    return { ticks, practice, progress: all };
  };
  return finish;
}

/** A quiz that was left goes on at the same question. */
async function resumeQuiz(anna, words, report, { readMessage }) {
  const ask = async () => {
    await anna.begin(words.quiz);
    await anna.typeOption("topic", "AL2");
    await anna.pickSuggestion("AL2");
    return anna.send();
  };
  const first = await ask();
  const question = await first.locator(".embed-text").innerText();
  const again = await ask();
  report.expect(await again.locator(".embed-text").innerText() === question, "a quiz that was left goes on with another question");
  await report.step(anna, "quiz, taken up again");
  const { message } = await answerQuiz(anna, words, report, again, { answer: anyAnswer, readMessage, seen: new Set(["press", "select", "type", "form"]) });
  report.expect(await message.isVisible(), "the result of the quiz that was taken up again is not shown");
}
