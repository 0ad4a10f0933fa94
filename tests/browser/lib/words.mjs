// What people type and expect to read, in both languages.

export const WORDS = {
  ru: {
    help: "помощь", lesson: "урок", quiz: "квиз", checklist: "чек-лист", submit: "сдать", progress: "прогресс", report: "отчёт класс",
    helpLine: "/урок открывает модуль", page: /страница (\d+) из (\d+)/, next: "Дальше", takeQuiz: "Пройти квиз", again: "Пройти ещё раз",
    result: /верно (\d+) из (\d+)/, passed: "Сдано", notPassed: "Пока не сдано", allRight: "Все ответы верны",
    ticked: (done, total) => `Отмечено: ${done} из ${total}`,
    everythingFine: "Всё в порядке", cost: "Исправьте, дождитесь CI", goesOn: "ещё идёт", repeated: "вы уже сдавали",
    taken: "уже сдал другой участник", notALink: "Это не ссылка на запуск CI", onlyYou: "Это видно только вам", learners: /\d+ участник/,
    nextStep: "Дальше:", optionYes: "Да", waiting: "запуск CI ещё идёт",
  },
  en: {
    help: "help", lesson: "lesson", quiz: "quiz", checklist: "checklist", submit: "submit", progress: "progress", report: "report class",
    helpLine: "/lesson opens a module", page: /page (\d+) of (\d+)/, next: "Next", takeQuiz: "Take the quiz", again: "Take it again",
    result: /(\d+) of (\d+) right/, passed: "Passed", notPassed: "Not passed yet", allRight: "Every answer is right",
    ticked: (done, total) => `Done: ${done} of ${total}`,
    everythingFine: "Everything is in order", cost: "Push a fix, wait for CI", goesOn: "still going", repeated: "handed in this run before",
    taken: "handed in by another member", notALink: "not a link to a CI run", onlyYou: "Only you can see this", learners: /\d+ learners?:/,
    nextStep: "Next:", optionYes: "True", waiting: "CI run is still going",
  },
};
