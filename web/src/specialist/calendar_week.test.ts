// Entries that meet share the width of their day.
import { expect, test } from "vitest";
import type { Entry } from "./calendar_entries";
import { placed } from "./calendar_week";

const entry = (from: number, to: number): Entry => ({ id: `${from}-${to}`, day: "2026-03-02", from, to, slot: {} as Entry["slot"] });
const lanes = (...spans: [number, number][]) => placed(spans.map(([from, to]) => entry(from, to))).map((one) => [one.lane, one.lanes]);

test("entries that follow each other have the whole width", () => expect(lanes([0, 60], [60, 120])).toEqual([[0, 1], [0, 1]]));
test("two that meet have half each", () => expect(lanes([0, 60], [30, 90])).toEqual([[0, 2], [1, 2]]));
test("a lane is free again when its entry is over", () => expect(lanes([0, 30], [0, 90], [30, 60])).toEqual([[0, 2], [1, 2], [0, 2]]));
test("a later group does not suffer from an earlier one", () => expect(lanes([0, 60], [0, 60], [60, 120])).toEqual([[0, 2], [1, 2], [0, 1]]));
