// The customer's pages.
import { t } from "../lib/language";
import type { Role } from "../shell/shell";
import { Account } from "../shared/account";
import { Notifications } from "../shared/notifications";
import { ownBookings } from "../lib/places";
import { ToBookings } from "./bookings";
import { Overview } from "./overview";
import { Payments } from "./payments";
import { Preferences } from "./preferences";
import { Receipt } from "./receipt";
import { ReviewPage, ReviewsToWrite } from "./reviews";

export const customer: Role = {
  name: t.roles.customer,
  menu: [
    { to: "/", icon: "home", text: t.overview.title },
    { to: "/bookings", href: ownBookings, icon: "book", text: t.bookings.title },
    { to: "/payments", icon: "card", text: t.payments.title },
    { to: "/reviews", icon: "star", text: t.reviews.toWrite },
    { to: "/notifications", icon: "bell", text: t.notifications.title },
    { to: "/preferences", icon: "settings", text: t.preferences.title },
  ],
  pages: [
    { path: "/", page: Overview },
    { path: "/bookings", page: ToBookings },
    { path: "/bookings/:id", page: ToBookings },
    { path: "/payments", page: Payments },
    { path: "/payments/:id", page: Receipt },
    { path: "/reviews", page: ReviewsToWrite },
    { path: "/reviews/:id", page: ReviewPage },
    { path: "/notifications", page: Notifications },
    { path: "/preferences", page: Preferences },
    { path: "/account", page: Account },
  ],
};
