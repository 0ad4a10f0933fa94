// Chromium and one window for each person, with everything that goes wrong in it written down.
import { chromium } from "playwright-core";

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });

/** A window of its own at `address`; `complaints` is what the browser found wrong so far. */
export async function openWindow(browser, address, { locale, phone = false }) {
  const context = await browser.newContext({
    locale, viewport: phone ? PHONE : DESKTOP, isMobile: phone, hasTouch: phone, timezoneId: "Europe/Berlin", reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints = [];
  listen(page, new URL(address).origin, (text) => complaints.push(text));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`security policy: ${event.violatedDirective} forbids ${event.blockedURI || event.sourceFile}`);
    });
  });
  await page.goto(address);
  return { context, page, complaints };
}

function listen(page, origin, complain) {
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) complain(`console ${line.type()}: ${line.text()}`);
  });
  page.on("pageerror", (error) => complain(`error in the page: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complain(`${response.status()} for ${response.request().method()} ${pathOf(response.url())}`);
  });
  page.on("request", (request) => {
    const { protocol, origin: to } = new URL(request.url());
    if (to !== origin && !["data:", "blob:"].includes(protocol)) complain(`a request left the machine: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // The page itself closes the event stream when another person takes over.
    const isClosedStream = pathOf(request.url()).startsWith("/_loopback/events") && request.failure()?.errorText === "net::ERR_ABORTED";
    if (!isClosedStream) complain(`failed request: ${request.method()} ${pathOf(request.url())} (${request.failure()?.errorText})`);
  });
}

/** Without the query, which holds the token. */
const pathOf = (address) => new URL(address).pathname;
