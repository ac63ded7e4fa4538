// Addresses of the public pages, which are not part of the dashboard.
import type { Id } from "../generated/records";

export const profilePage = (slug: string): string => `/s/${encodeURIComponent(slug)}`;
export const payPage = (booking: Id): string => `/bookings/${booking}/pay`;
export const calendarFile = (booking: Id): string => `/api/v1/bookings/${booking}/calendar.ics`;
export const directory = "/";
