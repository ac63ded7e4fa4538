// What customers wrote, how it adds up, and one answer to each.
import { useState } from "preact/hooks";
import { getSpecialistsIdReviews, postReviewsIdResponse } from "../generated/client";
import type { PublicReview, SummaryView } from "../generated/records";
import * as format from "../lib/format";
import { AreaField, FormView, saved, SubmitButton, useForm } from "../lib/form";
import { t } from "../lib/language";
import { changed, usePages, useResource } from "../lib/resource";
import { useSession } from "../lib/session";
import { Empty, Listed, Loaded, PageHead, Stars, When } from "../ui/parts";

function Summary({ summary }: { summary: SummaryView }) {
  const most = Math.max(1, ...Object.values(summary.histogram));
  const aspects = Object.entries(summary.aspects) as [keyof typeof t.reviews.aspects, number | undefined][];
  return (
    <section class="card summary">
      <p class="big-figure">
        {format.number(summary.averageRating, 1)} <Stars rating={summary.averageRating} />
        <span class="muted">{t.reviews.count(summary.reviewCount)}</span>
      </p>
      <ol class="histogram" aria-label={t.reviews.histogram}>
        {["5", "4", "3", "2", "1"].map((stars) => (
          <li key={stars}>
            <span>{t.reviews.stars(stars)}</span>
            <meter min={0} max={most} value={summary.histogram[stars] ?? 0} aria-label={t.reviews.stars(stars)} />
            <span class="end">{summary.histogram[stars] ?? 0}</span>
          </li>
        ))}
      </ol>
      <dl class="aspects">
        {aspects.map(([name, mean]) => mean !== undefined && (
          <div key={name}>
            <dt>{t.reviews.aspects[name]}</dt>
            <dd>{format.number(mean, 1)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Respond({ review, done }: { review: PublicReview; done: () => void }) {
  const form = useForm({ specialistResponse: "" }, async (values, key) => {
    await postReviewsIdResponse(review.id, values, { key });
    changed("reviews");
    saved();
    done();
  });
  return (
    <FormView form={form}>
      <AreaField path="/specialistResponse" label={t.reviews.response} hint={t.reviews.responseHint} rows={3} maxLength={5000} />
      <div class="buttons">
        <SubmitButton>{t.reviews.publishResponse}</SubmitButton>
        <button type="button" class="button" onClick={done}>
          {t.common.cancel}
        </button>
      </div>
    </FormView>
  );
}

function One({ review }: { review: PublicReview }) {
  const [answering, setAnswering] = useState(false);
  return (
    <li class="card">
      <p>
        <Stars rating={review.rating} /> <span class="muted"><When at={review.createdAt} offset={false} /></span>
      </p>
      <p class="pre">{review.reviewText || <span class="muted">{t.reviews.noText}</span>}</p>
      {review.specialistResponse ? (
        <blockquote>
          <p class="pre">{review.specialistResponse}</p>
          <footer class="muted">{t.reviews.yourResponse}</footer>
        </blockquote>
      ) : answering ? (
        <Respond review={review} done={() => setAnswering(false)} />
      ) : (
        <button type="button" class="button small" onClick={() => setAnswering(true)}>
          {t.reviews.respond}
        </button>
      )}
    </li>
  );
}

export function Reviews() {
  const { user } = useSession();
  const id = user.specialistId ?? "";
  const summary = useResource("reviews:summary", async () => (await getSpecialistsIdReviews(id, { limit: 1 })).summary);
  const list = usePages("reviews:list", async (cursor) => {
    const page = await getSpecialistsIdReviews(id, { cursor });
    return { items: page.items, nextCursor: page.nextCursor ?? null };
  });
  return (
    <>
      <PageHead title={t.reviews.title} lead={t.reviews.lead} />
      <Loaded of={summary}>{(one) => (one.reviewCount ? <Summary summary={one} /> : null)}</Loaded>
      <Listed of={list} empty={<Empty title={t.reviews.none}><p>{t.reviews.noneHint}</p></Empty>}>
        {(reviews) => (
          <ul class="cards">
            {reviews.map((one) => (
              <One key={one.id} review={one} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}
