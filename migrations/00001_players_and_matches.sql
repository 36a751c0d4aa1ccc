-- Times are milliseconds since 1970. Seeds and hashes are the bits of a uint64
-- in a signed bigint. Ids are made by the server.

-- +goose Up
create table players (
    id         text   not null primary key,
    name       text   not null,
    created_at bigint not null
);

create table matches (
    id         text    not null primary key,
    game       text    not null,
    private    boolean not null,
    version    bigint  not null,
    seats      bigint  not null,
    tick_rate  bigint  not null,
    seed       bigint  not null,
    options    text    not null, -- JSON object of whole numbers
    ticks      bigint  not null,
    state_hash bigint  not null,
    ending     text    not null,
    reason     text    not null,
    started_at bigint  not null,
    ended_at   bigint  not null,
    log        bytea   not null  -- last, so that SQLite reads the rest without walking over it
);

-- The newest first, of all and of one game; read backwards.
create index matches_by_end on matches (ended_at, id);
create index matches_by_game on matches (game, ended_at, id);

-- No reference to players: a match is kept whoever played in it.
create table match_players (
    match_id  text    not null references matches (id) on delete cascade,
    position  bigint  not null, -- in the order of saving: who left and came again is there twice
    player_id text    not null,
    name      text    not null,
    seat      bigint  not null,
    place     bigint  not null,
    score     bigint  not null,
    "left"    boolean not null,
    primary key (match_id, position)
);

create index match_players_by_player on match_players (player_id, match_id);

create table secrets (
    name  text  not null primary key,
    value bytea not null
);
