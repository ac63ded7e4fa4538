// The badge of verified specialists: given and taken.
import { deleteAdminSpecialistsIdVerification, getAdminUsers, putAdminSpecialistsIdVerification } from "../generated/client";
import { t } from "../lib/language";
import { profilePage } from "../lib/places";
import { changed, usePages } from "../lib/resource";
import { Action, Empty, Face, Listed, PageHead } from "../ui/parts";
import { isAdmin } from "./power";

export function Specialists() {
  const list = usePages("users:specialists", (cursor) => getAdminUsers({ userType: "specialist", cursor }));
  const act = (run: Promise<unknown>) => run.then(() => changed("users"));
  return (
    <>
      <PageHead title={t.staffSpecialists.title} lead={t.staffSpecialists.lead} />
      <Listed of={list} empty={<Empty title={t.staffSpecialists.none} />}>
        {(users) => (
          <ul class="rows">
            {users.map((user) => (
              <li key={user.id} class="row">
                <Face name={user.name} image={user.profileImage} />
                <span class="row-main">
                  <b>{user.published && user.slug ? <a href={profilePage(user.slug)}>{user.name}</a> : user.name}</b>
                  <span class="muted">{user.email}</span>
                </span>
                <span class="row-side">
                  <span class={`badge ${user.published ? "ok" : "off"}`}>{user.published ? t.profile.isPublished : t.profile.notPublished}</span>
                  {user.hasBadge && <span class="badge calm">{t.staffSpecialists.hasBadge}</span>}
                </span>
                {isAdmin() && user.specialistId && (
                  <Action
                    kind="small"
                    done={user.hasBadge ? t.staffSpecialists.taken : t.staffSpecialists.given}
                    label={`${user.hasBadge ? t.staffSpecialists.take : t.staffSpecialists.give}: ${user.name}`}
                    run={() => act(user.hasBadge ? deleteAdminSpecialistsIdVerification(user.specialistId!) : putAdminSpecialistsIdVerification(user.specialistId!))}
                  >
                    {user.hasBadge ? t.staffSpecialists.take : t.staffSpecialists.give}
                  </Action>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}
