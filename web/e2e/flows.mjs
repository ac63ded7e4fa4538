// What people do, from beginning to end. Each flow makes its own people, so that flows do not meet.
import assert from "node:assert/strict";
import { openPage, violations } from "./browser.mjs";
import { customerFlows, timeFlows } from "./flows_customer.mjs";
import { practiceFlows } from "./flows_practice.mjs";
import { publicFlows } from "./flows_public.mjs";
import { addressOf, euros, paidBooking } from "./flows_shared.mjs";
import { settled } from "./pages.mjs";
import { caller, createStaff } from "./server.mjs";
import { freeSlots, password, person, specialist } from "./world.mjs";

const address = addressOf("flow");

async function specialistSetsHours({ browser, server }) {
  const nina = await person(server, "Nina Sommer", address("nina"), "specialist", "Europe/Berlin");
  const { page } = await openPage(browser, server, { token: nina.token });
  await page.goto("/app/");
  await page.getByRole("link", { name: "Set your working hours" }).click();
  await page.getByRole("checkbox", { name: "Monday" }).check();
  await page.getByLabel("Monday from").fill("10:00");
  await page.getByLabel("Monday to").fill("13:00");
  await page.getByLabel("Notice (hours)").fill("0");
  await page.getByText("6 times to book").waitFor(); // two Mondays of three hours in any two weeks
  await page.getByRole("button", { name: "Save hours" }).click();
  await page.getByText("Saved.").waitFor();

  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByLabel("Price of the usual length").fill("45,50");
  await page.getByLabel("Currency").selectOption("EUR");
  await page.locator(".card", { hasText: "Sessions and price" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByLabel("Show my page and take bookings").check();
  await page.locator(".card", { hasText: "Publication" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Published", { exact: true }).waitFor();

  const profile = await nina.call("GET", "/specialists/me");
  const slots = await freeSlots(server, profile);
  assert.ok(slots.length > 20, `only ${slots.length} slots`);
  assert.ok(slots.every((slot) => slot.price === 4550 && slot.currency === "EUR" && slot.startTime >= "10:00" && slot.endTime <= "13:00"));
  await page.getByRole("link", { name: "Calendar" }).click();
  await page.getByRole("button", { name: "Later" }).click();
  await page.locator(".slot.free").first().waitFor();
  assert.equal(await page.locator(".slot.free").count(), 3);
}

/** The whole calendar without a mouse: to a time by the arrow keys, block it, open it again. */
async function calendarByKeyboard({ browser, server }) {
  const otto = await specialist(server, "Otto Brandt", address("otto"));
  const day = (await freeSlots(server, otto))[20].date;
  const { page } = await openPage(browser, server, { token: otto.token });
  await page.goto(`/app/calendar?day=${day}`);
  await page.locator(".slot").first().waitFor();
  for (let i = 0; i < 40 && !(await page.evaluate(() => document.activeElement.classList.contains("slot"))); ++i) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const name = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(name, /Tue.*10:00.11:00, Free/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("Reason").focus();
  await page.keyboard.type("Dentist");
  await page.keyboard.press("Enter");
  await page.locator(".slot.blocked").first().waitFor();
  assert.equal(await page.locator(".slot.blocked").count(), 1);
  await page.locator(".slot.blocked").focus();
  await page.keyboard.press("Enter");
  await page.getByText("Dentist").waitFor();
  await page.getByRole("button", { name: "Open this time again" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".slot.blocked").first().waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
}

async function oneOffSlot({ browser, server }) {
  const otto = await specialist(server, "Otto Klein", address("klein"));
  const day = (await freeSlots(server, otto))[20].date;
  const { page } = await openPage(browser, server, { token: otto.token });
  await page.goto(`/app/calendar?day=${day}`);
  await page.getByRole("button", { name: "One-off slot" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Day").fill(day);
  await dialog.getByLabel("Start").fill("09:30");
  await dialog.getByRole("button", { name: "Offer this time" }).click();
  await dialog.getByText("There is another slot at this time.").waitFor();
  await dialog.getByLabel("Start").fill("19:00");
  await dialog.getByRole("button", { name: "Offer this time" }).click();
  await page.getByRole("button", { name: /19:00.20:00, Free/ }).waitFor();
}

async function specialistMoves({ browser, server }) {
  const { who, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto(`/app/bookings/${booking.id}`);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByLabel("Day").selectOption({ index: 4 });
  await page.locator(".times .time").last().click();
  await page.getByRole("button", { name: "Move the session" }).click();
  await page.getByText("The session is moved.").waitFor();
  const moved = await who.call("GET", `/bookings/${booking.id}`);
  assert.equal(moved.rescheduleHistory.length, 1);
  assert.notEqual(moved.startsAt, booking.startsAt);
}

/** What the other side does is seen without a reload. */
async function messagesArrive({ browser, server }) {
  const { who, guest, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto(`/app/bookings/${booking.id}`);
  await page.getByText("No messages yet.").waitFor();
  await guest.call("POST", `/bookings/${booking.id}/messages`, { text: "See you on Monday." });
  await page.getByText("See you on Monday.").waitFor();
  await page.getByLabel("Message to Jon Berg").fill("Looking forward to it.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator(".thread .mine", { hasText: "Looking forward to it." }).waitFor();
  const { items } = await guest.call("GET", `/bookings/${booking.id}/messages`);
  assert.deepEqual(items.map((one) => one.text), ["See you on Monday.", "Looking forward to it."]);
}

/** The server's errors stand at their fields, the focus goes there, and what was typed stays. */
async function fieldErrors({ browser, server }) {
  const ines = await specialist(server, "Ines Wolf", address("ines"));
  const { page, complaints } = await openPage(browser, server, { token: ines.token });
  await page.goto("/app/profile");
  await page.getByLabel("Website").fill("not an address");
  await page.getByLabel("Headline").fill("Kept as typed");
  await page.locator(".card", { hasText: "About you" }).getByRole("button", { name: "Save" }).click();
  const field = page.locator(".field", { has: page.getByLabel("Website") });
  await field.locator(".error").waitFor();
  assert.equal(await page.getByLabel("Website").getAttribute("aria-invalid"), "true");
  assert.ok(await page.getByLabel("Website").evaluate((one) => one === document.activeElement), "the field has no focus");
  assert.equal(await page.getByLabel("Headline").inputValue(), "Kept as typed");
  await page.getByLabel("Price of the usual length").fill("ninety");
  await page.locator(".card", { hasText: "Sessions and price" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("Please enter an amount").waitFor();
  assert.ok(complaints.every((one) => one.includes("422")), complaints.join());
}

async function reviewByKeyboard({ browser, server, world }) {
  const { page } = await openPage(browser, server, { token: world.dan.token });
  await page.goto(`/app/reviews/${world.second.id}`);
  await page.getByRole("radio", { name: "1 star" }).focus();
  await page.keyboard.press("Space");
  for (let i = 0; i < 3; ++i) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Very helpful.");
  await page.getByRole("button", { name: "Send review" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/bookings/${world.second.id}?done=reviewed`);
  const booking = await world.dan.call("GET", `/bookings/${world.second.id}`);
  assert.equal(booking.feedback.customerRating, 4);
  await page.goto("/app/reviews");
  await page.getByText("There is nothing to review.").waitFor();
}

async function staffRefunds({ browser, server, world }) {
  const { guest, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: world.admin.token });
  await page.goto("/app/payments");
  await page.getByRole("button", { name: /^Details/ }).first().click();
  const amount = page.getByLabel("Amount in EUR");
  await amount.fill("1000");
  await page.getByRole("button", { name: "Refund", exact: true }).click();
  await page.getByRole("dialog").locator(".error", { hasText: "At most €90.00" }).waitFor();
  await amount.fill("12.34");
  await page.getByRole("button", { name: "Refund", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  const { paymentId } = await guest.call("GET", `/bookings/${booking.id}`);
  const refunds = await caller(server, world.admin.token)("GET", `/payments/${paymentId}/refunds`);
  assert.deepEqual(refunds.items.map((one) => one.amount), [1234]);
}

async function staffSuspends({ browser, server, world }) {
  const guest = await person(server, "Sam Frost", address("sam"), "customer", "Europe/Berlin");
  const { page } = await openPage(browser, server, { token: world.admin.token });
  await page.goto("/app/");
  await page.getByLabel("E-mail address").fill(guest.email);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("button", { name: "Suspend: Sam Frost" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Asked to");
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("button", { name: "Lift suspension: Sam Frost" }).click();
  await page.getByRole("button", { name: "Suspend: Sam Frost" }).waitFor();
}

/** Background work by hand, what is waiting to be sent, and who did what; support reads the first two and runs nothing. */
async function staffOperates({ browser, server, world }) {
  const { page } = await openPage(browser, server, { token: world.admin.token });
  const call = caller(server, world.admin.token);
  const runsOf = async (name) => (await call("GET", "/admin/jobs?limit=100")).items.find((one) => one.name === name).runs;
  const before = await runsOf("expire-slots");
  await page.goto("/app/jobs");
  await page.getByRole("button", { name: "Run now: expire-slots" }).click();
  await page.getByText("expire-slots has run.").waitFor();
  assert.ok((await runsOf("expire-slots")) > before, "the job has not run");
  await page.goto("/app/outbox?status=done");
  await page.getByRole("table").getByText("BookingConfirmed").first().waitFor();
  await page.goto("/app/audit");
  await page.getByRole("table").locator("tbody tr").first().waitFor();
  const helper = address("helper");
  createStaff(server, helper, "Sol Support", "support", password);
  const { token } = await caller(server)("POST", "/auth/login", { email: helper, password });
  const reading = (await openPage(browser, server, { token })).page;
  await reading.goto("/app/jobs");
  await reading.getByText("expire-slots").waitFor();
  assert.equal(await reading.getByRole("button", { name: /^Run now/ }).count(), 0);
  assert.equal(await reading.getByRole("link", { name: "Audit log" }).count(), 0);
}

/** Who is not logged in is led to the log-in. A log-in that ends meanwhile leads there too, says so, and back to the same page. */
async function expiredSession({ browser, server }) {
  const who = await specialist(server, "Erna Ende", address("erna"));
  const { page } = await openPage(browser, server, {});
  await page.goto("/app/bookings?status=confirmed");
  await page.waitForURL("**/login?**");
  assert.equal(new URL(page.url()).searchParams.get("next"), "/app/bookings?status=confirmed");
  const logIn = async () => {
    await page.getByLabel("E-mail").fill(who.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("main").getByRole("button", { name: "Log in" }).click();
  };
  await logIn();
  await page.waitForURL("**/app/bookings?status=confirmed");
  await page.getByRole("heading", { level: 1, name: "Bookings" }).waitFor();
  await who.call("POST", "/auth/change-password", { currentPassword: password, newPassword: password }); // ends the browser's log-in
  await page.waitForURL("**/login?**");
  await page.getByText("You were logged out meanwhile").waitFor();
  await logIn();
  await page.waitForURL("**/app/bookings?status=confirmed");
}

async function german({ browser, server, world }) {
  const { page } = await openPage(browser, server, { token: world.ada.token, locale: "de-DE" });
  await page.goto("/app/earnings");
  await page.getByRole("heading", { level: 1, name: "Einnahmen" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByText(/\d,\d\d\s€/).first().waitFor();
  await page.goto("/app/account");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
}

/** Links lead to the heading of the next page, the skip link into the page, a closed dialog back to its button. */
async function focusIsKept({ browser, server, world }) {
  const { page } = await openPage(browser, server, { token: world.ada.token });
  const focused = (selector) => page.locator(`${selector}:focus`).waitFor();
  await page.goto("/app/");
  await settled(page);
  await page.keyboard.press("Tab");
  await focused(".skip");
  await page.keyboard.press("Enter");
  await focused("main");
  await page.getByRole("link", { name: "Calendar", exact: true }).focus();
  await page.keyboard.press("Enter");
  await focused("h1");
  const add = page.getByRole("button", { name: "One-off slot" });
  await add.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await add.evaluate((one) => one === document.activeElement), "the button has not got the focus back");
}

const mostBytes = 120 * 1024;

/** What comes over the wire before the first page of each role is there. */
async function firstLoad({ browser, server, world }) {
  for (const who of [world.ada, world.cora, world.admin]) {
    const { page, context } = await openPage(browser, server, { token: who.token });
    const session = await context.newCDPSession(page);
    let bytes = 0;
    await session.send("Network.enable");
    session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await page.goto("/app/");
    await settled(page);
    assert.ok(bytes > 10_000 && bytes <= mostBytes, `${bytes} bytes for ${who.email}`);
  }
}

/** Without the server the page says so, and goes on when it is back. */
async function serverIsAway({ browser, server, world }) {
  const { page, context } = await openPage(browser, server, { token: world.ada.token });
  await page.goto("/app/");
  await settled(page);
  await context.setOffline(true);
  await page.getByRole("link", { name: "Bookings", exact: true }).click();
  await page.getByText("The server cannot be reached.").waitFor();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".rows a").first().waitFor();
}

async function changePassword({ browser, server }) {
  const lea = await person(server, "Lea Marsh", address("lea"), "customer", "Europe/London");
  const { page } = await openPage(browser, server, { token: lea.token });
  await page.goto("/app/account");
  await page.getByLabel("Current password").fill("not this one");
  await page.getByLabel("New password").fill("a much longer secret");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Current password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("The password is changed.").waitFor();
  const again = await caller(server)("POST", "/auth/login", { email: lea.email, password: "a much longer secret" });
  assert.equal(again.user.email, lea.email);
}

const flows = {
  specialistSetsHours,
  calendarByKeyboard,
  oneOffSlot,
  specialistMoves,
  messagesArrive,
  fieldErrors,
  reviewByKeyboard,
  staffRefunds,
  staffSuspends,
  staffOperates,
  expiredSession,
  german,
  focusIsKept,
  firstLoad,
  serverIsAway,
  changePassword,
};

/** Runs a flow and closes whatever it has opened. */
async function contained(flow, browser, server, world) {
  const opened = [];
  const own = { newContext: async (...given) => opened[opened.push(await browser.newContext(...given)) - 1] };
  try {
    await flow({ browser: own, server, world });
    const found = [];
    for (const page of opened.flatMap((context) => context.pages())) found.push(...(await violations(page).catch(() => [])));
    return [found];
  } finally {
    for (const context of opened) await context.close();
  }
}

/** Those that may run beside each other, and those that move the clock and run alone, afterwards. */
export function flowCases(browser, server, world) {
  const cases = (rows) => Object.entries(rows).map(([name, flow]) => ({ suite: "flows", names: [name], run: () => contained(flow, browser, server, world) }));
  return { together: cases({ ...flows, ...practiceFlows, ...customerFlows, ...publicFlows }), alone: cases(timeFlows) };
}
