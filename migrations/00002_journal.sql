-- The journal of running rooms, and who has them. Leases end by the database's
-- clock, in milliseconds since 1970.

-- +goose Up
create table servers (
    name       text   not null primary key,
    address    text   not null,
    epoch      bigint not null, -- grows; who has a smaller one is fenced
    expires_at bigint not null
);

create table rooms (
    id        text   not null primary key,
    number    bigint not null unique, -- a hash of the id, which is four times as long
    game      text   not null,
    opened_at bigint not null,
    server    text   not null, -- '' while none has it
    freed_at  bigint not null, -- since when none has, or had before this one
    head      bytea  not null
);

-- Of one server, and the free ones: who waits longest first.
create index rooms_by_server on rooms (server, freed_at);

-- No reference to rooms: the database would check each chunk. Chunks and rooms
-- are written and go under the same lock of their server.
create table journal (
    room  bigint  not null, -- its number
    n     bigint  not null,
    saved boolean not null,
    data  bytea   not null
);

-- An index, and no primary key: SQLite would sort the chunks themselves by it.
create unique index journal_by_room on journal (room, n);
