// The frame around every page: who and where, the way to the others, what is new, and the live connection.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { getNotificationsUnreadCount, postAuthLogout } from "../generated/client";
import { t } from "../lib/language";
import { useLive } from "../lib/live";
import { useResource } from "../lib/resource";
import { Link, match, type PageRow, useLocation } from "../lib/router";
import { type Session, SessionContext } from "../lib/session";
import { Announcer } from "../ui/announce";
import { Icon, type IconName } from "../ui/icon";
import { Empty, Face, PageHead } from "../ui/parts";

export interface Role {
  name: string;
  /** `href`: the page is outside the dashboard. */
  menu: { to: string; href?: string; icon: IconName; text: string }[];
  pages: PageRow[];
}

type MenuItem = Role["menu"][number];

function MenuLink({ item, isHere, children }: { item: MenuItem; isHere: boolean; children: ComponentChildren }) {
  if (item.href) return <a href={item.href}>{children}</a>;
  return (
    <Link to={item.to} aria-current={isHere ? "page" : undefined}>
      {children}
    </Link>
  );
}

function Menu({ role, path, unread }: { role: Role; path: string; unread: number }) {
  const isHere = (to: string) => (to === "/" ? path === "/" : path === to || path.startsWith(to + "/"));
  return (
    <ul class="menu">
      {role.menu.map((item) => (
        <li key={item.to}>
          <MenuLink item={item} isHere={isHere(item.to)}>
            <Icon name={item.icon} />
            <span>{item.text}</span>
            {item.to === "/notifications" && unread > 0 && (
              <span class="count">
                {unread > 99 ? "99+" : unread}
                <span class="sr"> {t.notifications.unread}</span>
              </span>
            )}
          </MenuLink>
        </li>
      ))}
    </ul>
  );
}

async function logOut(): Promise<void> {
  await postAuthLogout();
  location.assign("/");
}

function NotFound() {
  return (
    <>
      <PageHead title={t.problems.noPage} />
      <Empty title={t.problems.noPageText}>
        <Link to="/" class="button">
          {t.common.toStart}
        </Link>
      </Empty>
    </>
  );
}

export function Shell({ role, session }: { role: Role; session: Session }) {
  const { path } = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const isLive = useLive();
  const unread = useResource("unread", getNotificationsUnreadCount);
  const isFirst = useRef(true);
  const found = match(role.pages, path);
  const Page = found?.row.page ?? NotFound;

  // A new page is read from its heading on, as after a load.
  useEffect(() => {
    setMenuOpen(false);
    if (!isFirst.current) document.getElementById("title")?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [path]);

  return (
    <SessionContext.Provider value={session}>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById("main")?.focus())}>
        {t.common.skip}
      </a>
      <div class="shell">
        <header class="bar">
          <Link to="/" class="brand">
            <Icon name="brand" />
            <span>Visavis</span>
          </Link>
          <button type="button" class="icon-button menu-button" aria-expanded={menuOpen} aria-controls="side" onClick={() => setMenuOpen(!menuOpen)}>
            <Icon name={menuOpen ? "close" : "menu"} />
            <span class="sr">{t.common.menu}</span>
            {(unread.data?.count ?? 0) > 0 && <i class="dot" />}
          </button>
        </header>
        <nav id="side" class={"side" + (menuOpen ? " open" : "")} aria-label={role.name} onKeyDown={(e) => e.key === "Escape" && setMenuOpen(false)}>
          <Menu role={role} path={path} unread={unread.data?.count ?? 0} />
          <div class="me">
            <Link to="/account" aria-current={path === "/account" ? "page" : undefined}>
              <Face name={session.user.name} image={session.user.profileImage} />
              <span>
                <b>{session.user.name}</b>
                <small>{role.name}</small>
              </span>
            </Link>
            <button type="button" class="quiet" onClick={logOut}>
              <Icon name="leave" />
              {t.common.logOut}
            </button>
          </div>
        </nav>
        <main id="main" tabIndex={-1}>
          {!isLive && (
            <p class="notice warn" role="status">
              {t.common.reconnecting}
            </p>
          )}
          {!session.user.isVerified && (
            <p class="notice warn">
              {t.account.notVerified} <Link to="/account">{t.account.toVerify}</Link>
            </p>
          )}
          <Page key={path} id={found?.id ?? ""} />
        </main>
      </div>
      <Announcer />
    </SessionContext.Provider>
  );
}

