// What was earned: figures, a chart by month, the same as a table and as CSV. Months are those of UTC, as the API counts them.
import { useLayoutEffect, useRef } from "preact/hooks";
import { now, downloadCsv } from "../api/http";
import { getSpecialistsMeEarnings } from "../generated/client";
import type { CurrencyEarnings, MonthEarnings } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import { useResource } from "../lib/resource";
import { setQuery, useLocation } from "../lib/router";
import { addMonths, firstOfMonth } from "../lib/time";
import { Action, Choices, Empty, Loaded, PageHead } from "../ui/parts";
import { Table } from "../ui/table";

const dayNow = () => new Date(now()).toISOString().slice(0, 10);

/** Every month of the span, those without money too, so that the chart's axis is time. */
function monthsOf(earnings: CurrencyEarnings, from: string | undefined): MonthEarnings[] {
  const first = from ?? earnings.byMonth[0]?.month;
  if (!first) return [];
  const known = new Map(earnings.byMonth.map((row) => [row.month, row]));
  const months: MonthEarnings[] = [];
  for (let day = first.slice(0, 7) + "-01"; day <= dayNow(); day = addMonths(day, 1))
    months.push(known.get(day.slice(0, 7)) ?? { month: day.slice(0, 7), totalEarnings: 0, transactionCount: 0 });
  return months;
}

const height = 200;
const barWidth = 44;
const gap = 12;
const left = 72;
const foot = 28;

/** A round number of minor units at or above the highest bar. */
function ceiling(highest: number): number {
  if (highest <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 2.5, 5, 10].map((step) => step * size).find((step) => step >= highest)!;
}

function Chart({ months, currency }: { months: MonthEarnings[]; currency: string }) {
  const top = ceiling(Math.max(...months.map((row) => row.totalEarnings)));
  const width = left + months.length * (barWidth + gap);
  const box = useRef<HTMLDivElement>(null);
  // The latest months are what one comes for: a chart that is wider than the screen begins with them.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollLeft = box.current.scrollWidth;
  }, [months.length]);
  const y = (value: number) => height - (Math.max(value, 0) / top) * (height - 12);
  return (
    <div class="chart" ref={box} tabIndex={0} role="region" aria-label={t.earnings.chart}>
      <svg viewBox={`0 0 ${width} ${height + foot}`} width={width} height={height + foot} role="img" aria-label={t.earnings.chartLabel(format.money(top, currency))}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line class="grid" x1={left} x2={width} y1={y(top * part)} y2={y(top * part)} />
            <text class="axis" x={left - 8} y={y(top * part) + 4} text-anchor="end">
              {format.money(top * part, currency)}
            </text>
          </g>
        ))}
        {months.map((row, i) => {
          const x = left + gap / 2 + i * (barWidth + gap);
          return (
            <g key={row.month}>
              <rect class="bar-mark" x={x} y={y(row.totalEarnings)} width={barWidth} height={height - y(row.totalEarnings)} rx={4}>
                <title>{`${format.monthLong(row.month + "-01")}: ${format.money(row.totalEarnings, currency)}`}</title>
              </rect>
              <text class="axis" x={x + barWidth / 2} y={height + 18} text-anchor="middle">
                {format.monthShort(row.month + "-01")}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function OfCurrency({ earnings, from }: { earnings: CurrencyEarnings; from?: string }) {
  const { currency } = earnings;
  const months = monthsOf(earnings, from);
  return (
    <section class="card">
      <h2>{currency}</h2>
      <dl class="tiles">
        <div class="tile">
          <dt>{t.earnings.total}</dt>
          <dd>{format.money(earnings.totalEarnings, currency)}</dd>
        </div>
        <div class="tile">
          <dt>{t.earnings.pending}</dt>
          <dd>{format.money(earnings.pendingPayout, currency)}</dd>
        </div>
        <div class="tile">
          <dt>{t.earnings.paidOut}</dt>
          <dd>{format.money(earnings.paidOut, currency)}</dd>
        </div>
        <div class="tile">
          <dt>{t.earnings.payments}</dt>
          <dd>{format.number(earnings.transactionCount)}</dd>
        </div>
      </dl>
      {months.length > 0 && (
        <>
          <Chart months={months} currency={currency} />
          <Table
            rows={[...earnings.byMonth].reverse()}
            keyOf={(row) => row.month}
            caption={t.earnings.tableLabel(currency)}
            columns={[
              { head: t.earnings.month, cell: (row) => format.monthLong(row.month + "-01") },
              { head: t.earnings.payments, end: true, cell: (row) => format.number(row.transactionCount) },
              { head: t.earnings.earned, end: true, cell: (row) => format.money(row.totalEarnings, currency) },
            ]}
          />
        </>
      )}
    </section>
  );
}

export function EarningsPage() {
  const { query } = useLocation();
  const range = query.get("range") ?? "year";
  const from = range === "all" ? undefined : range === "this" ? dayNow().slice(0, 4) + "-01-01" : addMonths(firstOfMonth(dayNow()), -11);
  const list = useResource(`earnings:${from}`, () => getSpecialistsMeEarnings({ from }));
  return (
    <>
      <PageHead title={t.earnings.title} lead={t.earnings.lead}>
        <Action run={() => downloadCsv("/specialists/me/earnings", { from }, "earnings.csv")}>{t.common.csv}</Action>
      </PageHead>
      <Choices
        label={t.earnings.range}
        value={range}
        options={[["year", t.earnings.lastYear], ["this", t.earnings.thisYear], ["all", t.earnings.allTime]]}
        choose={(value) => setQuery({ range: value === "year" ? undefined : value })}
      />
      <Loaded of={list}>
        {(earnings) => (earnings.items.length ? earnings.items.map((one) => <OfCurrency key={one.currency} earnings={one} from={from} />) : <Empty title={t.earnings.none} />)}
      </Loaded>
    </>
  );
}
