// A customer after the booking: their one place for bookings, what it shows by itself, receipts and preferences; and what comes with the time of a session.
import assert from "node:assert/strict";
import { openPage } from "./browser.mjs";
import { addressOf, euros, paidBooking } from "./flows_shared.mjs";
import { moveClock } from "./server.mjs";
import { person } from "./world.mjs";

const address = addressOf("guests");

async function customerCancels({ browser, server }) {
  const { guest, booking } = await paidBooking(server);
  const preview = await guest.call("GET", `/bookings/${booking.id}/cancellation`);
  const { page } = await openPage(browser, server, { token: guest.token, width: "phone" });
  await page.goto("/app/");
  await page.locator(".rows a").first().click();
  await page.waitForURL(`**/bookings/${booking.id}`);
  await page.getByText("Cancel the session").click();
  await page.getByText(`you get back ${euros(preview.refundAmount)}`).waitFor();
  await page.getByRole("button", { name: "Cancel now" }).click();
  await page.getByText("The session is cancelled.").waitFor();
  assert.equal((await guest.call("GET", `/bookings/${booking.id}`)).status, "cancelled");
}

/** Addresses of the dashboard that customers may have kept, and the list that specialists have elsewhere. */
async function bookingsHaveOnePlace({ browser, server }) {
  const { who, guest, booking } = await paidBooking(server);
  const theirs = (await openPage(browser, server, { token: guest.token })).page;
  await theirs.goto("/app/bookings");
  await theirs.waitForURL("**/bookings");
  await theirs.getByRole("heading", { level: 1, name: "My bookings" }).waitFor();
  await theirs.goto(`/app/bookings/${booking.id}`);
  await theirs.waitForURL((url) => url.pathname === `/bookings/${booking.id}`);
  await theirs.getByRole("link", { name: "Dashboard" }).click();
  await theirs.getByRole("navigation").getByRole("link", { name: "Bookings" }).click();
  await theirs.waitForURL((url) => url.pathname === "/bookings");
  const own = (await openPage(browser, server, { token: who.token })).page;
  await own.goto("/bookings");
  await own.waitForURL("**/app/bookings");
  await own.getByRole("heading", { level: 1, name: "Bookings" }).waitFor();
}

/** What the other side does is seen without a reload, and what one types stays. */
async function bookingIsLive({ browser, server }) {
  const { who, guest, booking } = await paidBooking(server);
  const { page, complaints } = await openPage(browser, server, { token: guest.token });
  await page.goto(`/bookings/${booking.id}`);
  await page.getByLabel(/^For Mara Lenz alone/).fill("Half typed");
  await who.call("POST", `/bookings/${booking.id}/messages`, { text: "Looking forward to it." });
  await page.getByText("Looking forward to it.").waitFor();
  await who.call("POST", `/bookings/${booking.id}/cancellation`, { reason: "I am ill." });
  await page.locator(".badge", { hasText: "Cancelled" }).waitFor();
  assert.equal(await page.getByLabel(/^For Mara Lenz alone/).inputValue(), "Half typed");
  await page.getByRole("button", { name: "Save the notes" }).click();
  await page.getByText("Your notes are saved.").waitFor();
  assert.equal((await guest.call("GET", `/bookings/${booking.id}`)).customerNotes, "Half typed");
  assert.deepEqual(complaints, []);
}

/** A receipt that tells of a refund that is made while it is open. */
async function receipt({ browser, server }) {
  const { who, guest, booking } = await paidBooking(server);
  const { page } = await openPage(browser, server, { token: guest.token });
  await page.goto("/app/payments");
  await page.getByRole("link", { name: /^Receipt/ }).click();
  await page.getByRole("heading", { level: 1, name: "Receipt" }).waitFor();
  await page.locator(".sum", { hasText: euros(9000) }).waitFor();
  const { paymentId } = await guest.call("GET", `/bookings/${booking.id}`);
  await who.call("POST", `/payments/${paymentId}/refunds`, { amount: 1000 });
  await moveClock(server, { advance: "PT1S" });
  await page.locator(".sum .total", { hasText: euros(8000) }).waitFor();
  await page.getByRole("link", { name: "To the booking" }).click();
  await page.waitForURL(`**/bookings/${booking.id}`);
}

async function preferences({ browser, server }) {
  const guest = await person(server, "Pam Prior", address("pam"), "customer", "Europe/Berlin");
  const { page } = await openPage(browser, server, { token: guest.token, width: "phone" });
  await page.goto("/app/preferences");
  const about = page.locator(".card", { hasText: "About you" });
  await about.getByLabel("Name").fill("");
  await about.getByRole("button", { name: "Save" }).click();
  await about.locator(".field.wrong").first().waitFor();
  await about.getByLabel("Name").fill("Pamela Prior");
  await about.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await about.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  const told = page.locator(".card", { has: page.getByRole("checkbox", { name: /reminders/i }) });
  await told.getByRole("checkbox", { name: /reminders/i }).uncheck();
  await told.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  const kept = await guest.call("GET", "/customers/me");
  assert.deepEqual([kept.name, kept.timezone, kept.preferences.remindersEnabled], ["Pamela Prior", "Asia/Tokyo", false]);
}

export const customerFlows = { customerCancels, bookingsHaveOnePlace, bookingIsLive, receipt, preferences };

const minutes = (n) => n * 60_000;

/** A paid booking whose session began so many minutes ago. */
async function begun(server, ago) {
  const made = await paidBooking(server, 0);
  await moveClock(server, { now: new Date(Date.parse(made.booking.startsAt) + minutes(ago)).toISOString() });
  return made;
}

async function completesByHand({ browser, server }) {
  const { who, booking } = await begun(server, 5);
  const { page } = await openPage(browser, server, { token: who.token });
  await page.goto(`/app/bookings/${booking.id}`);
  const absent = page.getByRole("button", { name: "Customer did not come" });
  assert.equal(await absent.count(), 0, "five minutes are too early for that");
  await page.getByRole("button", { name: "Mark as completed" }).click();
  await page.locator(".page-head .badge", { hasText: "Completed" }).waitFor();
  assert.equal((await who.call("GET", `/bookings/${booking.id}`)).status, "completed");
}

/** The specialist reports the customer; the customer says that it was the other way round; both see it. */
async function absenceIsContested({ browser, server }) {
  const { who, guest, booking } = await begun(server, 20);
  const own = (await openPage(browser, server, { token: who.token })).page;
  await own.goto(`/app/bookings/${booking.id}`);
  const theirs = (await openPage(browser, server, { token: guest.token })).page;
  await theirs.goto(`/bookings/${booking.id}`);
  await own.getByRole("button", { name: "Customer did not come" }).click();
  await own.getByRole("button", { name: "Report the absence" }).click();
  await own.getByText("The absence is noted.").waitFor();
  await theirs.getByText("The customer did not come.").waitFor();
  await theirs.getByText("Mara Lenz did not come").click();
  await theirs.getByText("You were reported as absent.").waitFor();
  await theirs.getByRole("button", { name: "Report the absence" }).click();
  await theirs.getByText("The absence is noted.").waitFor();
  await own.getByText("Each side says that the other one was absent.").waitFor();
  const { status, noShowParty, noShowContest } = await who.call("GET", `/bookings/${booking.id}`);
  assert.deepEqual([status, noShowParty, Boolean(noShowContest)], ["no-show", "customer", true]);
}

/** A specialist who did not come costs the customer nothing. */
async function absentSpecialist({ browser, server }) {
  const { guest, booking } = await begun(server, 20);
  const { page } = await openPage(browser, server, { token: guest.token, width: "phone" });
  await page.goto(`/bookings/${booking.id}`);
  await page.getByText("Mara Lenz did not come").click();
  await page.getByRole("button", { name: "Report the absence" }).click();
  await page.getByText("The specialist did not come.").waitFor();
  await page.getByText(/refunded|on the way back/).waitFor();
  await moveClock(server, { advance: "PT1S" });
  const { paymentId } = await guest.call("GET", `/bookings/${booking.id}`);
  assert.equal((await guest.call("GET", `/payments/${paymentId}`)).refund.refundAmount, 9000);
}

/** These move the clock, which all people share. */
export const timeFlows = { completesByHand, absenceIsContested, absentSpecialist };
