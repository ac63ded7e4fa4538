// A customer on the public pages: finds, books, pays; by mouse, by keyboard alone, and without JavaScript up to the payment.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { openPage } from "./browser.mjs";
import { moveClock, sandbox, startServer } from "./server.mjs";
import { book, freeSlots, password, pay, person, specialist, week } from "./world.mjs";

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

/** A bank that takes the payer to its own page and back: the way back ends at the pay page, which waits for the server's word. */
async function returnsFromItsBank({ browser, server }) {
  const { page, guest } = await payPage(browser, server);
  const asked = await guest.call("POST", `/bookings/${(await guest.call("GET", "/bookings")).items[0].id}/payment`);
  const intent = asked.clientSecret.split("_secret_")[0];
  const card = { "payment_method_data[type]": "card", "payment_method_data[card][number]": cards.challenged, "payment_method_data[card][exp_month]": "12", "payment_method_data[card][exp_year]": "34", "payment_method_data[card][cvc]": "123" };
  const answer = await fetch(`${server.sandbox}/v1/payment_intents/${intent}/confirm`, {
    method: "POST",
    headers: { Authorization: `Bearer ${asked.publishableKey}` },
    body: new URLSearchParams({ client_secret: asked.clientSecret, return_url: page.url(), ...card }),
  });
  const bank = (await answer.json()).next_action.redirect_to_url.url;
  await page.goto(bank);
  await page.locator("button[data-body*=failure]").click();
  await page.getByRole("alert").waitFor();
  assert.ok(!page.url().includes("secret"), "the payment's secret stays in the address");
  await typeCard(page, cards.good);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await confirmed(page, guest);
}

/** On a server of its own, since its clock is moved: the bank has agreed, the server has not heard of it, and nothing says paid until it has. */
async function neverSaysPaidBeforeTheServer({ browser }) {
  const server = await startServer();
  try {
    const { page, guest } = await payPage(browser, server);
    await sandbox(server, "PUT", "/faults", { rules: [{ provider: "stripe", match: "webhook:*", kind: "drop", times: 100 }] });
    await typeCard(page, cards.good);
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByText("Your bank has agreed.").waitFor();
    assert.equal((await guest.call("GET", "/bookings")).items[0].status, "pending");
    assert.match(page.url(), /\/pay$/);
    await moveClock(server, { advance: "PT16M" }); // what the hold's end asks the provider makes the lost webhook good
    await confirmed(page, guest);
  } finally {
    await server.stop();
  }
}

/** The hold's countdown is the server's, and its end takes the card form away. */
async function holdRunsOut({ browser }) {
  const server = await startServer();
  try {
    await moveClock(server, { advance: "P3D" }); // far from this machine's clock
    const { page, guest } = await payPage(browser, server);
    await page.locator("#left", { hasText: /^1[45]:\d\d left$/ }).waitFor();
    await moveClock(server, { advance: "PT16M" });
    await page.getByRole("alert").getByText("free again").waitFor();
    assert.equal(await page.getByLabel("Card number").isVisible(), false);
    assert.equal((await guest.call("GET", "/bookings")).items[0].status, "cancelled");
  } finally {
    await server.stop();
  }
}

/** A log-in that ended meanwhile: to the form, and back to the page on which it was missed. */
async function expiredLogInLeadsBack({ browser, server }) {
  const { who, guest } = await pair(server);
  const booking = await book(guest, (await freeSlots(server, who))[14]);
  await pay(server, guest, booking);
  const { page } = await openPage(browser, server, { token: guest.token });
  await page.goto(`/bookings/${booking.id}`);
  await guest.call("POST", "/auth/logout");
  await page.getByLabel(/^Message to/).fill("Is the room the same?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("You were logged out meanwhile.").waitFor();
  await logIn(page, guest);
  await page.waitForURL(new RegExp(`/bookings/${booking.id}$`));
  await page.getByLabel(/^Message to/).waitFor();
}

/** What is wrong stands at its field, which has the focus, and what was typed is still there. */
async function errorsAtTheField({ browser, server }) {
  const { page } = await openPage(browser, server, { locale: "de-DE" });
  const mail = address("vera");
  await page.goto("/register");
  await page.getByLabel("Beratung anbieten").check();
  await page.getByLabel("Name").fill("Vera Amsel");
  await page.getByLabel("E-Mail-Adresse").fill(mail);
  await page.getByLabel("Passwort").fill("kurz");
  await page.getByRole("main").getByRole("button", { name: "Konto anlegen" }).click();
  await page.locator("#password-error").waitFor();
  assert.equal(await page.locator("#password-error").textContent(), "Bitte mindestens 8 Zeichen und kein gebräuchliches Passwort wählen.");
  assert.ok(await focusOn(page, "#password"));
  assert.deepEqual(await Promise.all(["Name", "E-Mail-Adresse"].map((name) => page.getByLabel(name).inputValue())), ["Vera Amsel", mail]);
  assert.ok(await page.getByLabel("Beratung anbieten").isChecked());
}

const berlin = "Europe/Berlin";
const hourIn = (zone, instant) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date(instant));

/** The next day on which clocks in Berlin change, found as the browser knows it. */
function nextChange(from) {
  const offset = (day) => new Intl.DateTimeFormat("en-GB", { timeZone: berlin, timeZoneName: "longOffset" }).format(day).split(", ")[1];
  for (let day = new Date(from.slice(0, 10) + "T12:00:00Z"); ; day.setUTCDate(day.getUTCDate() + 1)) {
    const before = new Date(day.getTime() - 86_400_000);
    if (offset(before) !== offset(day)) return day.toISOString().slice(0, 10);
  }
}

/** The viewer's zone is found out, can be changed with a script and without, and days on which clocks change say so. */
async function zonesAndClockChanges({ browser, server }) {
  const number = ++count;
  const who = await specialist(server, `Ida Sonntag ${number}`, address("ida"), { workingHours: { ...week, sunday: week.monday } });
  await who.call("PATCH", "/specialists/me", { availability: { maxAdvanceBooking: 300 } });
  const slot = (await freeSlots(server, who))[0];
  for (const javaScript of [true, false]) {
    const { page, close } = await openPage(browser, server, { javaScript });
    await page.goto(`/s/${who.slug}`);
    const time = page.locator("a.time").first();
    await time.getByText(hourIn(berlin, slot.startsAt), { exact: true }).waitFor();
    await page.getByLabel("Times in").selectOption("Asia/Tokyo");
    if (!javaScript) await page.getByRole("button", { name: "Show" }).click();
    await time.getByText(hourIn("Asia/Tokyo", slot.startsAt), { exact: true }).waitFor();
    await time.getByText(`theirs ${hourIn(berlin, slot.startsAt)}`).waitFor();
    await page.locator(".day .offset").first().getByText("UTC+09:00").waitFor();
    await page.goto(`/s/${who.slug}?tz=${berlin}&from=${nextChange(slot.startsAt)}`);
    await page.locator(".change", { hasText: "Berlin" }).first().waitFor();
    await close();
  }
}

/** Within another site the times can be looked at, and no cookie is set. */
async function embeddedElsewhere({ browser, server }) {
  const { who } = await pair(server);
  const frame = `<!doctype html><iframe src="${server.url}/embed/${who.slug}" title="Times" width="600" height="800"></iframe>`;
  const elsewhere = createServer((_, answer) => answer.writeHead(200, { "Content-Type": "text/html" }).end(frame));
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  try {
    const { page, context } = await openPage(browser, server);
    await page.goto(`http://localhost:${elsewhere.address().port}/`); // another site than 127.0.0.1
    const time = page.frameLocator("iframe").locator("a.time").first();
    await time.waitFor();
    assert.equal(await time.getAttribute("target"), "_blank");
    await page.frameLocator("iframe").getByLabel("Times in").selectOption("Asia/Tokyo");
    await page.frameLocator("iframe").locator(".day .offset").first().getByText("UTC+09:00").waitFor();
    assert.deepEqual(await context.cookies(), []);
  } finally {
    elsewhere.close();
    elsewhere.closeAllConnections();
  }
}

export const publicFlows = {
  booksAndPaysByMouse, booksAndPaysByKeyboard, withoutJavaScriptUpToPayment, declineAndRetry, challenge, returnsFromItsBank, neverSaysPaidBeforeTheServer,
  holdRunsOut, takenMeanwhile, expiredLogInLeadsBack, errorsAtTheField, zonesAndClockChanges, embeddedElsewhere,
};

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
    ["search-nothing", "/?q=zzzz"],
    ["search-wrong", "/?price=much"],
    ["book-guest", `/s/${world.ada.slug}/book/${world.free}`],
    ["not-found", "/s/nobody-at-all"],
  ];
  const cora = [
    ["book", `/s/${world.ada.slug}/book/${world.free}`],
    ["bookings", "/bookings"],
    ["confirmation", `/bookings/${world.later.id}?done=paid`],
    ["manage", `/bookings/${world.later.id}`],
    ["move", `/bookings/${world.later.id}/reschedule`],
    ["move-confirm", `/bookings/${world.later.id}/reschedule/${world.free}`],
  ];
  const ada = [["own-profile", `/s/${world.ada.slug}`]];
  const dan = [["pay", `/bookings/${world.held.id}/pay`, (page) => page.getByLabel("Card number").waitFor()]];
  const named = (token, rows) => rows.map(([name, path, act]) => ({ name: `public-${name}`, token, path, act, statusMayBe: name === "not-found" ? 404 : 200 }));
  return [...named(undefined, open), ...named(world.cora.token, cora), ...named(world.dan.token, dan), ...named(world.ada.token, ada)];
}
