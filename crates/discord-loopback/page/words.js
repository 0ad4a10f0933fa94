// The page's own words in both languages. What the bot says is not here: it arrives already in the person's language.

const EN = {
  servers: "Servers", channels: "Channels", account: "Who you are", you_are: "You are", language: "Language",
  menu: "Channels and people", members: "Member list", messages: "Messages", close: "Close", loading: "Loading…",
  text_channels: "Text channels", direct: "Direct messages", people: "People", apps: "Apps", online: "Online", offline: "Offline",
  instructor: "Instructor", learner: "Learner", app_badge: "APP", act_as: "Act as {name}",
  jump: "New messages ↓", lost: "Connection lost. Reconnecting…", unread: "unread",
  welcome: "Welcome to {name}!", welcome_text: "This is the beginning of {name}.", empty: "No messages yet.",
  hint_title: "Three things to try", hint_slash: "Type / to see what the bot can do",
  hint_person: "Switch who you are: learners and the instructor see different things",
  hint_language: "Switch the language: the bot answers in yours",
  posts: { one: "{n} post", other: "{n} posts" }, no_posts: "There are no posts here yet.",
  replies: { one: "{n} message", other: "{n} messages" }, back_to: "Back to {name}",
  used: "used", edited: "(edited)", thinking: "{name} is thinking…", sending: "Sending command…",
  only_you: "Only you can see this", dismiss: "Dismiss message", spoiler: "Spoiler: press to reveal",
  no_answer: "The application did not respond", bot_offline: "The application did not respond: the bot is offline",
  expired: "This interaction has expired", failed: "This interaction failed",
  select: "Make a selection", selected: "{n} selected", choose_range: "Choose {min} to {max}", choose_exact: "Choose {n}", done: "Done",
  nothing_found: "Nothing found", unsupported: "This part is not shown here (type {type})", outside_image: "Image outside this page", picture: "Image",
  unknown_user: "unknown-user", unknown_channel: "unknown", unknown_role: "unknown-role", today: "Today at {time}", yesterday: "Yesterday at {time}",
  write_to: "Message {name}", send: "Send", picker_title: "Commands", picker_empty: "No such command. Enter sends the text as a message.",
  options: "Options", optional: "optional", required: "required", add_option: { one: "+{n} optional", other: "+{n} optional" },
  cancel_command: "Cancel the command", remove_option: "Remove {name}",
  need_option: "Fill in “{name}”: it is required.", need_choice: "Choose one of the listed values for “{name}”.",
  need_integer: "“{name}” must be a whole number.", need_number: "“{name}” must be a number.",
  need_range: "“{name}” must be from {min} to {max}.", need_length: "“{name}” must be from {min} to {max} characters long.",
  no_files: "“{name}” takes a file, and this page cannot send files.", no_autocomplete: "Loading options failed.",
  yes: "True", no: "False", any: "any", copy: "Copy", copied: "Copied",
  submit: "Submit", cancel: "Cancel", field_required: "This field is required.", field_short: "At least {n} characters.", field_long: "At most {n} characters.",
  inspector: "Inspector", clock: "Clock", plus_1: "+1 min", plus_15: "+15 min", log_empty: "Nothing has happened yet.",
  violations: { one: "{n} request that Discord would refuse", other: "{n} requests that Discord would refuse" },
  start_failed: "Could not load the page: {error}",
};

const RU = {
  servers: "Серверы", channels: "Каналы", account: "Кто вы", you_are: "Вы сейчас", language: "Язык",
  menu: "Каналы и участники", members: "Список участников", messages: "Сообщения", close: "Закрыть", loading: "Загрузка…",
  text_channels: "Текстовые каналы", direct: "Личные сообщения", people: "Люди", apps: "Приложения", online: "В сети", offline: "Не в сети",
  instructor: "Преподаватель", learner: "Участник", app_badge: "ПРИЛОЖЕНИЕ", act_as: "Действовать от имени: {name}",
  jump: "Новые сообщения ↓", lost: "Связь потеряна. Подключаемся снова…", unread: "есть непрочитанное",
  welcome: "Добро пожаловать в {name}!", welcome_text: "Это начало канала {name}.", empty: "Сообщений пока нет.",
  hint_title: "Что попробовать", hint_slash: "Введите /, чтобы увидеть, что умеет бот",
  hint_person: "Смените участника: студенты и преподаватель видят разное",
  hint_language: "Смените язык: бот ответит на нём",
  posts: { one: "{n} публикация", few: "{n} публикации", many: "{n} публикаций", other: "{n} публикации" }, no_posts: "Публикаций пока нет.",
  replies: { one: "{n} сообщение", few: "{n} сообщения", many: "{n} сообщений", other: "{n} сообщения" }, back_to: "Назад: {name}",
  used: "использует", edited: "(изменено)", thinking: "{name} думает…", sending: "Отправляем команду…",
  only_you: "Это видно только вам", dismiss: "Скрыть сообщение", spoiler: "Спойлер: нажмите, чтобы открыть",
  no_answer: "Приложение не отвечает", bot_offline: "Приложение не отвечает: бот не в сети",
  expired: "Время этого взаимодействия истекло", failed: "Не удалось выполнить действие",
  select: "Выберите", selected: "Выбрано: {n}", choose_range: "Выберите от {min} до {max}", choose_exact: "Выберите {n}", done: "Готово",
  nothing_found: "Ничего не найдено", unsupported: "Эта часть здесь не показана (тип {type})", outside_image: "Изображение вне этой страницы", picture: "Изображение",
  unknown_user: "неизвестный-участник", unknown_channel: "неизвестно", unknown_role: "неизвестная-роль", today: "Сегодня в {time}", yesterday: "Вчера в {time}",
  write_to: "Написать {name}", send: "Отправить", picker_title: "Команды", picker_empty: "Такой команды нет. Enter отправит текст как сообщение.",
  options: "Параметры", optional: "необязательно", required: "обязательно",
  add_option: { one: "+{n} параметр", few: "+{n} параметра", many: "+{n} параметров", other: "+{n} параметра" },
  cancel_command: "Отменить команду", remove_option: "Убрать {name}",
  need_option: "Заполните «{name}»: это обязательный параметр.", need_choice: "Выберите для «{name}» одно из предложенных значений.",
  need_integer: "«{name}» — это целое число.", need_number: "«{name}» — это число.",
  need_range: "«{name}» — число от {min} до {max}.", need_length: "Длина «{name}» — от {min} до {max} знаков.",
  no_files: "«{name}» принимает файл, а эта страница файлы не отправляет.", no_autocomplete: "Не удалось загрузить варианты.",
  yes: "Да", no: "Нет", any: "любое", copy: "Копировать", copied: "Скопировано",
  submit: "Отправить", cancel: "Отмена", field_required: "Это поле обязательно.", field_short: "Не меньше {n} знаков.", field_long: "Не больше {n} знаков.",
  inspector: "Инспектор", clock: "Часы", plus_1: "+1 мин", plus_15: "+15 мин", log_empty: "Пока ничего не произошло.",
  violations: {
    one: "{n} запрос, который Discord отклонил бы", few: "{n} запроса, которые Discord отклонил бы",
    many: "{n} запросов, которые Discord отклонил бы", other: "{n} запроса, которые Discord отклонил бы",
  },
  start_failed: "Не удалось загрузить страницу: {error}",
};

const LANGUAGES = { en: EN, ru: RU };
let current = "en";

export const lang = () => current;
/** The name by which Discord knows the chosen language. */
export const locale = () => (current === "ru" ? "ru" : "en-US");

/** Chooses the language and rewrites every element that `index.html` marked with `data-word`. */
export function setLanguage(code) {
  current = code in LANGUAGES ? code : "en";
  document.documentElement.lang = current;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const node of document.querySelectorAll("[data-word-label]")) {
    node.setAttribute("aria-label", t(node.dataset.wordLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.wordLabel);
  }
}

/** The word for `key`, with `{name}` filled from `values`; a number `n` picks the plural form. */
export function t(key, values = {}) {
  let word = LANGUAGES[current][key] ?? EN[key] ?? key;
  if (typeof word === "object") word = word[new Intl.PluralRules(current).select(values.n)] ?? word.other;
  return word.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A Discord object's name or description in the chosen language. */
export function localized(object, field = "name") {
  return object[`${field}_localizations`]?.[locale()] || object[field] || "";
}

const dateFormat = (options) => new Intl.DateTimeFormat(current === "ru" ? "ru" : "en-GB", options);
const DAY = 86_400_000;
const UNITS = [["year", 365 * DAY], ["month", 30 * DAY], ["week", 7 * DAY], ["day", DAY], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];

/** "in 3 days", "5 минут назад". */
export function relativeTime(then, now) {
  const distance = then - now;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1000];
  return new Intl.RelativeTimeFormat(current, { numeric: "auto" }).format(Math.round(distance / size), unit);
}

const STAMPS = {
  t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" }, S: { dateStyle: "short", timeStyle: "medium" },
};

/** Discord's `<t:…:style>` in the reader's language and time zone. */
export const stampTime = (time, style) => dateFormat(STAMPS[style] ?? STAMPS.f).format(time);
export const clockTime = (time) => dateFormat({ timeStyle: "short" }).format(time);
export const dayName = (time) => dateFormat({ dateStyle: "long" }).format(time);

/** The time beside an author's name: today and yesterday by word, older days by date. */
export function messageTime(time, now) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(time).setHours(0, 0, 0, 0)) / DAY);
  if (days === 0) return t("today", { time: clockTime(time) });
  if (days === 1) return t("yesterday", { time: clockTime(time) });
  return stampTime(time, "s");
}
