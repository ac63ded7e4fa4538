// What several files of flows begin with.
import { book, freeSlots, pay, person, specialist } from "./world.mjs";

/** Addresses that nobody has, for one file of flows. */
export function addressOf(host) {
  let count = 0;
  return (name) => `${name}${++count}@${host}.example`;
}

/** The amount as the page of a British browser writes it. */
export const euros = (minor) => new Intl.NumberFormat("en-GB", { style: "currency", currency: "EUR" }).format(minor / 100);

const address = addressOf("paid");

/** A confirmed, paid booking of two new people. */
export async function paidBooking(server, at = 20) {
  const who = await specialist(server, "Mara Lenz", address("mara"));
  const guest = await person(server, "Jon Berg", address("jon"), "customer", "Europe/Berlin");
  const booking = await book(guest, (await freeSlots(server, who))[at]);
  await pay(server, guest, booking);
  return { who, guest, booking };
}
