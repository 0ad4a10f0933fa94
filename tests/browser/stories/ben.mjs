// Ben does the same in English, passes his quiz, and tries what he may not.
import { until } from "../lib/control.mjs";
import { rightAnswer } from "../lib/quiz.mjs";
import { answerQuiz, askForHelp, readLesson, readModules, tickChecklist } from "./learning.mjs";
import { beRefused, copyLinks, handInSamples } from "./practice.mjs";
import { privateMessageReader } from "./reading.mjs";

export async function walkAsBen(ben, words, report, { control, anna }) {
  const readMessage = privateMessageReader(ben, control);
  const others = await ben.page.getByTestId("message").count();
  report.expect(others === 0, `Ben sees ${others} messages before he has said anything: Анна's are private`);
  await report.step(ben, "welcome", { phone: true });
  await askForHelp(ben, words, report);

  const lesson = await readLesson(ben, words, report, { typed: "AL3", title: "AL3" });
  const first = await ben.press(lesson, words.takeQuiz);
  const passed = await answerQuiz(ben, words, report, first, { answer: rightAnswer("al3.json", "en"), readMessage });
  report.expect(passed.correct === passed.total, `right answers gave ${passed.correct} of ${passed.total}`);
  report.expectText(await passed.message.innerText(), words.allRight, "a passed quiz");
  await report.step(ben, "quiz, passed", { phone: true });
  await readModules(ben, words, report, ["AL1", "AL2", "AL4", "AL5"]);
  await tickChecklist(ben, words, report);

  const linkOf = await copyLinks(ben, report);
  await beRefused(ben, words, report, linkOf("the model solution", "basic"), { title: "another's run", because: words.taken });
  await beRefused(ben, words, report, "my homework", { title: "no link", because: words.notALink });
  await handInSamples(ben, words, report, linkOf, { practice: "basic", lang: "en", taken: ["the model solution"] });
  await ben.command(words.progress);
  await report.step(ben, "progress", { phone: true });

  await refuseReport(report, control);
  await shareLesson(ben, words, report, anna);
}

/** The picker hides the class report from learners; a call past the picker is refused as well. */
async function refuseReport(report, control) {
  const { members, channels } = await control.read("state");
  const as = members.find((one) => one.user.username === "ben").user.id;
  const channel_id = channels.find((one) => one.name === "general").id;
  const call = { as, channel_id, locale: "en-US", name: "report", options: [{ type: 1, name: "class", options: [] }] };
  const { status } = await control.call("POST", "interactions/command", call);
  report.expect(status >= 400 && status < 500, `a learner's class report was answered with ${status}`);
}

/** A shared lesson is everybody's; turning its page is one's own. */
async function shareLesson(ben, words, report, anna) {
  await ben.begin(words.lesson);
  await ben.typeOption("module", "AL2");
  await ben.pickSuggestion("AL2");
  await ben.focusOption("share");
  await ben.pickSuggestion(words.optionYes);
  const shared = await ben.send();
  report.expect(!(await shared.getAttribute("class")).includes("ephemeral"), "a shared lesson is private");
  await report.step(ben, "a shared lesson");
  const theirs = anna.message(await shared.getAttribute("data-message-id"));
  await until("Анна sees the shared lesson", () => theirs.isVisible());
  await report.step(anna, "a shared lesson");
  const text = await shared.locator(".embed-text").innerText();
  const own = await anna.press(theirs, words.next);
  report.expectText(await own.getAttribute("class"), "ephemeral", "turning a page of somebody's shared lesson is private");
  await report.step(anna, "a page of a shared lesson");
  report.expect(await shared.locator(".embed-text").innerText() === text, "Анна turned the page of Ben's message");
}
