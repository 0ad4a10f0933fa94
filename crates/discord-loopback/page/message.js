// One message as Discord shows it: header, markdown, embeds, files, components, ephemeral footer.
import { avatar, cssColor, h, icon, localUrl, webUrl } from "./kit.js";
import { inlineMarkdown, markdown, revealable } from "./markdown.js";
import { selectBox } from "./modal.js";
import { clockTime, localized, messageTime, t } from "./words.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const SUPPRESS_EMBEDS = 1 << 2;
const GROUP_GAP = 7 * 60_000;

export const isEphemeral = (message) => Boolean(message.loopback?.ephemeral ?? (message.flags & EPHEMERAL));
export const isThinking = (message) => Boolean(message.loopback?.thinking ?? (message.flags & LOADING));
export const sentAt = (message) => Date.parse(message.timestamp);

/** Whether `message` may go under the previous one's name and picture. */
export function continues(previous, message) {
  return Boolean(previous) && previous.author.id === message.author.id && !usedCommand(message) && !message.referenced_message
    && isEphemeral(previous) === isEphemeral(message) && sentAt(message) - sentAt(previous) < GROUP_GAP;
}

/** The whole message; `compact` leaves out the author's name and picture. */
export function renderMessage(message, compact, ctx) {
  const author = ctx.user(message.author);
  const classes = ["message", compact && "compact", isEphemeral(message) && "ephemeral", mentionsMe(message, ctx) && "mentioned"];
  const node = h("article", { class: classes.filter(Boolean).join(" "), "data-testid": "message", "data-message-id": message.id, "data-author": author.username });
  node.append(...[usedLine(message, ctx), replyLine(message, ctx)].filter(Boolean));
  const gutter = compact ? h("span", { class: "side-time" }, clockTime(sentAt(message))) : avatar(author);
  const body = h("div", { class: "body" }, compact ? null : header(message, author, ctx), content(message, author, ctx));
  node.append(h("div", { class: "row" }, gutter, body));
  return node;
}

const mentionsMe = (message, ctx) => message.author.id !== ctx.me().id
  && (message.mention_everyone || message.mentions?.some((user) => user.id === ctx.me().id));

/** Only a reply to a slash command tells which command it was; a click's reply has no name. */
const usedCommand = (message) => message.interaction_metadata?.name ?? message.interaction?.name ?? null;

function usedLine(message, ctx) {
  const name = usedCommand(message);
  if (!name) return null;
  const user = ctx.user(message.interaction_metadata?.user ?? message.interaction?.user);
  return h("p", { class: "used" }, icon("reply"), avatar(user, "s"),
    h("strong", {}, user.global_name || user.username), ` ${t("used")} `, h("span", { class: "mention" }, `/${ctx.commandTitle(name)}`));
}

function replyLine(message, ctx) {
  const target = message.referenced_message;
  if (!target || usedCommand(message)) return null;
  const user = ctx.user(target.author);
  return h("p", { class: "used" }, icon("reply"), avatar(user, "s"), h("strong", {}, user.global_name || user.username),
    h("span", { class: "used-text" }, inlineMarkdown((target.content || "…").split("\n")[0], ctx)));
}

function header(message, author, ctx) {
  const name = h("span", { class: "author" }, author.global_name || author.username);
  name.style.color = ctx.nameColor(author.id) ?? "";
  return h("h3", { class: "message-head" }, name, author.bot ? h("span", { class: "badge" }, t("app_badge")) : null,
    h("time", { class: "when", datetime: message.timestamp }, messageTime(sentAt(message), ctx.now())));
}

function content(message, author, ctx) {
  if (message.local || message.failure) return localContent(message, ctx);
  if (isThinking(message)) return [thinking(t("thinking", { name: author.global_name || author.username })), ephemeralFooter(message, ctx)];
  const embeds = message.flags & SUPPRESS_EMBEDS ? [] : message.embeds ?? [];
  return [
    message.content ? h("div", { class: "content" }, markdown(message.content, ctx), editedMark(message)) : null,
    ...embeds.map((embed) => renderEmbed(embed, message, ctx)),
    attachments(message, embeds),
    h("div", { class: "components" }, (message.components ?? []).map((component) => renderComponent(component, message, ctx))),
    message.content ? null : editedMark(message),
    message.thread ? threadCard(message.thread, ctx) : null,
    reactions(message),
    h("p", { class: "failure", role: "alert", hidden: true }),
    ephemeralFooter(message, ctx),
  ];
}

/** A command on its way, or one whose answer never came: known to this page only. */
function localContent(message, ctx) {
  const text = message.failure
    ? h("p", { class: "failure", role: "alert" }, message.failure)
    : thinking(t("sending"));
  return [text, message.failure ? ephemeralFooter(message, ctx) : null];
}

const thinking = (text) => h("p", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), text);
const editedMark = (message) => (message.edited_timestamp ? h("span", { class: "edited", title: message.edited_timestamp }, t("edited")) : null);

function ephemeralFooter(message, ctx) {
  if (!isEphemeral(message)) return null;
  return h("p", { class: "only-you" }, icon("eye"), t("only_you"), " · ",
    h("button", { type: "button", class: "link-button", "data-testid": "dismiss", onclick: () => ctx.dismiss(message) }, t("dismiss")));
}

function threadCard(thread, ctx) {
  return h("button", { type: "button", class: "thread-card", onclick: () => ctx.openChannel(thread.id) },
    h("strong", {}, thread.name), h("span", {}, t("replies", { n: thread.message_count ?? 0 })));
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("p", { class: "reactions" }, message.reactions.map((one) => h("span", { class: "reaction" }, `${emojiText(one.emoji)} ${one.count}`)));
}

const emojiText = (emoji) => (emoji?.id ? `:${emoji.name}:` : emoji?.name ?? "");

// ---- Files and embeds -------------------------------------------------------------------------------------------

/** `attachment://name` means a file of this same message. */
function mediaUrl(address, message) {
  const name = /^attachment:\/\/(.+)$/.exec(address ?? "")?.[1];
  const file = name && message.attachments?.find((one) => one.filename === name);
  return file ? file.url : address;
}

/** A picture, or a link where the page's own security policy forbids loading it. */
function picture(address, message, alt, className) {
  const url = mediaUrl(address, message);
  const local = localUrl(url);
  if (local) return h("a", { href: local, target: "_blank", rel: "noopener", class: className, "aria-label": alt || t("picture") }, h("img", { src: local, alt: alt ?? "", loading: "lazy" }));
  const link = webUrl(url);
  return link ? h("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow", class: `${className} outside` }, icon("link"), alt || t("outside_image")) : null;
}

const isImage = (file) => /^image\//.test(file.content_type ?? "") || /\.(png|jpe?g|gif|webp|svg)$/i.test(file.filename ?? "");

function attachments(message, embeds) {
  const used = new Set(embeds.flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]).filter(Boolean));
  // Components V2 place every file themselves, and an embed's own picture is not shown twice.
  const rest = message.flags & (1 << 15) ? [] : (message.attachments ?? []).filter((file) => !used.has(file.url) && !used.has(`attachment://${file.filename}`));
  if (rest.length === 0) return null;
  return h("div", { class: "attachments" }, rest.map((file) => (isImage(file)
    ? picture(file.url, message, file.description ?? file.filename, "picture")
    : fileCard(file.url, file.filename, file.size, isText(file)))));
}

const isText = (file) => /^text\//.test(file.content_type ?? "");

/** A text opens beside the page, anything else is saved. */
function fileCard(url, name, size, opens = false) {
  const href = localUrl(url) ?? webUrl(url);
  return h("div", { class: "file", "data-testid": "file" }, icon("file"), h("div", {},
    h("a", { href, target: "_blank", rel: "noopener", ...(opens ? {} : { download: name }) }, name), h("span", { class: "file-size" }, fileSize(size))));
}

function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function renderEmbed(embed, message, ctx) {
  const node = h("article", { class: "embed", "data-testid": "embed" });
  node.style.borderInlineStartColor = cssColor(embed.color) ?? "";
  const text = h("div", { class: "embed-text" },
    embed.author ? h("p", { class: "embed-author" }, linked(embed.author.name, embed.author.url)) : null,
    embed.title ? h("h4", { class: "embed-title" }, embed.url ? linked(embed.title, embed.url) : inlineMarkdown(embed.title, ctx)) : null,
    embed.description ? markdown(embed.description, ctx) : null,
    embed.fields?.length ? h("dl", { class: "fields" }, embed.fields.map((field) => embedField(field, ctx))) : null);
  node.append(h("div", { class: "embed-top" }, text, embed.thumbnail ? picture(embed.thumbnail.url, message, "", "thumbnail") : ""));
  if (embed.image) node.append(picture(embed.image.url, message, "", "picture") ?? "");
  if (embed.footer || embed.timestamp) node.append(embedFooter(embed, ctx));
  return node;
}

function embedField(field, ctx) {
  return h("div", { class: field.inline ? "field inline" : "field" },
    h("dt", {}, inlineMarkdown(field.name, ctx)), h("dd", {}, markdown(field.value, ctx)));
}

function embedFooter(embed, ctx) {
  const parts = [embed.footer?.text, embed.timestamp && messageTime(Date.parse(embed.timestamp), ctx.now())];
  return h("footer", { class: "embed-footer" }, parts.filter(Boolean).join(" • "));
}

const linked = (text, url) => (webUrl(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, text) : text);

// ---- Components -------------------------------------------------------------------------------------------------

const RENDERERS = {
  1: (row, message, ctx) => h("div", { class: "action-row" }, row.components.map((one) => renderComponent(one, message, ctx))),
  2: button, 3: select, 5: select, 6: select, 7: select, 8: select,
  9: section,
  10: (text, message, ctx) => markdown(text.content, ctx),
  11: (thumb, message) => covered(thumb, picture(thumb.media.url, message, thumb.description, "thumbnail")),
  12: gallery,
  13: (file, message) => covered(file, fileComponent(file, message)),
  14: (line) => h("hr", { class: `separator${line.divider === false ? " blank" : ""}${line.spacing === 2 ? " wide" : ""}` }),
  17: container,
};

function renderComponent(component, message, ctx) {
  const render = RENDERERS[component.type];
  return render ? render(component, message, ctx) : h("p", { class: "unsupported" }, t("unsupported", { type: component.type }));
}

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

function button(component, message, ctx) {
  const face = [component.emoji ? h("span", { class: "emoji" }, emojiText(component.emoji)) : null, component.label ?? ""];
  const classes = `button ${STYLES[component.style] ?? "secondary"}`;
  if (component.style === 5) return h("a", { class: classes, href: webUrl(component.url), target: "_blank", rel: "noopener noreferrer nofollow" }, face, icon("link"));
  return h("button", {
    type: "button", class: classes, disabled: component.disabled, "data-custom-id": component.custom_id, "data-testid": `button-${component.custom_id}`,
    "aria-label": component.label ? null : emojiText(component.emoji), onclick: () => ctx.useComponent(message, component),
  }, face);
}

function select(component, message, ctx) {
  const box = selectBox(component, ctx, (values) => ctx.useComponent(message, component, values));
  return h("div", { class: "select-row" }, box.node);
}

function section(component, message, ctx) {
  return h("div", { class: "section" },
    h("div", { class: "section-text" }, component.components.map((one) => renderComponent(one, message, ctx))),
    component.accessory ? h("div", { class: "accessory" }, renderComponent(component.accessory, message, ctx)) : null);
}

function gallery(component, message) {
  const items = component.items.map((item) => covered(item, picture(item.media.url, message, item.description, "gallery-item")));
  return h("div", { class: `gallery gallery-${Math.min(items.length, 3)}` }, items);
}

function fileComponent(component, message) {
  const url = mediaUrl(component.file.url, message);
  const known = message.attachments?.find((one) => one.url === url);
  const name = component.name ?? known?.filename ?? decodeURIComponent(url.split(/[?#]/)[0].split("/").pop());
  return fileCard(url, name, component.size ?? known?.size);
}

function container(component, message, ctx) {
  const node = h("div", { class: "container" }, component.components.map((one) => renderComponent(one, message, ctx)));
  const color = cssColor(component.accent_color);
  if (color) node.style.borderInlineStartColor = color;
  else node.classList.add("plain");
  return covered(component, node);
}

/** Hides a spoilered part until it is pressed. */
function covered(component, node) {
  if (!component.spoiler || !node) return node;
  return revealable(h("div", { class: "spoiler spoiler-block", role: "button", tabindex: "0", "aria-label": t("spoiler") }, h("div", { class: "spoiler-text", inert: true }, node)));
}

/** Shows a press that is on its way, or takes the mark off again. */
export function markBusy(node, customId, busy) {
  for (const control of node?.querySelectorAll("[data-custom-id]") ?? []) {
    if (control.dataset.customId !== customId) continue;
    control.classList.toggle("busy", busy);
    control.setAttribute("aria-busy", String(busy));
  }
}

/** Writes Discord's red line under a message whose button or menu got no answer; an empty text removes it. */
export function markFailed(node, text) {
  const line = node?.querySelector(":scope > .row > .body > .failure");
  if (!line) return;
  line.textContent = text;
  line.hidden = !text;
}

/** A command's path ("report class") in the reader's language. */
export function commandTitle(path, commands) {
  const names = path.split(" ");
  let level = commands;
  return names.map((name) => {
    const found = level?.find((one) => one.name === name);
    level = found?.options;
    return found ? localized(found) : name;
  }).join(" ");
}
