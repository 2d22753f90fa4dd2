/**
 * The tables that a destination writes to, as whoever reads from them sees them.
 *
 * @module
 */

import { Pool } from 'pg'

export interface TablesOfDestination {
  /** Of a connector that writes here. */
  readonly settings: Readonly<Record<string, string | number>>
  /** All rows of each document by its id, as text; without the time at which they were made, and without the ids of rows. */
  read(table: string): Promise<ReadonlyMap<string, string>>
  /** Makes a table like another one, where each document takes so many seconds. */
  makeSlow(table: string, like: string, seconds: number): Promise<void>
  /** How often each document was written since the table was made slow, of those that were written. */
  writes(table: string): Promise<ReadonlyMap<string, number>>
  query(text: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

export async function openTables(url: string): Promise<TablesOfDestination> {
  const pool = new Pool({ connectionString: url, max: 2 })
  // The server is started again while a connection is idle.
  pool.on('error', () => {})
  const { hostname, port, pathname, username, password } = new URL(url)
  const query = async (text: string) => (await pool.query<Record<string, unknown>>(text)).rows
  return {
    query,
    settings: {
      ...{ host: hostname, port: Number(port), database: pathname.slice(1), username },
      password: decodeURIComponent(password),
    },
    async read(table) {
      const rows = await query(`
        select d.id, (to_jsonb(d) - 'id')::text || coalesce(string_agg(
          (to_jsonb(e) - 'id' - 'date_processed' #- '{metadata,data_source,date_processed}')::text, E'\\n' order by element_index, e.id), '') as rows
        from ${table}_documents d left join ${table} e on e.record_id = d.id
        group by d.id`)
      const strays = await query(
        `select record_id from ${table} where record_id not in (select id from ${table}_documents)`,
      )
      if (strays.length > 0) throw new Error(`${table} has rows of documents that are not there.`)
      return new Map(rows.map(({ id, rows: text }) => [id as string, text as string]))
    },
    async makeSlow(table, like, seconds) {
      const comment = 'Made by Outflow: one row an element.'
      await query(`
        create table ${table} (like ${like} including all);
        create table ${table}_documents (like ${like}_documents including all);
        comment on table ${table} is '${comment}';
        create table ${table}_writes (id text not null);
        create function ${table}_slowly() returns trigger language plpgsql as $$
          begin
            perform pg_sleep(${seconds});
            insert into ${table}_writes values (new.id);
            return new;
          end $$;
        create trigger slowly before insert on ${table}_documents for each row execute function ${table}_slowly()`)
    },
    async writes(table) {
      const rows = await query(`select id, count(*)::integer as times from ${table}_writes group by id`)
      return new Map(rows.map(({ id, times }) => [id as string, times as number]))
    },
    close: () => pool.end(),
  }
}
