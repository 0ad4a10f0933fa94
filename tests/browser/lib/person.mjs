// A person at the page: types commands, presses buttons, chooses from menus, and waits as people wait.
import { until } from "./control.mjs";

const ANSWER = 20_000; // ms within which an answer must be there

/** What the message list shows: ids with versions, and whether something is still on its way. */
const readLog = (page) => page.evaluate(() => {
  const list = [...document.querySelectorAll("#messages > [data-testid=message]")];
  const failures = [...document.querySelectorAll("#messages .failure, #banner, .composer-error")];
  return {
    entries: list.map((node) => [node.dataset.messageId, node.dataset.version]),
    busy: Boolean(document.querySelector("#messages .thinking, #messages .busy")),
    failure: failures.filter((node) => !node.hidden && node.textContent).map((node) => node.textContent).join("; "),
  };
});

export class Person {
  /** `window` is what `openWindow` gave; `lang` is "ru" or "en". */
  constructor(name, lang, window) {
    Object.assign(this, { name, lang, window, page: window.page });
  }

  /** Takes the person's place and language with the page's own buttons. */
  async arrive() {
    const { page } = this;
    await page.getByTestId("composer").waitFor();
    await this.openSide();
    await page.getByTestId(`person-${this.name}`).click();
    await page.getByTestId(`lang-${this.lang}`).click();
    await page.locator(`[data-testid=person-${this.name}][aria-pressed=true]`).waitFor();
    await page.locator(`html[lang=${this.lang}]`).waitFor();
    await this.closeSide();
  }

  async openSide() {
    const toggle = this.page.getByTestId("side-toggle");
    if (await toggle.isVisible()) await toggle.click();
  }

  async closeSide() {
    if (await this.page.locator("#shade").isVisible()) await this.page.keyboard.press("Escape");
  }

  async openChannel(name) {
    await this.openSide();
    await this.page.getByTestId(`channel-${name}`).click();
    await this.page.locator("#channel-title", { hasText: name }).waitFor();
    await this.closeSide();
  }

  /** The commands that the picker offers. */
  async listCommands() {
    const composer = this.page.getByTestId("composer");
    await composer.click();
    await composer.pressSequentially("/");
    const rows = this.page.locator("[data-testid^=picker-item-]");
    await rows.first().waitFor();
    return rows.locator(".panel-title").allInnerTexts();
  }

  async clearComposer() {
    await this.page.getByTestId("composer").fill("");
  }

  /** Types a command up to where its options begin. */
  async begin(title) {
    const composer = this.page.getByTestId("composer");
    await composer.click();
    await composer.pressSequentially(`/${title} `);
    await this.page.getByTestId("command").waitFor();
  }

  /** Goes to an option, adding it when it is optional. */
  async focusOption(name) {
    const input = this.page.getByTestId(`command-option-${name}`);
    if (!(await input.isVisible())) {
      await this.page.getByTestId("command-tail").focus();
      await this.page.getByTestId(`option-add-${name}`).click();
    }
    await input.focus();
    return input;
  }

  /** Types into an option and answers what is suggested. */
  async typeOption(name, text) {
    const input = await this.focusOption(name);
    await input.pressSequentially(text, { delay: 20 });
    const rows = this.page.locator("[data-testid=picker] [data-testid=choice]");
    const wanted = text.toLowerCase();
    await until(`suggestions of ${name} for "${text}"`, async () => {
      const texts = await rows.allInnerTexts();
      return texts.length > 0 && texts.every((one) => one.toLowerCase().includes(wanted));
    });
    return rows.allInnerTexts();
  }

  async pickSuggestion(text) {
    await this.page.locator("[data-testid=picker] [data-testid=choice]", { hasText: text }).first().click();
  }

  /** Puts a text into an option, as pasting does. */
  async pasteOption(name, text) {
    await this.focusOption(name);
    await this.page.keyboard.insertText(text);
  }

  /** Sends the command and answers its reply. */
  send() {
    return this.settled(() => this.page.keyboard.press("Enter"));
  }

  async command(title) {
    await this.begin(title);
    return this.send();
  }

  /** Presses a button of a message and answers the message that changed or came. */
  press(message, label) {
    const button = message.locator(".button", { hasText: label }).first();
    return this.settled(() => button.click());
  }

  /** Opens a menu of a message and answers its options' labels. */
  async openMenu(message, at = 0) {
    await message.locator("button.select").nth(at).click();
    const options = this.page.locator(".options:popover-open");
    await options.waitFor();
    return options;
  }

  /** Chooses options of a menu by position. */
  async choose(message, positions, at = 0) {
    const options = await this.openMenu(message, at);
    const rows = options.locator("[role=option]");
    return this.settled(async () => {
      for (const position of positions) await rows.nth(position).click();
      const done = options.getByTestId("select-done");
      if (await done.isVisible()) await done.click();
    });
  }

  /** Does something and waits for the bot's answer to it; answers the message in question. */
  async settled(action, patience = ANSWER) {
    const before = new Map((await readLog(this.page)).entries);
    await action();
    const changed = await until(`an answer to ${this.name}`, async () => {
      const log = await readLog(this.page);
      if (log.failure) throw new Error(`${this.name} was told: ${log.failure}`);
      if (log.busy) return null;
      const fresh = log.entries.filter(([id]) => !before.has(id));
      return fresh.at(-1) ?? log.entries.findLast(([id, version]) => before.get(id) !== version) ?? null;
    }, patience);
    return this.message(changed[0]);
  }

  message(id) {
    return this.page.locator(`[data-testid=message][data-message-id="${id}"]`);
  }
}

/** The title of a message's first embed. */
export const titleOf = (message) => message.locator(".embed-title").first().innerText();
