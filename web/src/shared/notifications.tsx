// What has happened, newest first; unread ones stand out.
import { getNotifications, postNotificationsReadAll, putNotificationsIdArchive, putNotificationsIdRead, deleteNotificationsIdRead } from "../generated/client";
import type { Notification } from "../generated/records";
import { t } from "../lib/language";
import { changed, usePages } from "../lib/resource";
import { Link, setQuery, useLocation } from "../lib/router";
import { useSession } from "../lib/session";
import { BookingLink } from "./booking_rows";
import { Action, Choices, Empty, Listed, PageHead, When } from "../ui/parts";

const told = () => changed("notifications", "unread");

function Row({ one }: { one: Notification }) {
  const { user } = useSession();
  const read = () => void (one.isRead || putNotificationsIdRead(one.id).then(told));
  const payment = user.userType === "customer" && one.paymentId ? `/payments/${one.paymentId}` : undefined;
  const page = one.type === "availability_request" ? "/bookings/requests" : payment;
  return (
    <li class={"news" + (one.isRead ? "" : " unread")}>
      <div class="row-main">
        <b>
          {!one.isRead && <span class="sr">{t.notifications.unread}: </span>}
          {one.bookingId ? (
            <BookingLink id={one.bookingId} onClick={read}>
              {one.title}
            </BookingLink>
          ) : page ? (
            <Link to={page} onClick={read}>
              {one.title}
            </Link>
          ) : (
            one.title
          )}
        </b>
        <p class="pre">{one.message}</p>
        <span class="muted">
          <When at={one.createdAt} offset={false} />
        </span>
      </div>
      <div class="row-actions">
        <Action kind="small" run={() => (one.isRead ? deleteNotificationsIdRead(one.id) : putNotificationsIdRead(one.id)).then(told)}>
          {one.isRead ? t.notifications.markUnread : t.notifications.markRead}
          <span class="sr">: {one.title}</span>
        </Action>
        <Action kind="small" done={t.notifications.archived} run={() => putNotificationsIdArchive(one.id).then(told)}>
          {t.notifications.archive}
          <span class="sr">: {one.title}</span>
        </Action>
      </div>
    </li>
  );
}

export function Notifications() {
  const { query } = useLocation();
  const unread = query.get("show") === "unread";
  const list = usePages(`notifications:${unread}`, (cursor) => getNotifications({ unread, cursor }));
  return (
    <>
      <PageHead title={t.notifications.title}>
        <Action run={() => postNotificationsReadAll().then(told)} done={t.notifications.allRead}>
          {t.notifications.readAll}
        </Action>
      </PageHead>
      <Choices
        label={t.notifications.show}
        value={unread ? "unread" : ""}
        options={[["", t.notifications.all], ["unread", t.notifications.onlyUnread]]}
        choose={(show) => setQuery({ show })}
      />
      <Listed of={list} empty={<Empty title={unread ? t.notifications.noneUnread : t.notifications.none} />}>
        {(items) => (
          <ul class="rows">
            {items.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}
