package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
)

// playersAStatement is how many players one insert takes: eight values each
// are far below the 32,766 that SQLite allows, and most matches fit into one.
const playersAStatement = 100

// matchRow is a row of matches, without the log.
type matchRow struct {
	ID        string
	Game      string
	Private   bool
	Version   int
	Seats     int
	TickRate  int
	Seed      int64 // the bits of a uint64
	Options   string
	Ticks     int64
	StateHash int64 // the bits of a uint64
	Ending    string
	Reason    string
	StartedAt int64
	EndedAt   int64
}

// matchColumns are those of matchRow.
const matchColumns = `id, game, private, version, seats, tick_rate, seed, options, ticks, state_hash, ending, reason, started_at, ended_at`

type matchPlayerRow struct {
	MatchID  string
	PlayerID string
	Name     string
	Seat     int
	Place    int
	Score    int
	Left     bool
}

// SaveMatch keeps a match that ended, with its players and log, all or
// nothing, and once: whoever comes second waits for the first and finds it.
func (s *Store) SaveMatch(ctx context.Context, m store.Match) error {
	return s.write(ctx, "save match", func(ctx context.Context, tx Tx) error {
		return saveMatch(ctx, tx, m)
	})
}

func saveMatch(ctx context.Context, tx Querier, m store.Match) error {
	options := []byte("{}")
	if len(m.Options) > 0 {
		var err error
		if options, err = json.Marshal(m.Options); err != nil {
			return fmt.Errorf("options: %w", err)
		}
	}
	_, err := value[string](ctx, tx,
		`insert into matches (`+matchColumns+`, log)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict (id) do nothing returning id`,
		m.ID, m.Game, m.Private, m.Version, m.Seats, m.TickRate, int64(m.Seed), string(options),
		int64(m.Ticks), int64(m.StateHash), string(m.Ending), m.Reason, milli(m.StartedAt), milli(m.EndedAt), blob(m.Log))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // it is there
	}
	if err != nil {
		return err
	}
	position := 0
	for players := range slices.Chunk(m.Players, playersAStatement) {
		if err := savePlayers(ctx, tx, m.ID, position, players); err != nil {
			return err
		}
		position += len(players)
	}
	return nil
}

func savePlayers(ctx context.Context, tx Querier, matchID string, position int, players []store.MatchPlayer) error {
	var l list
	rows := make([]string, len(players))
	for i, p := range players {
		rows[i] = l.group(matchID, position+i, p.PlayerID, p.Name, p.Seat, p.Place, p.Score, p.Left)
	}
	return exec(ctx, tx,
		`insert into match_players (match_id, position, player_id, name, seat, place, score, "left") values `+strings.Join(rows, ", "),
		l.args...)
}

// Match reads one, without its log.
func (s *Store) Match(ctx context.Context, id string) (m store.Match, err error) {
	err = s.call(ctx, "read match", func(ctx context.Context) error {
		rows, err := all[matchRow](ctx, s.db, `select `+matchColumns+` from matches where id = $1`, id)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return pgx.ErrNoRows
		}
		found, err := s.withPlayers(ctx, rows)
		if err == nil {
			m = found[0]
		}
		return err
	})
	return m, err
}

// MatchLog reads the log alone.
func (s *Store) MatchLog(ctx context.Context, id string) (log []byte, err error) {
	err = s.call(ctx, "read match log", func(ctx context.Context) error {
		log, err = value[[]byte](ctx, s.db, `select log from matches where id = $1`, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return blob(log), nil
}

// Matches lists the newest first, without logs.
func (s *Store) Matches(ctx context.Context, q store.MatchQuery) (found []store.Match, err error) {
	sql, args := matchesQuery(q)
	err = s.call(ctx, "list matches", func(ctx context.Context) error {
		rows, err := all[matchRow](ctx, s.db, sql, args...)
		if err == nil {
			found, err = s.withPlayers(ctx, rows)
		}
		return err
	})
	return found, err
}

// matchesQuery writes the select. Only what restricts is in it, so that each
// database finds the index for it.
func matchesQuery(q store.MatchQuery) (sql string, args []any) {
	var l list
	where := make([]string, 0, 4)
	if q.Game != "" {
		where = append(where, "game = "+l.add(q.Game))
	}
	if q.PlayerID != "" {
		where = append(where, "id in (select match_id from match_players where player_id = "+l.add(q.PlayerID)+")")
	}
	switch {
	case q.All:
	case q.Viewer == "":
		where = append(where, "not private")
	default:
		where = append(where, "(not private or exists (select 1 from match_players where match_id = matches.id and player_id = "+l.add(q.Viewer)+"))")
	}
	if q.Before != nil {
		where = append(where, "(ended_at, id) < "+l.group(milli(q.Before.EndedAt), q.Before.ID))
	}
	sql = "select " + matchColumns + " from matches" + whereAll(where) + " order by ended_at desc, id desc limit " + l.add(q.Page())
	return sql, l.args
}

// withPlayers makes matches of rows, each with who played in it. A match never
// changes once it is there, so the two reads need no transaction.
func (s *Store) withPlayers(ctx context.Context, rows []matchRow) ([]store.Match, error) {
	matches := make([]store.Match, len(rows))
	byID := make(map[string]*store.Match, len(rows))
	ids := make([]any, len(rows))
	for i, row := range rows {
		m, err := row.match()
		if err != nil {
			return nil, err
		}
		matches[i], byID[m.ID], ids[i] = m, &matches[i], m.ID
	}
	if len(rows) == 0 {
		return matches, nil
	}
	var l list
	players, err := all[matchPlayerRow](ctx, s.db,
		`select match_id, player_id, name, seat, place, score, "left" from match_players
		where match_id in `+l.group(ids...)+`
		order by match_id, place = 0, place, seat, position`, l.args...)
	if err != nil {
		return nil, err
	}
	for _, p := range players {
		m := byID[p.MatchID]
		m.Players = append(m.Players, store.MatchPlayer{
			PlayerID: p.PlayerID, Name: p.Name, Seat: p.Seat, Place: p.Place, Score: p.Score, Left: p.Left,
		})
	}
	return matches, nil
}

func (r matchRow) match() (store.Match, error) {
	options := map[string]int{}
	if err := json.Unmarshal([]byte(r.Options), &options); err != nil {
		return store.Match{}, fmt.Errorf("options of match %s: %w", r.ID, err)
	}
	return store.Match{
		ID: r.ID, Game: r.Game, Private: r.Private,
		Version: r.Version, Seats: r.Seats, TickRate: r.TickRate, Seed: uint64(r.Seed), Options: options,
		Ticks: uint32(r.Ticks), StateHash: uint64(r.StateHash), Ending: store.Ending(r.Ending), Reason: r.Reason,
		StartedAt: moment(r.StartedAt), EndedAt: moment(r.EndedAt),
	}, nil
}
