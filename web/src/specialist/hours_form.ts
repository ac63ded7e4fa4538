// The rules of a profile as a form holds them, and back.
import type { Availability, BreakTime, Day, WorkingDay, WorkingHours } from "../generated/records";
import { weekdays } from "../lib/time";

export interface HoursForm {
  timezone: string;
  workingHours: Record<string, WorkingDay>;
  breakTimes: BreakTime[];
  unavailableDates: Day[];
  minBookingNotice?: number;
  maxAdvanceBooking?: number;
  bufferTime?: number;
}

export function formOfHours(own: Availability): HoursForm {
  return {
    timezone: own.timezone ?? "UTC",
    workingHours: Object.fromEntries(weekdays.map((day) => [day, { enabled: false, ...own.workingHours[day] }])),
    breakTimes: own.breakTimes,
    unavailableDates: own.unavailableDates,
    minBookingNotice: own.minBookingNotice,
    maxAdvanceBooking: own.maxAdvanceBooking,
    bufferTime: own.bufferTime,
  };
}

/** Days that are off keep no times: the server wants both or none. */
export function hoursOf(values: HoursForm): WorkingHours {
  return Object.fromEntries(
    Object.entries(values.workingHours).map(([day, row]) => [day, row.enabled ? row : { enabled: false, ...(row.startTime && row.endTime && { startTime: row.startTime, endTime: row.endTime }) }]),
  );
}
