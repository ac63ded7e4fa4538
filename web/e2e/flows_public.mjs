// A customer on the public pages: finds, books, pays; by mouse, by keyboard alone, and without JavaScript up to the payment.
import assert from "node:assert/strict";
import { openPage } from "./browser.mjs";
import { book, freeSlots, password, person, specialist } from "./world.mjs";

let count = 0;
const address = (name) => `${name}${++count}@public.example`;

const cards = { good: "4242424242424242", declined: "4000000000000002", challenged: "4000000000003220" };

/** Somebody who offers times, and somebody who wants one. */
async function pair(server) {
  const number = ++count;
  const who = await specialist(server, `Vera Amsel ${number}`, address("vera"), { headline: `Contracts, number ${number}` });
  const guest = await person(server, "Paul Renner", address("paul"), "customer", "Europe/Berlin");
  return { who, guest };
}

async function typeCard(page, number) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiration date").fill("12/34");
  await page.getByLabel("Security code").fill("123");
}

/** The page says paid only when the server has confirmed; then so does the API. */
async function confirmed(page, guest) {
  await page.waitForURL(/\/bookings\/[0-9a-f]{24}\?done=paid/);
  await page.getByText("Paid and confirmed.").waitFor();
  const { items } = await guest.call("GET", "/bookings");
  assert.deepEqual(items.map((one) => one.status), ["confirmed"]);
}

async function logIn(page, guest) {
  await page.getByLabel("E-mail").fill(guest.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("main").getByRole("button", { name: "Log in" }).click();
}

/** From the profile to the pay page, logging in on the way and coming back to the chosen time. */
async function bookAsGuest(page, who, guest) {
  await page.goto(`/s/${who.slug}`);
  await page.locator("a.time").first().click();
  await page.getByRole("main").getByRole("link", { name: "Log in" }).click();
  await logIn(page, guest);
  await page.getByLabel("Notes").fill("About a contract.");
  await page.getByRole("button", { name: "Book and go to payment" }).click();
  await page.waitForURL(/\/bookings\/[0-9a-f]{24}\/pay/);
}

async function booksAndPaysByMouse({ browser, server }) {
  const { who, guest } = await pair(server);
  const { page, complaints } = await openPage(browser, server);
  await bookAsGuest(page, who, guest);
  await typeCard(page, cards.good);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await confirmed(page, guest);
  assert.deepEqual(complaints, []);
}

const focusOn = (page, selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);

/** Presses Tab until the focus is where it should be: everything can be reached without a mouse. */
async function tabTo(page, selector) {
  for (let i = 0; i < 120; ++i) {
    if (await focusOn(page, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

async function booksAndPaysByKeyboard({ browser, server }) {
  const { who, guest } = await pair(server);
  const { page } = await openPage(browser, server, { token: guest.token, width: "phone" });
  await page.goto(`/s/${who.slug}`);
  await tabTo(page, "a.time");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Book and go to payment" }).waitFor();
  await tabTo(page, "textarea");
  await page.keyboard.type("By keyboard.");
  await tabTo(page, "main form button");
  await page.keyboard.press("Enter");
  await page.getByLabel("Card number").waitFor();
  for (const [name, text] of [["number", cards.good], ["expiry", "12/34"], ["cvc", "123"]]) {
    await tabTo(page, `#pay input[name=${name}]`);
    await page.keyboard.type(text);
  }
  await tabTo(page, "#pay button");
  await page.keyboard.press("Enter");
  await confirmed(page, guest);
}

async function withoutJavaScriptUpToPayment({ browser, server }) {
  const { who, guest } = await pair(server);
  const { page } = await openPage(browser, server, { javaScript: false });
  await bookAsGuest(page, who, guest);
  const { items } = await guest.call("GET", "/bookings");
  assert.deepEqual(items.map((one) => [one.status, one.customerNotes]), [["pending", "About a contract."]]);
}

/** The pay page of a new booking. */
async function payPage(browser, server) {
  const { who, guest } = await pair(server);
  const booking = await book(guest, (await freeSlots(server, who))[12]);
  const { page } = await openPage(browser, server, { token: guest.token });
  await page.goto(`/bookings/${booking.id}/pay`);
  await page.getByLabel("Card number").waitFor();
  return { page, guest };
}

/** A declined card says so and leaves the form; another one pays. */
async function declineAndRetry({ browser, server }) {
  const { page, guest } = await payPage(browser, server);
  await typeCard(page, cards.declined);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.getByRole("alert").waitFor();
  assert.equal((await guest.call("GET", "/bookings")).items[0].status, "pending");
  await typeCard(page, cards.good);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await confirmed(page, guest);
}

/** 3-D Secure: failed first, then passed. */
async function challenge({ browser, server }) {
  const { page, guest } = await payPage(browser, server);
  const answer = async (outcome) => {
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.frameLocator("dialog iframe").locator(`button[data-body*=${outcome}]`).click();
  };
  await typeCard(page, cards.challenged);
  await answer("failure");
  await page.getByRole("alert").waitFor();
  await answer("success");
  await confirmed(page, guest);
}

/** A time that somebody else has taken meanwhile: said, with the nearest free ones. */
async function takenMeanwhile({ browser, server }) {
  const { who, guest } = await pair(server);
  const rival = await person(server, "Rosa Thal", address("rosa"), "customer", "Europe/Berlin");
  const slot = (await freeSlots(server, who))[12];
  const { page } = await openPage(browser, server, { token: guest.token });
  await page.goto(`/s/${who.slug}/book/${slot.id}`);
  await page.getByRole("button", { name: "Book and go to payment" }).waitFor();
  await book(rival, slot);
  await page.getByRole("button", { name: "Book and go to payment" }).click();
  await page.getByRole("alert").waitFor();
  assert.ok((await page.locator("main a.time").count()) > 0, "no other times are offered");
}

export const publicFlows = { booksAndPaysByMouse, booksAndPaysByKeyboard, withoutJavaScriptUpToPayment, declineAndRetry, challenge, takenMeanwhile };

/** Rows of the table of pages: name, address, whose. */
export function publicRows(world) {
  const open = [
    ["home", "/"],
    ["home-search", "/?q=pricing"],
    ["profile", `/s/${world.ada.slug}`],
    ["embed", `/embed/${world.ada.slug}`],
    ["login", "/login"],
    ["register", "/register"],
    ["forgot-password", "/forgot-password"],
    ["not-found", "/s/nobody-at-all"],
  ];
  const cora = [
    ["book", `/s/${world.ada.slug}/book/${world.free}`],
    ["bookings", "/bookings"],
    ["confirmation", `/bookings/${world.later.id}?done=paid`],
    ["manage", `/bookings/${world.later.id}`],
    ["move", `/bookings/${world.later.id}/reschedule`],
  ];
  const dan = [["pay", `/bookings/${world.held.id}/pay`, (page) => page.getByLabel("Card number").waitFor()]];
  const named = (token, rows) => rows.map(([name, path, act]) => ({ name: `public-${name}`, token, path, act, statusMayBe: name === "not-found" ? 404 : 200 }));
  return [...named(undefined, open), ...named(world.cora.token, cora), ...named(world.dan.token, dan)];
}
