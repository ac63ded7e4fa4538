// Rows under headings. A column is described once: its heading, which a phone shows in each cell, and what its cells hold.
import type { ComponentChildren } from "preact";

export interface Column<T> {
  head: string;
  cell: (one: T) => ComponentChildren;
  /** Numbers and buttons stand at the end. */
  end?: boolean;
  /** The heading is for readers alone: the cells speak for themselves. */
  unseen?: boolean;
}

/** The first column names its row. */
export function Table<T>({ columns, rows, keyOf, caption }: { columns: Column<T>[]; rows: T[]; keyOf: (one: T) => string; caption?: string }) {
  const [name, ...others] = columns;
  return (
    <div class="table-box">
      <table class="table">
        {caption && <caption class="sr">{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={column.end && !column.unseen ? "end" : undefined}>
                {column.unseen ? <span class="sr">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={keyOf(one)}>
              <th scope="row">{name?.cell(one)}</th>
              {others.map((column) => (
                <td key={column.head} class={column.end ? "end" : undefined} data-label={column.unseen ? undefined : column.head}>
                  {column.cell(one)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
