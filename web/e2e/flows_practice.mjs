// A specialist runs a practice: schedules, days off, prices, picture, tables, refunds, answers to reviews.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openPage } from "./browser.mjs";
import { addressOf, euros, paidBooking } from "./flows_shared.mjs";
import { caller, moveClock, sandbox } from "./server.mjs";
import { book, freeSlots, password, pay, person, specialist } from "./world.mjs";

const address = addressOf("practice");
const dayOf = (instant) => instant.slice(0, 10);
const weekdayOf = (day) => new Date(day + "T00:00:00Z").getUTCDay();

/** Somebody whose hours are as usual, on a page of the dashboard. */
async function at(browser, server, name, path, more) {
  const who = await specialist(server, name, address(name.split(" ")[0].toLowerCase()), more);
  const { page, complaints } = await openPage(browser, server, { token: who.token });
  await page.goto(path);
  return { who, page, complaints };
}

const saved = (page) => page.getByText("Saved.").waitFor();

/** A weekly schedule with a closed day among its dates: it replaces the working hours. */
async function weeklySchedule({ browser, server }) {
  const { who, page } = await at(browser, server, "Wilma Voss", "/app/hours");
  await page.getByRole("link", { name: "New schedule" }).click();
  await page.getByRole("radio", { name: /^Weekly/ }).check();
  await page.getByRole("checkbox", { name: "Tuesday" }).check();
  await page.getByLabel("Tuesday from").fill("18:00");
  await page.getByLabel("Tuesday to").fill("20:00");
  await page.getByLabel("Minutes of a session, Tuesday").fill("30");
  await page.getByText(/^\d+ times to book/).waitFor();
  const tuesdays = (await freeSlots(server, who)).map((slot) => slot.date).filter((day) => weekdayOf(day) === 2);
  await page.getByRole("button", { name: "Add closed day" }).click();
  await page.getByLabel("Date", { exact: true }).fill(tuesdays.at(-1));
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Weekly", exact: true }).waitFor();
  const slots = await freeSlots(server, who);
  assert.ok(slots.length > 0 && slots.every((slot) => weekdayOf(slot.date) === 2 && slot.startTime >= "18:00" && slot.duration === 30), "other times than the schedule's");
  assert.ok(slots.every((slot) => slot.date !== tuesdays.at(-1)), "the closed day is open");
  await page.getByRole("button", { name: /^Remove: Weekly/ }).click();
  await page.getByText("The schedule is removed.").waitFor();
  assert.ok((await freeSlots(server, who)).some((slot) => slot.startTime === "09:00"), "the working hours are not back");
}

async function monthlySchedule({ browser, server }) {
  const { who, page } = await at(browser, server, "Mona Lind", "/app/hours/new");
  await page.getByRole("radio", { name: /^Monthly/ }).check();
  await page.getByRole("button", { name: "Add by weekday" }).click();
  await page.getByLabel("Which").selectOption("Last");
  await page.getByLabel("Weekday").selectOption("Friday");
  await page.getByRole("button", { name: "Add by day of the month" }).click();
  await page.getByLabel("Day of the month").fill("15");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Monthly", exact: true }).waitFor();
  const days = [...new Set((await freeSlots(server, who)).map((slot) => slot.date))];
  const isLastFriday = (day) => weekdayOf(day) === 5 && new Date(Date.parse(day) + 7 * 86_400_000).toISOString().slice(5, 7) !== day.slice(5, 7);
  assert.ok(days.length > 2 && days.every((day) => day.endsWith("-15") || isLastFriday(day)), days.join());
}

/** Single dates are offered beside the working hours; what is wrong about a window stands at it. */
async function singleDates({ browser, server }) {
  const { who, page, complaints } = await at(browser, server, "Dora Falk", "/app/hours/new");
  const saturday = (await freeSlots(server, who)).map((slot) => slot.date).find((day) => weekdayOf(day) === 5);
  const day = new Date(Date.parse(saturday) + 86_400_000).toISOString().slice(0, 10);
  await page.getByRole("radio", { name: /^Single dates/ }).check();
  await page.getByRole("button", { name: "Add open day" }).click();
  await page.getByLabel("Date", { exact: true }).fill(day);
  const until = page.locator(".window input[type=time], .from-to input[type=time]").last();
  await until.fill("08:00");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("fieldset .error").first().waitFor();
  assert.equal(await until.inputValue(), "08:00");
  await until.fill("11:00");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Single dates", exact: true }).waitFor();
  const slots = (await freeSlots(server, who)).filter((slot) => slot.date === day);
  assert.deepEqual(slots.map((slot) => slot.startTime), ["09:00", "10:00"]);
  assert.ok(complaints.every((one) => one.includes("422")), complaints.join());
}

async function daysOff({ browser, server }) {
  const { who, page } = await at(browser, server, "Olga Ritter", "/app/hours");
  const [first] = await freeSlots(server, who);
  const count = page.locator(".preview .figure");
  await count.getByText(/\d+ times/).waitFor();
  const before = await count.textContent();
  await page.getByRole("button", { name: "Add day off" }).click();
  await page.getByLabel("Day off 1").fill(first.date);
  await page.locator(".preview .figure", { hasText: /\d+ times/ }).filter({ hasNotText: before }).waitFor();
  await page.getByRole("button", { name: "Save hours" }).click();
  await saved(page);
  assert.ok((await freeSlots(server, who)).every((slot) => slot.date !== first.date), "the day is still offered");
  await page.reload();
  await page.getByRole("button", { name: /^Remove day off/ }).click();
  await page.getByRole("button", { name: "Save hours" }).click();
  await saved(page);
  assert.ok((await freeSlots(server, who)).some((slot) => slot.date === first.date), "the day is not offered again");
}

/** From the month to a day's week, and another price for one time. */
async function monthAndPrice({ browser, server }) {
  const { who, page } = await at(browser, server, "Petra Sand", "/app/calendar");
  const slot = (await freeSlots(server, who))[30];
  await page.goto(`/app/calendar?view=month&day=${slot.date}`);
  await page.locator(".month li:not(.outside) button", { has: page.locator(`.number:text-is("${Number(slot.date.slice(8))}")`) }).click();
  await page.locator(".slot.free").first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get("day"), slot.date);
  await page.locator(`.slot[data-id="${slot.id}"]`).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Change price or description").click();
  await dialog.getByLabel("Price in EUR").fill("12,50");
  await dialog.getByRole("button", { name: "Save" }).click();
  await saved(page);
  assert.equal((await freeSlots(server, who)).find((one) => one.id === slot.id).price, 1250);
}

const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

async function pictureUpload({ browser, server }) {
  const { who, page, complaints } = await at(browser, server, "Pia Holm", "/app/profile");
  const input = page.getByLabel("Upload a picture");
  await input.setInputFiles({ name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(1024 * 1024 + 1) });
  await page.getByText("The picture is larger than 1 MiB.").waitFor();
  await input.setInputFiles({ name: "text.png", mimeType: "image/png", buffer: Buffer.from("not a picture") });
  await page.locator(".picture .error").filter({ hasNotText: "larger" }).waitFor();
  await input.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: pixel });
  await page.getByText("The picture is changed.").waitFor();
  await page.locator(".picture img.face").waitFor();
  const { profileImage } = await who.call("GET", "/specialists/me");
  const shown = await fetch(new URL(profileImage, server.url));
  assert.deepEqual([shown.headers.get("content-type"), Buffer.from(await shown.arrayBuffer())], ["image/png", pixel]);
  await page.locator(".picture").getByRole("button", { name: "Remove" }).click();
  await page.getByText("The picture is removed.").waitFor();
  assert.equal((await who.call("GET", "/specialists/me")).profileImage, undefined);
  assert.ok(complaints.every((one) => /4\d\d/.test(one)), complaints.join());
}

async function downloaded(page) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  return { name: file.suggestedFilename(), lines: readFileSync(await file.path(), "utf8").trim().split(/\r?\n/) };
}

async function tablesAsCsv({ browser, server }) {
  const { who, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto("/app/earnings");
  await page.getByRole("table").waitFor();
  const earnings = await downloaded(page);
  assert.equal(earnings.name, "earnings.csv");
  assert.equal(earnings.lines.length, 2, earnings.lines.join("\n"));
  await page.goto("/app/bookings");
  await page.locator(".rows a").first().waitFor();
  const bookings = await downloaded(page);
  assert.equal(bookings.name, "bookings.csv");
  assert.equal(bookings.lines.length, 2, bookings.lines.join("\n"));
  assert.ok(bookings.lines[1].includes(booking.id), bookings.lines[1]);
}

/** Part of a payment goes back; more than is left is said at the field. */
async function specialistRefunds({ browser, server }) {
  const { who, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto(`/app/bookings/${booking.id}`);
  await page.getByRole("button", { name: "Refunds" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount in EUR").fill("90.01");
  await dialog.getByRole("button", { name: "Refund", exact: true }).click();
  await dialog.locator(".field .error", { hasText: `At most ${euros(9000)}` }).waitFor();
  await dialog.getByLabel("Amount in EUR").fill("20");
  await dialog.getByLabel("Reason").fill("We ended early.");
  await dialog.getByRole("button", { name: "Refund", exact: true }).click();
  await saved(page);
  await page.locator(".card", { hasText: "Payment" }).getByText(euros(2000)).waitFor();
  const { paymentId } = await who.call("GET", `/bookings/${booking.id}`);
  const { items } = await who.call("GET", `/payments/${paymentId}/refunds`);
  assert.deepEqual(items.map((one) => [one.amount, one.reason]), [[2000, "We ended early."]]);
}

/** One answer to a review, which the public page then shows. */
async function answersReview({ browser, server, world }) {
  const { page, complaints } = await openPage(browser, server, { token: world.ada.token });
  await page.goto("/app/reviews");
  const review = page.locator("li.card", { hasText: "Clear, quick and kind." });
  await review.getByRole("button", { name: "Respond" }).click();
  await review.getByRole("button", { name: "Publish response" }).click();
  await review.locator(".error").first().waitFor(); // nothing was written
  await review.getByLabel("Your response").fill("Thank you, Cora.");
  await review.getByRole("button", { name: "Publish response" }).click();
  await review.locator("blockquote", { hasText: "Thank you, Cora." }).waitFor();
  await page.goto(`/s/${world.ada.slug}`);
  await page.getByText("Thank you, Cora.").waitFor();
  assert.ok(complaints.every((one) => one.includes("422")), complaints.join());
}

async function connections({ browser, server, world }) {
  const { page } = await openPage(browser, server, { token: world.ada.token });
  await page.goto("/app/connections");
  const card = (title) => page.locator(".card", { has: page.getByRole("heading", { name: title }) });
  await card("Card payments").getByText("Test mode", { exact: true }).waitFor();
  await card("Payouts").getByText("Not connected", { exact: true }).waitFor();
  const { items } = await caller(server, world.ada.token)("GET", "/specialists/me/earnings");
  await card("Payouts").getByText(euros(items[0].pendingPayout)).waitFor();
  await card("Zoom").getByText("Not offered here", { exact: true }).waitFor();
}

/** Everything can be read, marked, and put away. */
async function notifications({ browser, server }) {
  const { who, guest, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto("/app/notifications");
  await page.locator(".news.unread").first().waitFor();
  await guest.call("POST", `/bookings/${booking.id}/messages`, { text: "One more thing." });
  await page.locator(".news", { hasText: "One more thing." }).waitFor(); // without a reload
  await page.getByRole("button", { name: "Mark all read" }).click();
  await page.locator(".news.unread").first().waitFor({ state: "detached" });
  assert.equal((await who.call("GET", "/notifications/unread-count")).count, 0);
  const first = page.locator(".news", { hasText: "One more thing." });
  await first.getByRole("button", { name: /^Archive/ }).click();
  await first.waitFor({ state: "detached" });
  await page.locator(".news a").first().click();
  await page.waitForURL(`**/app/bookings/${booking.id}`);
}

/** The link of the mail leads, by way of the log-in, to the requests: newest first, page by page, and answered by a booking. */
async function requestsForOtherTimes({ browser, server }) {
  const who = await specialist(server, "Rita Blum", address("rita"));
  const guest = await person(server, "Kim Aalto", address("kim"), "customer", "Europe/Helsinki");
  const other = await person(server, "Lou Meyer", address("lou"), "customer", "Europe/Berlin");
  const slots = await freeSlots(server, who);
  const ask = (from, slot, message) => from.call("POST", `/specialists/${who.id}/availability-requests`, { from: slot.startsAt, to: slot.endsAt, message });
  await ask(other, slots[5], "Rather early, please.");
  await pay(server, other, await book(other, slots[27]));
  const count = 25;
  for (let i = 1; i <= count; ++i) await ask(guest, slots[i], `Wish ${i}`);
  await moveClock(server, { advance: "PT1S" }); // waits until the mail is out
  const { body } = await sandbox(server, "GET", "/mail?to=" + encodeURIComponent(who.email));
  const link = new RegExp(`${server.url}/\\S*requests`).exec(body.items.at(-1).text)[0];

  const { page, complaints } = await openPage(browser, server);
  await page.goto(link);
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(link);
  const rows = page.locator(".rows > li");
  await rows.first().getByText(`Wish ${count}`, { exact: true }).waitFor();
  const zone = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "numeric", minute: "2-digit" });
  assert.match(await rows.first().textContent(), new RegExp(`Kim Aalto.*${zone.format(new Date(slots[count].startsAt))}.*UTC.*Open`, "s"));
  const shown = await rows.count();
  assert.ok(shown < count, "all of them came at once");
  await page.getByRole("button", { name: "Show more" }).click();
  const last = page.locator(".rows > li", { hasText: "Rather early, please." });
  await last.getByText("Answered", { exact: true }).waitFor();
  assert.equal(await rows.count(), count + 1);
  assert.equal(await page.getByText("Open", { exact: true }).count(), count);
  await rows.first().getByRole("link", { name: /^That day in the calendar/ }).click();
  await page.waitForURL(`**/app/calendar?day=${slots[count].date}`);

  await page.getByRole("link", { name: /^Notifications/ }).click();
  await page.locator(".news a", { hasText: "Kim Aalto asks for a time" }).first().click();
  await page.waitForURL("**/app/bookings/requests");
  await page.getByRole("link", { name: "Bookings", exact: true }).click();
  await page.getByRole("link", { name: "Requests for other times" }).click();
  await page.waitForURL("**/app/bookings/requests");
  assert.ok(complaints.every((one) => one.includes("401")), complaints.join());
}

export const practiceFlows = {
  weeklySchedule,
  monthlySchedule,
  singleDates,
  daysOff,
  monthAndPrice,
  pictureUpload,
  tablesAsCsv,
  specialistRefunds,
  answersReview,
  connections,
  notifications,
  requestsForOtherTimes,
};
