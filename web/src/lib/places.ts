// Addresses of the public pages, which are not part of the dashboard.
import type { Id } from "../generated/records";

export const profilePage = (slug: string): string => `/s/${encodeURIComponent(slug)}`;
export const payPage = (booking: Id): string => `/bookings/${booking}/pay`;
export const calendarFile = (booking: Id): string => `/api/v1/bookings/${booking}/calendar.ics`;
export const directory = "/";
/** Where customers see and manage their bookings; the dashboard has none of its own for them. */
export const ownBookings = "/bookings";
export const ownBooking = (booking: Id): string => `/bookings/${booking}`;
