// The page's heart: what is known, what is open, and what the server's events change.
import { api, byId, compareIds, h, hashChoices, icon, recall, reconcile, remember } from "./kit.js";
import { createComposer, runnable } from "./composer.js";
import { commandTitle, continues, isEphemeral, isThinking, markBusy, markFailed, renderMessage, sentAt } from "./message.js";
import { openModal } from "./modal.js";
import {
  channelIcon, channelName, createInspector, drawChannels, drawIntro, drawLanguages, drawMembers, drawPeople, drawPosts, drawTopbar, KIND, roleColor,
} from "./panels.js";
import { dayName, lang, locale, relativeTime, setLanguage, t } from "./words.js";

const PAGE = 50; // messages per reading
const SILENCE = 45_000; // ms without even a ping after which the event stream counts as lost
const MODAL_PATIENCE = 5_000; // ms to wait for word about a submitted modal before believing it went through
const LONGEST_BACKOFF = 10_000;
const NOTICE = 6_000; // ms that a complaint stays
const NARROW = window.matchMedia("(max-width: 759px)");
const ROOMY = window.matchMedia("(min-width: 1100px)"); // room for the member list beside the conversation

/** Everything the page knows. `logs` keeps each channel's messages: {list, loaded, hasMore, locals}. */
const view = {
  world: null, channelId: null, offset: 0, logs: new Map(), unread: new Map(),
  pending: new Map(), // interaction id -> what was pressed, until the server says how it ended
  settled: new Map(), // outcomes that came before the answer to our own request
  now: () => Date.now() + view.offset,
  setNow: (iso) => { view.offset = Date.parse(iso) - Date.now() || 0; },
  openChannel, actAs, nameColor: (id) => roleColor(view.world, id),
  showSide: () => setSide(NARROW.matches), startCommand: () => composer.startCommand(""),
};

// ---- Looking things up ------------------------------------------------------------------------------------------

const people = () => view.world.members.map((one) => one.user);
const everybody = () => [...people(), { ...view.world.bot, bot: true }];
const channelById = (id) => [...view.world.channels, ...view.world.threads].find((one) => one.id === id);
const here = () => channelById(view.channelId);

/** What the renderers may ask for and do. */
const ctx = {
  now: view.now, me: () => view.world.me.user, everybody, nameColor: view.nameColor, openChannel,
  user: (given) => ({ ...given, ...everybody().find((one) => one.id === given?.id) }),
  roles: () => view.world.roles.filter((one) => one.id !== view.world.guild.id),
  channels: (types) => [...view.world.channels, ...view.world.threads].filter((one) => one.type !== KIND.DM && (!types?.length || types.includes(one.type))),
  commandTitle: (path) => commandTitle(path, view.world.commands),
  mention, useComponent, dismiss,
};

function mention(kind, id) {
  if (kind === "user") return chip(`@${nameOf(everybody().find((one) => one.id === id)) ?? t("unknown_user")}`);
  if (kind === "role") return chip(`@${view.world.roles.find((one) => one.id === id)?.name ?? t("unknown_role")}`);
  if (kind === "command") return chip(`/${ctx.commandTitle(id)}`, () => composer.startCommand(ctx.commandTitle(id)));
  const channel = channelById(id);
  return channel ? chip([channelIcon(channel), channelName(channel)], () => openChannel(id)) : chip(`#${t("unknown_channel")}`);
}

const nameOf = (user) => user && (user.global_name || user.username);
const chip = (face, onclick) => (onclick ? h("button", { type: "button", class: "mention", onclick }, face) : h("span", { class: "mention" }, face));

/** The rights of the person in the whole guild, as Discord's bits. */
function rights() {
  const { roles, me, guild } = view.world;
  return roles.filter((one) => one.id === guild.id || me.roles.includes(one.id)).reduce((bits, one) => bits | BigInt(one.permissions ?? 0), 0n);
}

// ---- Loading ----------------------------------------------------------------------------------------------------

async function loadWorld(as) {
  const world = await api.get("state", { as }).catch((error) => {
    if (as && error.status >= 400) return api.get("state"); // a remembered person of an earlier world
    throw error;
  });
  view.world = { threads: [], roles: [], commands: [], ...world, me: world.me ?? world.members[0] };
  view.setNow(world.now);
}

function logOf(channelId) {
  if (!view.logs.has(channelId)) view.logs.set(channelId, { list: [], loaded: false, hasMore: false, locals: [] });
  return view.logs.get(channelId);
}

async function loadMessages(channelId, before) {
  const log = logOf(channelId);
  const as = view.world.me.user.id;
  const list = await api.get(`channels/${channelId}/messages`, { as, limit: String(PAGE), before });
  if (as !== view.world.me.user.id) return; // the person was switched meanwhile: these are another's eyes
  // An event may have come while we waited; what it said is newer than the answer.
  list.filter((one) => !log.list.some((known) => known.id === one.id)).forEach((one) => put(log, one));
  Object.assign(log, { loaded: true, hasMore: list.length === PAGE });
}

function put(log, message) {
  const at = log.list.findIndex((one) => one.id === message.id);
  const versioned = { ...message, version: (log.list[at]?.version ?? 0) + 1 };
  if (at >= 0) log.list[at] = versioned;
  else log.list = [...log.list, versioned].sort((a, b) => compareIds(a.id, b.id));
}

// ---- Choosing: person, language, channel ------------------------------------------------------------------------

const keepChoices = () => remember({ as: view.world.me.user.id, lang: lang(), channel: view.channelId });

async function actAs(id) {
  if (id === view.world.me.user.id) return;
  try { await loadWorld(id); } catch (error) { return complain(error); }
  Object.assign(view, { logs: new Map(), unread: new Map(), pending: new Map() });
  connect();
  if (!here()) view.channelId = firstChannel();
  await openChannel(view.channelId);
}

function chooseLanguage(code) {
  setLanguage(code);
  keepChoices();
  drawAll();
  inspector.redraw();
}

const firstChannel = () => (view.world.channels.find((one) => one.type === KIND.TEXT) ?? view.world.channels[0])?.id;

async function openChannel(id) {
  if (!channelById(id)) return;
  const same = view.channelId === id;
  view.channelId = id;
  view.unread.delete(id);
  keepChoices();
  setSide(false);
  if (!same) byId("messages").replaceChildren();
  drawAll();
  const log = logOf(id);
  if (here().type !== KIND.FORUM && !log.loaded) await loadMessages(id).catch(complain);
  if (view.channelId !== id) return;
  drawMessages();
  toBottom();
  if (window.matchMedia("(pointer: fine)").matches) composer.focus();
}

window.addEventListener("hashchange", async () => {
  const { as, lang: code, channel } = hashChoices();
  if (code && code !== lang()) chooseLanguage(code);
  if (channel && channelById(channel)) view.channelId = channel;
  if (as && as !== view.world.me.user.id) await actAs(as);
  else await openChannel(view.channelId);
});

// ---- Drawing ----------------------------------------------------------------------------------------------------

function drawAll() {
  const { guild } = view.world;
  byId("guild-name").textContent = guild.name;
  const initials = guild.icon_text || guild.name.slice(0, 2);
  byId("guild-icon").textContent = initials;
  byId("guild-icon").title = guild.name;
  byId("guild-icon").setAttribute("aria-label", `${initials}: ${guild.name}`);
  drawChannels(view);
  drawPeople(view);
  drawLanguages(chooseLanguage);
  drawMembers(view);
  topbar();
  drawMessages();
  composer.refresh();
}

const topbar = () => drawTopbar(here(), channelById(here().parent_id), view);

function drawMessages() {
  const channel = here();
  const forum = channel.type === KIND.FORUM;
  const log = logOf(channel.id);
  byId("messages").hidden = forum;
  byId("posts").hidden = !forum;
  byId("composer").hidden = forum;
  drawIntro(channel, log, view);
  if (forum) return drawPosts(channel, view);
  const atBottom = isAtBottom();
  reconcile(byId("messages"), messageEntries([...log.list, ...log.locals]));
  for (const pressed of view.pending.values()) markBusy(messageNode(pressed.messageId), pressed.customId, true);
  if (atBottom) toBottom();
}

/** Messages with day lines between; each entry's version changes when it must be drawn anew. */
function messageEntries(messages) {
  return messages.flatMap((message, at) => {
    const previous = messages[at - 1];
    const newDay = previous && dayName(sentAt(previous)) !== dayName(sentAt(message));
    const compact = !newDay && continues(previous, message);
    const entry = { key: message.id, version: `${message.version ?? 0}|${compact}|${lang()}|${message.failure ?? ""}`, make: () => renderMessage(message, compact, ctx) };
    if (!newDay) return [entry];
    const day = dayName(sentAt(message));
    return [{ key: `day-${message.id}`, version: day, make: () => h("div", { class: "day", role: "separator" }, h("span", {}, day)) }, entry];
  });
}

const messageNode = (id) => (id ? byId("messages").querySelector(`[data-message-id="${CSS.escape(id)}"]`) : null);

// ---- Scrolling --------------------------------------------------------------------------------------------------

const scroller = byId("scroller");
const isAtBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
  byId("jump").hidden = true;
}

/** Older messages come when the top is reached; the place being read must not jump. */
async function onScroll() {
  if (isAtBottom()) byId("jump").hidden = true;
  const log = logOf(view.channelId);
  if (scroller.scrollTop > 120 || !log.hasMore || log.reading) return;
  log.reading = true;
  const fromEnd = scroller.scrollHeight - scroller.scrollTop;
  await loadMessages(view.channelId, log.list[0]?.id).catch(complain);
  log.reading = false;
  drawMessages();
  scroller.scrollTop = scroller.scrollHeight - fromEnd;
}

// ---- Acting -----------------------------------------------------------------------------------------------------

const signed = (body) => ({ as: view.world.me.user.id, locale: locale(), ...body });

/** A line of this page's own: a command on its way, or one that failed. */
function localMessage(id, fields) {
  const { bot, me } = view.world;
  return { id, local: true, author: { ...bot, bot: true }, timestamp: new Date(view.now()).toISOString(), interaction_metadata: { id, user: me.user, ...fields }, loopback: { ephemeral: true } };
}

async function runCommand(path, name, options) {
  const channelId = view.channelId;
  const { interaction_id: id } = await api.post("interactions/command", signed({ channel_id: channelId, name, options }));
  logOf(channelId).locals.push(localMessage(id, { name: path }));
  await settle(id, { channelId });
  drawMessages();
  toBottom();
}

async function useComponent(message, component, values) {
  const pressed = { channelId: view.channelId, messageId: message.id, customId: component.custom_id };
  markFailed(messageNode(message.id), "");
  markBusy(messageNode(message.id), component.custom_id, true);
  try {
    const { interaction_id: id } = await api.post("interactions/component", signed({
      channel_id: pressed.channelId, message_id: message.id, custom_id: component.custom_id, component_type: component.type, ...(values && { values }),
    }));
    await settle(id, pressed);
  } catch (error) {
    markBusy(messageNode(message.id), component.custom_id, false);
    markFailed(messageNode(message.id), error.message);
  }
}

async function dismiss(message) {
  const log = logOf(view.channelId);
  log.locals = log.locals.filter((one) => one.id !== message.id);
  log.list = log.list.filter((one) => one.id !== message.id);
  drawMessages();
  if (!message.local) await api.post("dismiss", { as: view.world.me.user.id, message_id: message.id }).catch(complain);
}

/** Remembers what was pressed until its outcome comes, which may already have come. */
function settle(id, pressed) {
  view.pending.set(id, pressed);
  if (view.settled.has(id)) finish(id, view.settled.get(id));
}

/** The end of an interaction: `failure` is null when the bot has answered. */
function finish(id, failure) {
  const pressed = view.pending.get(id);
  if (!pressed) return view.settled.set(id, failure);
  view.pending.delete(id);
  markBusy(messageNode(pressed.messageId), pressed.customId, false);
  if (failure && pressed.messageId) markFailed(messageNode(pressed.messageId), t(failure));
  pressed.modal?.(failure);
  const log = logOf(pressed.channelId);
  if (failure) log.locals = log.locals.map((one) => (one.id === id ? { ...one, failure: t(failure) } : one));
  else log.locals = log.locals.filter((one) => one.id !== id);
  if (pressed.channelId === view.channelId) drawMessages();
}

/** Sends a modal and waits: a person's text must not be lost when the bot does not take it. */
async function submitModal(opener, fields) {
  const { interaction_id: id } = await api.post("interactions/modal", signed({ interaction_id: opener, fields }));
  const failure = await new Promise((resolve) => {
    setTimeout(() => resolve(null), MODAL_PATIENCE);
    settle(id, { channelId: view.channelId, modal: resolve });
  });
  if (failure) throw new Error(t(failure));
}

// ---- Events -----------------------------------------------------------------------------------------------------

const EVENTS = {
  message_create: ({ channel_id: id, message }) => {
    put(logOf(id), message);
    finishBy(message);
    if (id === view.channelId) return drawArrival();
    if (message.author.id !== view.world.me.user.id) markUnread(id, message);
  },
  message_update: ({ channel_id: id, message }) => {
    const log = logOf(id);
    // An update may carry only what has changed.
    put(log, { ...log.list.find((one) => one.id === message.id), ...message });
    finishBy(message);
    if (id === view.channelId) drawMessages();
  },
  message_delete: ({ channel_id: id, message_id: gone }) => {
    const log = logOf(id);
    log.list = log.list.filter((one) => one.id !== gone);
    if (id === view.channelId) drawMessages();
  },
  modal: ({ interaction_id: id, modal }) => {
    finish(id, null);
    openModal(modal, ctx, (fields) => submitModal(id, fields));
  },
  interaction_failed: ({ interaction_id: id, channel_id: channel, reason }) => {
    const failure = ["no_answer", "bot_offline", "expired"].includes(reason) ? reason : "failed";
    finish(id, failure);
    endThinking(channel, id, failure);
  },
  interaction_done: ({ interaction_id: id }) => finish(id, null),
  channel_update: () => refreshWorld(),
  commands_update: () => refreshWorld(),
  bot: ({ online }) => {
    view.world.bot.online = online;
    drawMembers(view);
  },
  ping: () => {},
};

/** A reply names its interaction; the answer to a press may also be a change of the pressed message itself. */
function finishBy(message) {
  const pressed = [...view.pending].filter(([, one]) => one.messageId === message.id).map(([id]) => id);
  for (const id of [...pressed, message.interaction_metadata?.id].filter(Boolean)) finish(id, null);
}

/** A bot that promised an answer and never gave it must not be seen thinking for ever. */
function endThinking(channelId, interactionId, failure) {
  const log = logOf(channelId);
  const waiting = log.list.find((one) => one.interaction_metadata?.id === interactionId && isThinking(one));
  if (!waiting) return;
  put(log, { ...waiting, failure: t(failure) });
  if (channelId === view.channelId) drawMessages();
}

function drawArrival() {
  const atBottom = isAtBottom();
  drawMessages();
  if (!atBottom) byId("jump").hidden = false;
}

function markUnread(id, message) {
  const mentioned = isEphemeral(message) || message.mention_everyone || message.mentions?.some((one) => one.id === view.world.me.user.id);
  const { mentions = 0 } = view.unread.get(id) ?? {};
  view.unread.set(id, { mentions: mentions + Number(Boolean(mentioned)) });
  if (!channelById(id)) return refreshWorld();
  drawChannels(view);
  topbar();
  if (here().type === KIND.FORUM) drawPosts(here(), view);
}

let refreshing = 0;
/** Several changes often come together: one reading serves them all. */
function refreshWorld() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    await loadWorld(view.world.me.user.id).catch(complain);
    if (!here()) view.channelId = firstChannel();
    drawAll();
  }, 100);
}

// ---- The event stream -------------------------------------------------------------------------------------------

let stream = null;
let watchdog = 0;
let backoff = 500;
let lost = false;

function connect() {
  stream?.close();
  const mine = api.events(view.world.me.user.id);
  stream = mine;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => lose(mine), SILENCE);
  };
  mine.onopen = () => {
    alive();
    backoff = 500;
    if (lost) recover();
  };
  mine.onmessage = (message) => {
    alive();
    const event = JSON.parse(message.data);
    EVENTS[event.type]?.(event);
  };
  mine.onerror = () => lose(mine);
}

/** Reconnects by itself with growing pauses: the browser gives up for good on an HTTP error. */
function lose(mine) {
  mine.close();
  if (mine !== stream) return;
  lost = true;
  banner(t("lost"));
  clearTimeout(watchdog);
  setTimeout(() => { if (mine === stream) connect(); }, backoff);
  backoff = Math.min(backoff * 2, LONGEST_BACKOFF);
}

/** Events of the silent time are lost, so everything is read anew. */
async function recover() {
  lost = false;
  banner("");
  await loadWorld(view.world.me.user.id).catch(complain);
  for (const log of view.logs.values()) Object.assign(log, { list: [], loaded: false });
  if (!here()) view.channelId = firstChannel();
  await openChannel(view.channelId);
}

function banner(text) {
  clearTimeout(noticeEnd);
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
}

let noticeEnd = 0;
/** A failed reading or action; a lost connection has the banner for itself. */
function complain(error) {
  if (lost) return;
  banner(error.message);
  noticeEnd = setTimeout(() => banner(""), NOTICE);
}

// ---- Narrow screens ---------------------------------------------------------------------------------------------

function setSide(open) {
  document.body.classList.toggle("side-open", open);
  byId("side-toggle").setAttribute("aria-expanded", String(open));
  byId("shade").hidden = !open;
}

function setMembers(open) {
  document.body.classList.toggle("members-shown", open);
  document.body.classList.toggle("members-hidden", !open);
  byId("members-toggle").setAttribute("aria-expanded", String(open));
}

// ---- Start ------------------------------------------------------------------------------------------------------

const inspector = createInspector(byId("inspector"), view);
const composer = createComposer(byId("composer"), {
  channels: ctx.channels, roles: ctx.roles, everybody, runCommand,
  commands: () => (view.world ? runnable(view.world.commands, rights(), here()?.type !== KIND.DM) : []),
  channelTitle: () => { const channel = view.world && here(); return channel ? `${channel.type === KIND.DM ? "@" : "#"}${channelName(channel)}` : ""; },
  complete: async (name, options) => (await api.post("interactions/autocomplete", signed({ channel_id: view.channelId, name, options }))).choices,
  sendText: async (content) => {
    const message = await api.post("messages", { as: view.world.me.user.id, channel_id: view.channelId, content });
    if (message?.id && message.channel_id) put(logOf(message.channel_id), message);
    drawMessages();
    toBottom();
  },
});

byId("side-toggle").append(icon("menu"));
byId("members-toggle").append(icon("people"));
byId("inspector-toggle").append(icon("inspect"));
byId("side-toggle").addEventListener("click", () => setSide(true));
byId("shade").addEventListener("click", () => setSide(false));
byId("members-toggle").addEventListener("click", () => setMembers(byId("members").offsetParent === null));
byId("inspector-toggle").addEventListener("click", () => { setSide(false); inspector.toggle(); });
// Where there is no room the list lies over the conversation: it must not stay there by itself.
ROOMY.addEventListener("change", () => setMembers(ROOMY.matches));
byId("guild-icon").addEventListener("click", () => openChannel(firstChannel()));
byId("jump").addEventListener("click", toBottom);
scroller.addEventListener("scroll", onScroll, { passive: true });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && document.body.classList.contains("side-open")) setSide(false); });
// Pictures load late and panels change the height: who was reading the newest message goes on reading it.
let stuck = true;
let size = "";
const sizeNow = () => [scroller.clientWidth, scroller.clientHeight, scroller.scrollHeight].join();
// A scroll that a new size has brought about is not the reader's: only one at the known size counts.
scroller.addEventListener("scroll", () => { if (sizeNow() === size) stuck = isAtBottom(); }, { passive: true });
const keepBottom = new ResizeObserver(() => {
  if (stuck) toBottom();
  size = sizeNow();
});
[scroller, byId("messages")].forEach((node) => keepBottom.observe(node));

/** "5 minutes ago" grows older while it is being read. */
setInterval(() => {
  for (const node of document.querySelectorAll("[data-relative]")) node.textContent = relativeTime(Number(node.dataset.relative), view.now());
}, 15_000);

async function start() {
  setLanguage(recall("lang") ?? (navigator.language.startsWith("ru") ? "ru" : "en"));
  setMembers(ROOMY.matches);
  try {
    await loadWorld(recall("as"));
    connect();
    const wanted = recall("channel");
    await openChannel(channelById(wanted) ? wanted : firstChannel());
  } catch (error) {
    banner(t("start_failed", { error: error.message }));
  }
}

start();
