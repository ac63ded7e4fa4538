// Debian's Chromium, a page that notes every complaint of its console, and the checks that every page must pass.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

export const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

/** A page of its own context; `complaints` grows by what the console and the content security policy have to say. */
export async function openPage(browser, server, { width = "desktop", theme = "light", token, locale = "en-GB", javaScript = true } = {}) {
  const context = await browser.newContext({
    viewport: widths[width],
    colorScheme: theme,
    locale,
    timezoneId: "Europe/Berlin",
    baseURL: server.url,
    reducedMotion: "reduce",
    javaScriptEnabled: javaScript,
    deviceScaleFactor: 1,
  });
  if (token) await context.addCookies([{ name: "sid", value: token, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (failed) => complaints.push(`error: ${failed.message}`));
  page.on("response", (response) => response.status() >= 500 && complaints.push(`${response.status()} ${response.url()}`));
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, context, complaints, close: () => context.close() };
}

/** What axe-core finds wrong, a line each. Its script is run by the debugger, not by the page, so that the page's policy stays as it is. */
export async function audit(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap((one) => one.nodes.map((node) => `axe ${one.id}: ${node.target.join(" ")} ${node.failureSummary.split("\n").slice(1, 2).join("")}`));
}

/** Wider than the screen is a mistake at every width. */
export const overflow = (page) =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return wide > 0 ? [`the page is ${wide} px wider than the screen`] : [];
  });

export const violations = (page) => page.evaluate(() => (window.violations ?? []).map((one) => `policy: ${one}`));
