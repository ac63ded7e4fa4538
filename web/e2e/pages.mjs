// Every page, public and of the dashboard, in both widths and both themes: no violation of axe-core, no complaint of console or policy, nothing
// wider than the screen. With --screens also a picture of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicRows } from "./flows_public.mjs";
import { audit, openPage, overflow, violations, widths } from "./browser.mjs";

const quality = 20;
const tallest = 1200;

/** Rows: name of the picture, whose page, address, and what to do before it is looked at. */
export function pageRows(world) {
  const specialist = [
    ["overview", "/app/"],
    ["calendar-week", `/app/calendar?day=${world.later.startsAt.slice(0, 10)}`],
    ["calendar-month", `/app/calendar?view=month&day=${world.month}`],
    ["calendar-slot", `/app/calendar?day=${world.later.startsAt.slice(0, 10)}`, (page) => page.locator(".slot.free, .chip.free").first().click()],
    ["calendar-new-slot", "/app/calendar", (page) => page.locator(".page-head button").click()],
    ["hours", "/app/hours", (page) => page.locator(".preview-days li").first().waitFor()],
    ["schedule-new", "/app/hours/new"],
    ["schedule-monthly", "/app/hours/new", async (page) => {
      await page.locator(".radio-cards input").nth(1).check();
      await page.getByRole("button", { name: "Add by weekday" }).click();
    }],
    ["bookings", "/app/bookings"],
    ["requests", "/app/bookings/requests"],
    ["booking", `/app/bookings/${world.later.id}`],
    ["booking-cancel", `/app/bookings/${world.later.id}`, (page) => page.getByRole("button", { name: "Cancel", exact: true }).click()],
    ["booking-move", `/app/bookings/${world.later.id}`, (page) => page.getByRole("button", { name: "Move", exact: true }).click()],
    ["booking-completed", `/app/bookings/${world.past.id}`],
    ["booking-refunds", `/app/bookings/${world.past.id}`, (page) => page.getByRole("button", { name: "Refunds" }).click()],
    ["customers", "/app/customers"],
    ["earnings", "/app/earnings"],
    ["reviews", "/app/reviews"],
    ["notifications", "/app/notifications"],
    ["profile", "/app/profile"],
    ["connections", "/app/connections"],
    ["account", "/app/account"],
    ["not-found", "/app/nowhere"],
  ];
  const customer = [
    ["overview", "/app/"],
    ["payments", "/app/payments"],
    ["receipt", `/bookings/${world.past.id}`, (page) => page.getByRole("link", { name: "Receipt" }).click()],
    ["reviews-none", "/app/reviews"],
    ["preferences", "/app/preferences"],
  ];
  const other = [
    ["reviews-to-write", "/app/reviews"],
    ["review", `/app/reviews/${world.second.id}`],
  ];
  const admin = [
    ["users", "/app/"],
    ["suspend", "/app/", (page) => page.getByRole("button", { name: /^Suspend: / }).first().click()],
    ["specialists", "/app/specialists"],
    ["payments", "/app/payments"],
    ["refund", "/app/payments", (page) => page.getByRole("button", { name: /^Details/ }).first().click()],
    ["jobs", "/app/jobs"],
    ["outbox", "/app/outbox?status=done"],
    ["audit", "/app/audit"],
  ];
  const named = (who, token, rows) => rows.map(([name, path, act]) => ({ name: `${who}-${name}`, token, path, act }));
  return [
    ...named("specialist", world.ada.token, specialist),
    ...named("customer", world.cora.token, customer),
    ...named("customer", world.dan.token, other),
    ...named("staff", world.admin.token, admin),
    ...publicRows(world),
  ];
}

const themes = ["light", "dark"];
const narrowest = { width: 320, height: 640 };

/** Waits until nothing is loading any more. */
export async function settled(page) {
  await page.locator("h1, h2").first().waitFor();
  await page.locator(".waiting, [aria-busy=true]").first().waitFor({ state: "detached" });
  await page.evaluate(() => document.fonts.ready);
}

/** One load per theme: Chromium keeps inherited colours of some elements across a change of the theme of an open page. */
async function look(browser, server, row, width, theme, screens) {
  const { page, complaints, close } = await openPage(browser, server, { width, theme, token: row.token });
  try {
    await page.goto(row.path);
    await settled(page);
    if (row.act) {
      await row.act(page);
      await settled(page);
    }
    const found = [...(await audit(page)), ...(await overflow(page)), ...(await violations(page))];
    found.push(...complaints.filter((one) => !(row.statusMayBe === 404 && one.includes("404"))));
    if (screens && isKept(row, width, theme)) await picture(page, row, width, theme, screens);
    if (width === "phone") {
      await page.setViewportSize(narrowest);
      found.push(...(await overflow(page)));
    }
    return [found];
  } finally {
    await close();
  }
}

/** Desktop pages in light are kept, and phone pages in dark as they come: what opens on a page looks much the same there. */
const isKept = (row, width, theme) => (width === "desktop" ? theme === "light" : theme === "dark" && !row.act);

async function picture(page, row, width, theme, folder) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const isModal = await page.locator("dialog[open]").count();
  const size = { width: widths[width].width, height: Math.min(Math.max(height, widths[width].height), tallest) };
  if (!isModal) await page.setViewportSize(size); // so that what sticks to an edge is at the edge
  const bytes = await page.screenshot({ type: "jpeg", quality });
  await page.setViewportSize(widths[width]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${row.name}-${width}-${theme}.jpg`), bytes);
}

export function pageCases(browser, server, world, { only, screens }) {
  return pageRows(world)
    .filter((row) => !only || row.name.includes(only))
    .flatMap((row) => Object.keys(widths).flatMap((width) => themes.map((theme) => ({ suite: "pages", names: [`${row.name}.${width}.${theme}`], run: () => look(browser, server, row, width, theme, screens) }))));
}
