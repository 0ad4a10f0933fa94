// The columns around the conversation: channels, people to be, members, forum posts, the inspector with its clock.
import { api, avatar, byId, compareIds, cssColor, h, icon, reconcile } from "./kit.js";
import { lang, relativeTime, stampTime, t } from "./words.js";

export const KIND = { TEXT: 0, DM: 1, CATEGORY: 4, NEWS: 5, THREADS: [10, 11, 12], FORUM: 15 };

const inOrder = (a, b) => (a.position ?? 0) - (b.position ?? 0) || compareIds(a.id, b.id);
const isThread = (channel) => KIND.THREADS.includes(channel.type);

export function channelIcon(channel) {
  if (channel.type === KIND.FORUM) return icon("forum");
  if (channel.type === KIND.DM) return icon("at");
  return icon(isThread(channel) ? "thread" : "hash");
}

/** A direct message is named by the other side. */
export const channelName = (channel) => channel.name || (channel.recipients ?? []).map((one) => one.global_name || one.username).join(", ") || channel.id;

/** The channel list: plain channels, then each category with its own, then direct messages. */
export function drawChannels(view) {
  const { channels } = view.world;
  const heading = (id, text) => ({ key: `title-${id}`, version: text, make: () => h("h2", { class: "channel-group" }, text) });
  const own = channels.filter((one) => one.type !== KIND.CATEGORY && one.type !== KIND.DM).sort(inOrder);
  const categories = channels.filter((one) => one.type === KIND.CATEGORY).sort(inOrder);
  const inGroup = (id) => own.filter((one) => (categories.some((group) => group.id === one.parent_id) ? one.parent_id : null) === id);
  const direct = channels.filter((one) => one.type === KIND.DM);
  const rows = (list) => list.flatMap((one) => channelRows(one, view));
  const entries = [
    ...(categories.length ? [] : [heading("text", t("text_channels"))]), ...rows(inGroup(null)),
    ...categories.flatMap((one) => [heading(one.id, one.name), ...rows(inGroup(one.id))]),
    ...(direct.length ? [heading("dm", t("direct")), ...rows(direct)] : []),
  ];
  reconcile(byId("channels"), entries);
}

/** A channel and its threads. A forum may hold hundreds of posts: only the open and the unread ones are listed. */
function channelRows(channel, view) {
  const threads = view.world.threads.filter((one) => one.parent_id === channel.id).sort((a, b) => compareIds(a.id, b.id));
  const shown = channel.type === KIND.FORUM ? threads.filter((one) => one.id === view.channelId || view.unread.has(one.id)) : threads;
  return [channel, ...shown].map((one) => channelRow(one, view));
}

function channelRow(channel, view) {
  const unread = view.unread.get(channel.id);
  const current = channel.id === view.channelId;
  const classes = ["channel", current && "current", unread && "unread", isThread(channel) && "thread"].filter(Boolean).join(" ");
  const make = () => h("button", {
    type: "button", class: classes, "data-testid": `channel-${channelName(channel)}`, "aria-current": current ? "page" : null, onclick: () => view.openChannel(channel.id),
  }, channelIcon(channel), h("span", { class: "channel-name" }, channelName(channel)),
    unread ? h("span", { class: "visually-hidden" }, ` (${t("unread")})`) : null, unread?.mentions ? h("span", { class: "count" }, String(unread.mentions)) : null);
  return { key: channel.id, version: `${classes}|${channelName(channel)}|${unread?.mentions ?? 0}|${lang()}`, make };
}

/** The line above the conversation; a thread names the channel it belongs to. */
export function drawTopbar(channel, parent, view) {
  const up = parent && parent.type !== KIND.CATEGORY ? h("button", {
    type: "button", class: "crumb", "aria-label": t("back_to", { name: parent.name }), "data-testid": "back", onclick: () => view.openChannel(parent.id),
  }, channelIcon(parent), h("span", {}, parent.name), h("span", { "aria-hidden": "true" }, "›")) : null;
  byId("channel-title").replaceChildren(...[up, channelIcon(channel), h("span", { class: "channel-name" }, channelName(channel))].filter(Boolean));
  byId("channel-topic").textContent = channel.topic ?? "";
  byId("channel-topic").title = channel.topic ?? "";
  document.title = `${view.unread.size ? `(${view.unread.size}) ` : ""}${channelName(channel)} | ${view.world.guild.name}`;
}

/** What stands above a channel's first message, with hints while there is none. */
export function drawIntro(channel, log, view) {
  const intro = byId("intro");
  const empty = log.loaded && log.list.length === 0 && log.locals.length === 0;
  intro.hidden = channel.type === KIND.FORUM || !log.loaded || log.hasMore;
  const name = channel.type === KIND.TEXT ? `#${channelName(channel)}` : channelName(channel);
  const title = isThread(channel) ? name : t("welcome", { name });
  intro.replaceChildren(h("span", { class: "intro-icon" }, channelIcon(channel)), h("p", { class: "intro-title" }, title),
    h("p", {}, channel.topic || t("welcome_text", { name })), empty ? hintCard(view) : "");
}

/** For the first visit: three things to try, each of which shows where it is done. */
function hintCard(view) {
  const flash = (id) => {
    view.showSide();
    byId(id).classList.remove("flash");
    requestAnimationFrame(() => byId(id).classList.add("flash"));
  };
  const tip = (word, onclick) => h("li", {}, h("button", { type: "button", class: "hint", onclick }, t(word)));
  return h("section", { class: "hints", "data-testid": "hints" }, h("p", { class: "hints-title" }, t("hint_title")), h("ol", {},
    tip("hint_slash", view.startCommand), tip("hint_person", () => flash("people")), tip("hint_language", () => flash("languages"))));
}

/** The account corner: everybody one may be. */
export function drawPeople(view) {
  const { members, me } = view.world;
  reconcile(byId("people"), members.map((member) => {
    const current = member.user.id === me.user.id;
    const label = t("act_as", { name: member.user.global_name || member.user.username });
    return {
      key: member.user.id, version: `${current}|${label}`,
      make: () => h("button", {
        type: "button", class: "person", "data-testid": `person-${member.user.username}`, "aria-pressed": String(current), "aria-label": `${label} (${role(member)})`, title: label, onclick: () => view.actAs(member.user.id),
      }, avatar(member.user), member.is_instructor ? h("span", { class: "instructor-mark" }, icon("shield")) : null),
    };
  }));
  byId("me").replaceChildren(avatar(me.user), h("span", { class: "me-text" }, h("strong", {}, me.user.global_name || me.user.username), h("span", {}, role(me))));
}

const role = (member) => t(member.is_instructor ? "instructor" : "learner");

export function drawLanguages(choose) {
  byId("languages").replaceChildren(...[["ru", "Русский"], ["en", "English"]].map(([code, name]) => h("button", {
    type: "button", class: "language", lang: code, title: name, "aria-label": `${code.toUpperCase()} (${name})`, "data-testid": `lang-${code}`, "aria-pressed": String(lang() === code), onclick: () => choose(code),
  }, code.toUpperCase())));
}

/** Members by kind; the bot stands under "apps" with its real connection state. */
export function drawMembers(view) {
  const { members, bot } = view.world;
  const person = (member) => memberRow(member.user, view, { badge: member.is_instructor ? t("instructor") : null, online: true });
  const group = (title, rows) => (rows.length ? [h("h2", { class: "channel-group" }, `${title} — ${rows.length}`), ...rows] : []);
  const state = t(bot.online ? "online" : "offline");
  byId("members").replaceChildren(
    ...group(t("people"), members.map(person)),
    ...group(t("apps"), [memberRow({ ...bot, bot: true }, view, { app: true, online: bot.online, note: state })]),
  );
}

function memberRow(user, view, { badge, app, online, note }) {
  const name = h("span", { class: "member-name" }, user.global_name || user.username);
  name.style.color = view.nameColor(user.id) ?? "";
  return h("div", { class: online ? "member" : "member away", "data-testid": `member-${user.username}` },
    h("span", { class: "presence" }, avatar(user), h("span", { class: online ? "dot on" : "dot", role: "img", "aria-label": t(online ? "online" : "offline") })),
    h("span", { class: "member-text" }, h("span", { class: "member-line" }, name, app ? h("span", { class: "badge" }, t("app_badge")) : null),
      badge || note ? h("small", {}, badge ?? note) : null));
}

/** The posts of a forum, the freshest first. */
export function drawPosts(forum, view) {
  const posts = view.world.threads.filter((one) => one.parent_id === forum.id).sort((a, b) => compareIds(b.last_message_id ?? b.id, a.last_message_id ?? a.id));
  const tags = new Map((forum.available_tags ?? []).map((tag) => [tag.id, tag]));
  const rows = posts.map((post) => postRow(post, tags, view));
  byId("posts").replaceChildren(h("p", { class: "posts-count" }, rows.length ? t("posts", { n: rows.length }) : t("no_posts")), ...rows);
}

/** When a snowflake was made, in words: it carries the milliseconds since 2015 above its lowest 22 bits. */
function ageOf(id, now) {
  const milliseconds = BigInt(id) >> 22n;
  return milliseconds > 0n ? relativeTime(Number(milliseconds) + 1_420_070_400_000, now) : "";
}

function postRow(post, tags, view) {
  const owner = view.world.members.find((one) => one.user.id === post.owner_id)?.user ?? (post.owner_id === view.world.bot.id ? view.world.bot : null);
  const about = [owner && (owner.global_name || owner.username), t("replies", { n: post.message_count ?? 0 }), ageOf(post.last_message_id ?? post.id, view.now())];
  const labels = (post.applied_tags ?? []).map((id) => tags.get(id)).filter(Boolean);
  return h("button", { type: "button", class: view.unread.has(post.id) ? "post unread" : "post", "data-testid": `post-${post.name}`, onclick: () => view.openChannel(post.id) },
    labels.length ? h("span", { class: "post-tags" }, labels.map((tag) => h("span", { class: "tag" }, `${tag.emoji_name ?? ""} ${tag.name}`.trim()))) : null,
    h("strong", { class: "post-name" }, post.name),
    h("span", { class: "post-about" }, about.filter(Boolean).join(" · ")));
}

// ---- The inspector ----------------------------------------------------------------------------------------------

const LOG_PAUSE = 1500; // ms between readings of the log while the drawer is open

/** A drawer with what the bot and this server said to each other, and the virtual clock. `onClock(now)` hears of its moves. */
export function createInspector(root, view) {
  const list = h("ol", { class: "log", "data-testid": "log" });
  const clock = h("output", { class: "clock-now", "data-testid": "clock-now" });
  const wrong = h("div", { class: "violations", hidden: true });
  let timer = 0;

  const advance = async (seconds) => {
    const { now } = await api.post("clock", { advance_seconds: seconds });
    view.setNow(now);
    tick();
  };
  const tick = () => { clock.textContent = stampTime(view.now(), "S"); };
  const read = async () => {
    tick();
    const [log, violations] = await Promise.all([api.get("log", { limit: "200" }), api.get("violations")]).catch(() => [null, null]);
    if (log) drawLog(list, log);
    if (violations) drawViolations(wrong, violations);
  };
  const step = (word, seconds) => h("button", { type: "button", class: "button secondary", "data-testid": `clock-${seconds}`, onclick: () => advance(seconds) }, t(word));
  const draw = () => root.replaceChildren(
    h("header", { class: "inspector-head" }, h("h2", {}, t("inspector")), h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: () => open(false) }, icon("close"))),
    h("div", { class: "clock" }, h("span", {}, t("clock")), clock, step("plus_1", 60), step("plus_15", 900)), wrong, list);
  const open = (wanted) => {
    root.hidden = !wanted;
    byId("inspector-toggle").setAttribute("aria-expanded", String(wanted));
    clearInterval(timer);
    if (!wanted) return;
    draw();
    read();
    timer = setInterval(read, LOG_PAUSE);
  };
  return { toggle: () => open(root.hidden), redraw: () => { if (!root.hidden) draw(); }, close: () => open(false) };
}

function drawLog(list, log) {
  const follow = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const seen = new Map(); // the log has no ids: equal lines are told apart by counting them
  const entries = log.map((line) => {
    const same = `${line.at}|${line.direction}|${line.summary}|${line.status}`;
    seen.set(same, (seen.get(same) ?? 0) + 1);
    return { key: `${same}|${seen.get(same)}`, version: "1", make: () => logLine(line) };
  });
  reconcile(list, entries.length ? entries : [{ key: "none", version: lang(), make: () => h("li", { class: "log-empty" }, t("log_empty")) }]);
  if (follow) list.scrollTop = list.scrollHeight;
}

const bad = (status) => /^[45]\d\d|no_answer|bot_offline|expired|lost|fault/.test(String(status ?? ""));

function logLine(line) {
  const detail = typeof line.detail === "string" ? line.detail : JSON.stringify(line.detail, null, 2);
  const head = [h("time", {}, clockTimeOf(line.at)), h("span", { class: `direction ${line.direction}` }, line.direction), h("span", { class: "log-summary" }, line.summary),
    line.status ? h("span", { class: bad(line.status) ? "status bad" : "status" }, String(line.status)) : null];
  if (!detail || detail === "null" || detail === "{}") return h("li", {}, h("div", { class: "log-head" }, head));
  return h("li", {}, h("details", {}, h("summary", { class: "log-head" }, head), h("pre", { tabindex: "0" }, detail)));
}

const clockTimeOf = (at) => (Number.isNaN(Date.parse(at)) ? "" : stampTime(Date.parse(at), "T"));

function drawViolations(box, violations) {
  box.hidden = violations.length === 0;
  if (box.dataset.count === String(violations.length)) return;
  box.dataset.count = String(violations.length);
  box.replaceChildren(h("details", {}, h("summary", {}, t("violations", { n: violations.length })), h("pre", { tabindex: "0" }, JSON.stringify(violations, null, 2))));
}

/** The colour of a person's highest coloured role. */
export function roleColor(world, userId) {
  const member = world.members.find((one) => one.user.id === userId);
  const colored = world.roles.filter((one) => member?.roles.includes(one.id) && cssColor(one.color));
  return cssColor(colored.sort((a, b) => b.position - a.position)[0]?.color);
}
