-- How the servers of one database know of each other: how each is, and which
-- rooms it has as they are seen from outside.

-- +goose Up
alter table servers add column public text not null default '';
alter table servers add column load bigint not null default 0;
alter table servers add column "full" boolean not null default false;
alter table servers add column reported boolean not null default false; -- by who has the epoch

create table cards (
    number    bigint  not null primary key, -- as of rooms
    room      text    not null,
    server    text    not null, -- who showed it, and
    epoch     bigint  not null, -- under which lease: that of another epoch is not good
    code      text    not null,
    game      text    not null,
    status    text    not null,
    terms     text    not null,
    listed    boolean not null,
    joinable  boolean not null,
    closed_at bigint  not null, -- 0 while its room is not; no other time: an index of it would be written with each Show
    players   text    not null, -- JSON array of texts; each is in card_players too
    body      bytea   not null
);

-- Of one server, the newest rooms first: those of several are put together. There
-- is none by server or room alone: a database that is wrong about how many there
-- are would take it, and read all cards of a server, or of all servers.
create index cards_listed on cards (server, room) where listed;
create index cards_listed_by_game on cards (server, game, room) where listed;
create index cards_listed_by_status on cards (server, status, room) where listed;
create index cards_joinable on cards (server, terms, room) where joinable;

create index cards_by_code on cards (code, server, room);
create index cards_closed on cards (closed_at) where closed_at > 0;

-- Which rooms a player is found in.
create table card_players (
    card   bigint not null references cards (number) on delete cascade,
    player text   not null,
    primary key (card, player)
);

create index card_players_by_player on card_players (player, card);

-- A running room's chunks stay until its match is kept: where it is played
-- forward from is found by itself.
create index journal_saved on journal (room, n) where saved;
