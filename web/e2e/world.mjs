// The people and sessions that the pages show: made by the calls that users have, with the sandbox's mail, cards and clock.
import { caller, createStaff, moveClock, sandbox } from "./server.mjs";

export const password = "correct horse battery";

async function tokenFromMail(server, email) {
  const { body } = await sandbox(server, "GET", "/mail?to=" + encodeURIComponent(email));
  return /token=([A-Za-z0-9_-]{43})/.exec(body.items.at(-1).text)[1];
}

/** Somebody registered, with a confirmed address. */
export async function person(server, name, email, userType, timezone) {
  const open = caller(server);
  const { token, user } = await open("POST", "/auth/register", { email, password, name, userType, timezone });
  await moveClock(server, { advance: "PT1S" }); // waits until the mail is out
  await open("POST", "/auth/verify-email", { token: await tokenFromMail(server, email) });
  return { name, email, token, user, call: caller(server, token) };
}

const usual = { enabled: true, startTime: "09:00", endTime: "17:00" };
export const week = { monday: usual, tuesday: usual, wednesday: usual, thursday: usual, friday: usual };

export async function specialist(server, name, email, more = {}) {
  const made = await person(server, name, email, "specialist", more.timezone ?? "Europe/Berlin");
  await made.call("PATCH", "/specialists/me", {
    headline: more.headline ?? "Pricing for small software companies",
    bio: more.bio ?? "Twelve years of setting prices. Bring your numbers; you leave with three experiments to run.",
    specialties: more.specialties ?? ["pricing", "strategy"],
    languages: more.languages ?? ["English", "German"],
    availability: {
      timezone: more.timezone ?? "Europe/Berlin",
      isAvailable: true,
      minBookingNotice: 2,
      bufferTime: 15,
      workingHours: more.workingHours ?? week,
      breakTimes: ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => ({ day, startTime: "12:00", endTime: "13:00" })),
    },
    consulting: { basePrice: more.price ?? 9000, currency: more.currency ?? "EUR", sessionDurations: [60], defaultDuration: 60 },
  });
  const profile = await made.call("GET", "/specialists/me");
  return { ...made, id: profile.id, slug: profile.slug };
}

export async function freeSlots(server, who) {
  const { items } = await caller(server)("GET", `/specialists/${who.id}/slots?limit=500`);
  return items;
}

export async function book(customer, slot, customerNotes) {
  return customer.call("POST", "/bookings", { slotId: slot.id, customerNotes });
}

export async function pay(server, customer, booking, card = "4242424242424242") {
  const asked = await customer.call("POST", `/bookings/${booking.id}/payment`);
  const intent = asked.clientSecret.split("_secret_")[0];
  await sandbox(server, "POST", `/stripe/payment_intents/${intent}/confirm`, { card });
  await moveClock(server, { advance: "PT1S" });
  return asked;
}

/** A practice with a past and a future. */
export async function makeWorld(server) {
  const ada = await specialist(server, "Ada Kessler", "ada@visavis.example");
  const cora = await person(server, "Cora Lindqvist", "cora@visavis.example", "customer", "Europe/Stockholm");
  const dan = await person(server, "Dan Okafor", "dan@visavis.example", "customer", "America/New_York");
  createStaff(server, "root@visavis.example", "Robin Oduya", "admin", password);

  const slots = await freeSlots(server, ada);
  const past = await book(cora, slots[0], "I would like to talk about yearly plans.");
  await pay(server, cora, past);
  const second = await book(dan, slots[2]);
  await pay(server, dan, second);
  const later = await book(cora, slots[9]);
  await pay(server, cora, later);
  const cancelled = await book(dan, slots[14]);
  await pay(server, dan, cancelled);
  await dan.call("POST", `/bookings/${cancelled.id}/cancellation`, { reason: "We are travelling that week." });
  await moveClock(server, { now: new Date(Date.parse(second.endsAt) + 3_600_000).toISOString() });
  await cora.call("POST", `/bookings/${past.id}/review`, { rating: 5, reviewText: "Clear, quick and kind. We changed our prices the same week.", aspects: { expertise: 5, communication: 4 } });
  await ada.call("PATCH", `/bookings/${later.id}`, { specialistNotes: "Look at last year's numbers first." });
  await cora.call("POST", `/bookings/${later.id}/messages`, { text: "Could we start with the enterprise plan?" });
  await ada.call("POST", `/bookings/${later.id}/messages`, { text: "Gladly. Send me the current price list, please." });
  const free = await freeSlots(server, ada);
  const held = await book(dan, free[3]);
  await ada.call("POST", `/slots/${free[6].id}/block`, { reason: "Dentist" });
  await ada.call("POST", "/schedules", {
    type: "custom",
    dateExceptions: [{ date: saturdayAfter(free[20].date), isAvailable: true, slots: [{ startTime: "10:00", endTime: "13:00" }] }],
  });
  await cora.call("POST", `/specialists/${ada.id}/availability-requests`, { from: free[30].startsAt, to: free[31].endsAt, message: "An evening would suit me better." });
  await moveClock(server, { advance: "PT1S" });
  const month = free[Math.floor(free.length / 3)].startsAt.slice(0, 10);
  return { ada, cora, dan, past, second, later, cancelled, held, month, free: free[40].id, admin: { email: "root@visavis.example" } };
}

function saturdayAfter(day) {
  const date = new Date(day + "T00:00:00Z");
  date.setUTCDate(date.getUTCDate() + ((6 - date.getUTCDay() + 7) % 7 || 7));
  return date.toISOString().slice(0, 10);
}
