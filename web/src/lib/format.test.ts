// Money between minor units and what people type: no currency has two digits because most have.
import { expect, test } from "vitest";
import { exponentOf, moneyFrom, moneyInput } from "./format";

test.each([
  ["USD", 2],
  ["JPY", 0],
  ["KWD", 3],
])("%s has %i digits", (currency, digits) => expect(exponentOf(currency)).toBe(digits));

test.each([
  ["90", "USD", 9000],
  ["90.5", "USD", 9050],
  ["90,50", "EUR", 9050],
  ["0", "USD", 0],
  ["0.01", "USD", 1],
  ["90.00", "JPY", 90],
  ["1.234", "KWD", 1234],
  ["", "USD", null],
  ["  ", "USD", null],
])("%j %s", (text, currency, minor) => expect(moneyFrom(text, currency)).toBe(minor));

test.each([
  ["90.001", "USD"],
  ["90.5", "JPY"],
  ["-1", "USD"],
  ["1e3", "USD"],
  ["1,000.00", "USD"],
  ["ninety", "USD"],
  ["99999999999", "USD"],
])("%j %s is no amount", (text, currency) => expect(moneyFrom(text, currency)).toBeNaN());

test("what is shown in a field reads back", () => {
  for (const currency of ["USD", "JPY", "KWD"])
    for (const minor of [0, 1, 10, 99, 100, 12345, 99_999_999]) expect(moneyFrom(moneyInput(minor, currency), currency)).toBe(minor);
});
