// The specialist's pages.
import { t } from "../lib/language";
import type { Role } from "../shell/shell";
import { Account } from "../shared/account";
import { BookingList } from "./booking_list";
import { BookingPage } from "./booking_page";
import { Notifications } from "../shared/notifications";
import { Calendar } from "./calendar";
import { Connections } from "./connections";
import { Customers } from "./customers";
import { EarningsPage } from "./earnings";
import { Hours } from "./hours";
import { Overview } from "./overview";
import { Profile } from "./profile";
import { Reviews } from "./reviews";
import { Requests } from "./requests";
import { SchedulePage } from "./schedule_page";

export const specialist: Role = {
  name: t.roles.specialist,
  menu: [
    { to: "/", icon: "home", text: t.overview.title },
    { to: "/calendar", icon: "calendar", text: t.calendar.title },
    { to: "/hours", icon: "clock", text: t.hours.title },
    { to: "/bookings", icon: "book", text: t.bookings.title },
    { to: "/customers", icon: "people", text: t.customers.title },
    { to: "/earnings", icon: "chart", text: t.earnings.title },
    { to: "/reviews", icon: "star", text: t.reviews.title },
    { to: "/notifications", icon: "bell", text: t.notifications.title },
    { to: "/profile", icon: "person", text: t.profile.title },
    { to: "/connections", icon: "link", text: t.connections.title },
  ],
  pages: [
    { path: "/", page: Overview },
    { path: "/calendar", page: Calendar },
    { path: "/hours", page: Hours },
    { path: "/hours/:id", page: SchedulePage },
    { path: "/bookings", page: BookingList },
    { path: "/bookings/requests", page: Requests }, // where mails and notifications lead to
    { path: "/bookings/:id", page: BookingPage },
    { path: "/customers", page: Customers },
    { path: "/earnings", page: EarningsPage },
    { path: "/reviews", page: Reviews },
    { path: "/notifications", page: Notifications },
    { path: "/profile", page: Profile },
    { path: "/connections", page: Connections },
    { path: "/account", page: Account },
  ],
};
