-- Row-level security for what Outflow delivers into PostgreSQL: a query "as this person" returns only what they may read.
--
-- Run it once, as the owner of the tables, after the first `outflow run`:
--
--   psql "$DATABASE" -v ON_ERROR_STOP=1 -1 -f row-level-security.sql
--   psql "$DATABASE" -c "select outflow_access.set_key('a long random secret that your application knows')"
--
-- It may be run again. For other tables than public.elements and public.elements_documents, or another role than
-- wiki_reader, replace those names in it. docs/destinations/postgres.md explains how an application uses it.

create schema if not exists outflow_access;
revoke all on schema outflow_access from public;

-- The key that your application signs with, in the two forms that HMAC needs (RFC 2104). Only the owner may look.
create table if not exists outflow_access.key (
  only_one boolean primary key default true check (only_one),
  inner_pad bytea not null,
  outer_pad bytea not null
);
revoke all on outflow_access.key from public;

-- Sets or changes the key. Tokens signed with the one before are refused from then on.
create or replace function outflow_access.set_key(secret text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  given bytea := convert_to(secret, 'UTF8');
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  if coalesce(length(given), 0) < 32 then
    raise exception 'The key is shorter than 32 bytes.';
  end if;
  if length(given) > 64 then
    given := sha256(given);
  end if;
  for i in 0 .. length(given) - 1 loop
    inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(given, i));
    outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(given, i));
  end loop;
  insert into outflow_access.key values (true, inner_pad, outer_pad)
  on conflict (only_one) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad;
end $$;
revoke all on function outflow_access.set_key(text) from public;

-- One part of a token as bytes: base64 in its form for URLs, without padding.
create or replace function outflow_access.part(token text, n integer) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select decode(rpad(part, (length(part) + 3) / 4 * 4, '='), 'base64')
  from (select translate(split_part(token, '.', n), '-_', '+/') as part) as parts
$$;
revoke all on function outflow_access.part(text, integer) from public;

-- Everything that whoever the setting outflow.token names is listed under in the column readers. The setting holds a JSON Web
-- Token (HS256) with the claims
--   sub     the person's id as Confluence knows it (Cloud: account id; Data Center: user key); left out for a visitor
--   groups  ids of their groups (Cloud: group ids; Data Center: group names), and ALL_LICENSED_USERS or ALL_PRODUCT_ADMINS
--           for those who have access to Confluence or administer it
--   exp     when it ends, in seconds since 1970
-- Without a token: nobody, so no rows. With a token that is not right: an error, so no rows.
create or replace function outflow_access.readers() returns text[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  token text := coalesce(current_setting('outflow.token', true), '');
  signed bytea := convert_to(split_part(token, '.', 1) || '.' || split_part(token, '.', 2), 'UTF8');
  signature bytea;
  claims jsonb;
begin
  if token = '' then
    return '{}';
  end if;
  select sha256(outer_pad || sha256(inner_pad || signed)) into signature from outflow_access.key;
  -- Compared by their digests, so that how long it takes tells nothing of the signature.
  if signature is null or sha256(signature) <> sha256(outflow_access.part(token, 3)) then
    raise insufficient_privilege using message = 'outflow.token is not signed with the key of outflow_access.set_key.';
  end if;
  claims := convert_from(outflow_access.part(token, 2), 'UTF8')::jsonb;
  if coalesce((claims ->> 'exp')::numeric, 0) <= extract(epoch from clock_timestamp()) then
    raise insufficient_privilege using message = 'outflow.token has ended, or has no end (exp).';
  end if;
  return array['group:ANONYMOUS_USERS']
    || case when claims ->> 'sub' is null then '{}'
            else array['group:AUTHENTICATED_USERS', 'user:' || (claims ->> 'sub')] end
    || array(select 'group:' || name from jsonb_array_elements_text(coalesce(claims -> 'groups', '[]')) as name);
end $$;
revoke all on function outflow_access.readers() from public;

-- The role that your application reads as. Give it a password and the right to log in, or grant it to the role that has them.
do $$ begin
  if not exists (select from pg_roles where rolname = 'wiki_reader') then
    create role wiki_reader nologin;
  end if;
end $$;
grant usage on schema outflow_access to wiki_reader;
grant execute on function outflow_access.readers() to wiki_reader;
grant usage on schema public to wiki_reader;
grant select on public.elements, public.elements_documents to wiki_reader;

-- The subselects make PostgreSQL ask for the readers once a query. Both policies say the whole condition, so that neither table
-- opens when somebody takes the policy of the other away.
alter table public.elements_documents enable row level security;
drop policy if exists readers on public.elements_documents;
create policy readers on public.elements_documents for select to wiki_reader
  using (readers && (select outflow_access.readers()));

alter table public.elements enable row level security;
drop policy if exists readers on public.elements;
create policy readers on public.elements for select to wiki_reader
  using (record_id in (
    select d.id from public.elements_documents d where d.readers && (select outflow_access.readers())
  ));
